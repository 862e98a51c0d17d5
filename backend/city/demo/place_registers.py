"""What lies in the communities of the demo city: estates, grids, venues, firms, bodies."""

from collections.abc import Iterator

from backend.city.demo.ground import SINCE, Ground, Line, said
from backend.people.areas.models import Area
from backend.people.organizations import credit_codes
from backend.people.organizations.models import Organization

GARDENS = ("花园", "家园", "雅苑", "新村", "公寓", "小区")
FLOWERS = "紫荆 海棠 木棉 椰风 银杏 滨海 丽景 望海 金鹿 南洋 碧湾 明珠".split()  # noqa: SIM905
NUMBERS = "一二三四五六七八九"
KINDS = {"商务楼宇": "大厦", "商圈市场": "广场商户", "行业单位": "事务所", "园区企业": "科技公司"}


def estates(ground: Ground) -> Iterator[Line]:
    """Yield about three a community; one community has none."""
    for area in ground.communities:
        if area is ground.unseen:
            continue
        for name in _gardens(ground, area):
            ground.estates.setdefault(area.id, []).append(name)
            yield _estate(ground, area, name)


def _gardens(ground: Ground, area: Area) -> list[str]:
    flowers = ground.random.sample(FLOWERS, 3)
    return [f"{_short(area)}{one}{ground.random.choice(GARDENS)}" for one in flowers]


def _estate(ground: Ground, area: Area, name: str) -> Line:
    kind = ground.random.choice(("具备条件", "具备条件", "条件暂不成熟，党员较多", ""))
    committee, firm = ground.often(0.6), ground.often(0.8)
    seats = ground.random.choice((5, 7, 9))
    covers = ("建有党组织", "派有党建指导员", "建有党组织", "")
    ready = kind == "具备条件"
    return said(
        name=name, place=area.code, starts_on=SINCE,
        organization=ground.branch_near(area, often=0.8) if ready else "",
        v_class=ground.random.choice(("老旧小区", "其他住宅小区", "高档住宅", "")),
        v_households=ground.random.randint(80, 1900), v_assessment=kind,
        v_functional_organization=f"{name}功能型党支部"
        if kind.endswith("较多") and ground.often(0.7) else "",
        v_owners_committee="是" if committee else "否",
        v_owners_committee_cover=ground.random.choice(covers) if committee else "",
        v_owners_committee_seats=seats if committee else "",
        v_owners_committee_party_seats=seats // 2 if committee else "",
        v_one_head=("是" if ground.often(0.3) else "否") if committee else "",
        v_property_firm="海口示范物业服务有限公司" if firm else "",
        v_property_firm_cover=ground.random.choice(covers) if firm else "",
    )  # fmt: skip


def grids(ground: Ground) -> Iterator[Line]:
    """Yield three a community, under the numbers its office gives them."""
    for area in ground.communities:
        for number in (1, 2, 3):
            code = f"{area.code}-{number:02d}"
            ground.grids.setdefault(area.id, []).append(code)
            services = ground.random.sample(("公共服务", "社会服务", "市场服务", "志愿服务"), 2)
            yield said(
                code=code, name=f"{_short(area)}第{NUMBERS[number - 1]}网格", place=area.code,
                starts_on=SINCE, organization=ground.branch_near(area, often=0.75),
                v_households=ground.random.randint(200, 700), v_services="、".join(services),
            )  # fmt: skip


def venues(ground: Ground) -> Iterator[Line]:
    """Yield one in each district but one, and in most streets and communities."""
    streets = [area for area in ground.streets if ground.often(0.85)]
    communities = [area for place, area in enumerate(ground.communities) if place % 10 != 9]
    for area in (*ground.districts[:-1], *streets, *communities):
        word = "中心" if len(area.code) == 12 else "服务中心"
        yield said(
            name=f"{area.name}党群活动{word}", place=area.code, starts_on=SINCE,
            v_address=f"{_short(area)}路{ground.random.randint(1, 99)}号",
            v_hours="每天8:30—21:00", v_services="组织关系接转\n志愿服务\n议事协商",
            v_practice="是" if ground.often(0.6) else "否",
            v_roster="周一至周五12:00—14:30｜错时上下班｜综合窗口",
            v_out_of_hours="是" if ground.often(0.85) else "否",
        )  # fmt: skip


def workrooms(ground: Ground) -> Iterator[Line]:
    for area in ground.streets:
        yield said(
            name=f"{area.name}代表委员工作室", place=area.code, starts_on=SINCE,
            v_schedule="每月第一个星期三上午", v_deputies="党代表、人大代表",
        )  # fmt: skip


def parks(ground: Ground) -> Iterator[Line]:
    for place, area in enumerate(ground.districts):
        yield said(
            name=f"{area.name}示范产业园", place=area.code, starts_on=SINCE,
            v_working_body="园区党建工作指导站" if place else "",
        )  # fmt: skip


def entities(ground: Ground) -> Iterator[Line]:
    """Yield some five hundred; nearly all of the first district have their organisation."""
    for number in range(round(2.5 * len(ground.communities))):
        area = ground.communities[number % len(ground.communities)]
        kind = [*KINDS][number // len(ground.communities) + number % 2]
        well = area.district_id == ground.communities[0].district_id
        covered = ground.branch_near(area, often=0.97 if well else 0.6)
        yield said(
            code=_credit_code(number), place=area.code, starts_on=SINCE, organization=covered,
            name=f"{_short(area)}{ground.random.choice(FLOWERS)}{KINDS[kind]}{number + 1}号",
            v_type=kind, v_sector="律师" if kind == "行业单位" else "",
            v_instructor="是" if not covered and ground.often(0.7) else "",
        )  # fmt: skip


def _credit_code(number: int) -> str:
    """Return the code of no firm: its division is none that registers any."""
    first = f"91999999M{number:08d}"
    return first + credit_codes.check_character(first + "0")


def bodies(ground: Ground) -> Iterator[Line]:
    """Yield joint meetings where the demo's units have none, great committees, some of estates."""
    for place, area in enumerate((*ground.districts, *ground.streets, *ground.communities)):
        if place % 8 != 7 and area not in ground.home:
            ground.meetings.append(area)
            yield _body(area, "党建联席会议", f"{area.name}党建联席会议")
        if len(area.code) == 9 and ground.often(0.7):
            yield _body(area, "街道大工委", f"{area.name}大工委")
        if area in ground.communities and (area in ground.home or place % 3):
            ground.committees.append(area)
            yield _body(area, "社区大党委", f"{area.name}大党委")
        for estate in ground.estates.get(area.id, ())[: place % 3]:
            yield _body(area, "小区协调机制", f"{estate}协调机制") | {"parent": estate}


def _body(area: Area, kind: str, name: str) -> Line:
    return said(name=name, place=area.code, starts_on=SINCE, v_type=kind)


def seats(ground: Ground) -> Iterator[Line]:
    """Let the demo's units sit in the great committees of their own communities; all but the first
    in others, too, and in half of the joint meetings."""
    own = dict(zip((area.id for area in ground.home), ground.branches, strict=True))
    guests = ground.branches[1:] or ground.branches
    for place, area in enumerate(ground.committees):
        branch = own.get(area.id, guests[place % len(guests)])
        if area.id in own or place % 2:
            yield said(
                place=area.code, parent=f"{area.name}大党委", unit=unit_of(branch),
                member=ground.members[branch.id], member_branch=branch.name, starts_on=SINCE,
                v_consented_on=SINCE if place % 4 != 3 else "",
            )  # fmt: skip
    for place, area in enumerate(ground.meetings[::2]):
        yield said(place=area.code, parent=f"{area.name}党建联席会议", starts_on=SINCE,
                   unit=unit_of(guests[place % len(guests)]))  # fmt: skip


def unit_of(branch: Organization) -> str:
    """Return what the unit of a branch is called."""
    return branch.name.removeprefix("中共").removesuffix("支部委员会")


def _short(area: Area) -> str:
    for ending in ("社区居民委员会", "居民委员会", "社区", "居委会", "街道办事处", "街道", "镇"):
        if area.name.endswith(ending) and len(area.name) > len(ending):
            return area.name.removesuffix(ending)
    return area.name
