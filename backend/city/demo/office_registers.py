"""What the offices of the demo city have issued, listed and connected."""

from collections.abc import Iterator

from backend.city.demo.ground import SINCE, Ground, Line, said
from backend.city.demo.place_registers import unit_of
from backend.core import clock

POWERS = (
    "派驻机构负责人的人事考核权",
    "派驻机构负责人任用的征得同意权",
    "规划参与权",
    "综合管理权",
    "重大决策和重大项目的建议权",
)
PAPER = "示范办〔2021〕{}号"


def policies(ground: Ground) -> Iterator[Line]:
    for place, area in enumerate((ground.city, *ground.districts, *ground.streets)):
        if place % 6 != 5:
            yield said(
                place=area.code,
                name="不忘初心、牢记使命制度",
                starts_on=SINCE,
                v_type="不忘初心、牢记使命制度",
                v_document=PAPER.format(place + 1),
            )
    for area in ground.districts[:-1]:
        yield said(place=area.code, name="社区工作者待遇正常增长办法", starts_on=SINCE,
                   v_type="社区工作者待遇正常增长机制")  # fmt: skip


def responsibilities(ground: Ground) -> Iterator[Line]:
    everywhere = (ground.city, *ground.districts, *ground.streets, *ground.communities)
    for place, area in enumerate(everywhere):
        if place % 8 != 7:
            yield said(place=area.code, name=f"{area.name}党建工作责任清单", starts_on=SINCE,
                       v_duties="研究部署城市基层党建\n组织党建联席会议\n指导网格党建")  # fmt: skip


def powers(ground: Ground) -> Iterator[Line]:
    for place, area in enumerate(ground.streets):
        for power in POWERS[: 3 if place % 5 == 4 else 5]:
            yield said(place=area.code, starts_on=SINCE, v_power=power,
                       v_document=PAPER.format(place + 20))  # fmt: skip


def affairs(ground: Ground) -> Iterator[Line]:
    for area in ground.streets:
        yield said(place=area.code, name="老旧小区加装电梯联审", starts_on=SINCE,
                   v_partners="住建部门\n消防部门")  # fmt: skip


def integrations(ground: Ground) -> Iterator[Line]:
    for place, name in enumerate(("社区综合服务平台", "网格化管理系统", "志愿服务系统")):
        yield said(place=ground.city.code, name=name, starts_on=SINCE, v_live_on="2022-06-01",
                   v_database="是" if place else "否", v_owner="市大数据示范中心")  # fmt: skip


def duty_lists(ground: Ground) -> Iterator[Line]:
    """Yield both of each district but one, which has published but one of the two."""
    kinds = ("部门与街道（镇）权责清单", "社区依法履职事项清单")
    for place, area in enumerate((*ground.districts, ground.city)):
        for kind in kinds[: 1 if place == 1 else 2]:
            yield said(place=area.code, starts_on=SINCE, v_type=kind, v_published_on="2021-03-01")


def duty_items(ground: Ground) -> Iterator[Line]:
    """Yield items of departments: four of the demo's units, never the first."""
    units = [unit_of(branch) for branch in ground.branches[1:5]]
    for place, unit in enumerate(units):
        yield said(place=ground.city.code, parent="部门与街道（镇）权责清单", unit=unit,
                   name=f"示范事项第{place + 1}项", starts_on=SINCE,
                   v_planning="是" if place == 1 else "否")  # fmt: skip


def stamps(ground: Ground) -> Iterator[Line]:
    for name in ("居住情况说明", "亲属关系说明"):
        yield said(place=ground.city.code, name=name, starts_on=SINCE, v_basis="示范清单第1项")


def breakdowns(ground: Ground) -> Iterator[Line]:
    """Yield those of the departments, but for the last."""
    year = clock.today().year
    for branch in ground.branches[1 : min(4, len(ground.branches) - 1)]:
        yield said(
            unit=unit_of(branch), name=f"{year}年任务分解清单", starts_on=f"{year}-01-01",
            until=f"{year}-12-31", v_tasks=f"每季度通报工作进展｜建立台账｜{year}-11",
        )  # fmt: skip


def funds(ground: Ground) -> Iterator[Line]:
    year = clock.today().year
    for place, area in enumerate((ground.city, *ground.districts)):
        yield said(place=area.code, name="城市基层党建工作经费", starts_on=f"{year}-01-01",
                   v_year=year, v_amount=f"{300 - 40 * place}0000")  # fmt: skip


def sites(ground: Ground) -> Iterator[Line]:
    """Yield a tenth of each district's communities and more; one district has 9 %."""
    for place, area in enumerate(ground.districts):
        communities = ground.below(area)
        number = int(len(communities) * (0.09 if place == 2 else 0.15) + (place != 2))
        for one in communities[:number]:
            yield said(place=area.code, area=one.code, starts_on=SINCE, v_status="已命名",
                       v_document=PAPER.format(place + 60))  # fmt: skip
