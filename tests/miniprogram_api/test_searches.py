"""Wherever one looks for a name, a title or a place: in any spelling, by pinyin or initials."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Role
from backend.people.members.models import Member
from tests.factories import Make, service_facts
from tests.http_client import ApiClient
from tests.miniprogram_api.test_statements import counted

# However a phone, a spreadsheet or a PDF writes one name, and how people type it.
SPELLINGS = ["黄　小梅", "⻩⼩梅", "小梅\u200b", "huang", "hxm", "huángxiǎoméi", "HUANG xm"]
OTHERS = ["黄大梅", "hdm", "uang", "%"]


class Town:
    """A community whose secretary finds 黄小梅 and 买买提·吕 in each of its lists."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.branch = make.branch()
        self.chief = make.branch_secretary(self.branch)
        for name in ("黄小梅", "买买提•吕"):
            member = make.member(self.branch, name=name)
            self._live_through(make.actor(member))

    def _live_through(self, who: Actor) -> None:
        """Register, serve and have it certified."""
        community = {"community_code": self.community.code}
        made = self.ask("POST", "/registrations", who, 201, community | {"kind": "primary"})
        self.ask("POST", f"/registrations/{made['id']}/acceptance", self.secretary, 200)
        facts = vars(service_facts(clock.now() - timedelta(hours=3)))
        facts = {k: str(v.isoformat() if hasattr(v, "isoformat") else v) for k, v in facts.items()}
        del facts["break_min"]
        body = community | facts | {"is_volunteer_service": True}
        record = self.ask("POST", "/service-records", who, 201, body)
        self.ask("POST", f"/service-records/{record['id']}/confirmation", self.secretary, 200)
        day = clock.today().isoformat()
        since = (clock.today() - timedelta(days=1)).isoformat()
        self.ask("POST", "/me/certificates", who, 201, {"from": since, "to": day})

    def ask(self, method: str, path: str, who: Actor, expect: int, json: Any = None) -> Any:
        return self.client.request(method, path, as_=who, json=json, expect=expect)

    def found(self, path: str, q: str, who: Actor) -> list[str]:
        rows = self.ask("GET", f"{path}{'&' if '?' in path else '?'}q={q}", who, 200)["items"]
        return [(one.get("member") or one)["name"] for one in rows]


@pytest.fixture
def town(client: ApiClient, session: Session, make: Make) -> Town:
    return Town(client, session, make)


LISTS: dict[str, Callable[[Town], tuple[str, Actor]]] = {
    "registrations": lambda town: ("/registrations", town.secretary),
    "records": lambda town: ("/service-records", town.secretary),
    "certificates": lambda town: ("/certificates", town.secretary),
    "invited": lambda town: ("/registered-members", town.secretary),
    "roster": lambda town: (f"/organizations/{town.branch.id}/members", town.chief),
    "home branch": lambda town: ("/registrations?of_own_branch=true", town.chief),
}


@pytest.mark.parametrize("name", LISTS)
def test_people_are_found_however_they_are_typed(town: Town, name: str) -> None:
    path, who = LISTS[name](town)

    for q in SPELLINGS:
        assert town.found(path, q, who) == ["黄小梅"], q
    for q in ("买买提・吕", "买买提.吕", "lv", "lu", "lǚ", "mmtl"):
        assert town.found(path, q, who) == ["买买提•吕"], q
    for q in OTHERS:
        assert town.found(path, q, who) == [], q


def test_a_search_is_paged_like_the_list_it_narrows(town: Town) -> None:
    path = "/service-records?limit=1&with_total=true"
    first = town.ask("GET", f"{path}&q=m", town.secretary, 200)
    rest = town.ask("GET", f"{path}&q=m&cursor={first['next_cursor']}", town.secretary, 200)

    names = [one["member"]["name"] for one in (*first["items"], *rest["items"])]
    assert (names, rest["next_cursor"], rest["total"]) == (["买买提•吕", "黄小梅"], None, 2)


def test_a_certificate_is_found_by_the_number_on_it(town: Town) -> None:
    listed = town.ask("GET", "/certificates", town.secretary, 200)["items"]
    for one in listed:
        typed = f"{one['number'][:6].lower()} {one['number'][6:]}"
        assert town.found("/certificates", typed, town.secretary) == [one["member"]["name"]]


@pytest.mark.parametrize("path", ["/registrations", "/service-records"])
def test_nobody_learns_by_searching_whose_name_is_not_theirs_to_read(town: Town, path: str) -> None:
    district = town.session.get_one(type(town.community), town.community.district_id)
    officer = town.make.officer(Role.DISTRICT_OFFICER, district)

    assert len(town.ask("GET", path, officer, 200)["items"]) == 2
    assert town.ask("GET", f"{path}?q=hxm", officer, 200)["items"] == []


def titles(town: Town, path: str, q: str) -> list[str]:
    rows = town.ask("GET", f"{path}?q={q}", town.chief, 200)["items"]
    return [one["title"] for one in rows]


@pytest.mark.parametrize("path", ["/meetings", "/me/meetings"])
def test_meetings_are_found_by_title_and_place(town: Town, path: str) -> None:
    town.make.meeting(town.branch, title="绿色家园专题讨论", place="开发区（农场）礼堂")
    town.make.meeting(town.branch, title="民主评议")
    for q in ("绿色", "lvse", "lǜsè", "lsjy", "开发区(农场)", "kfq", "ＬＳ"):
        assert titles(town, path, q) == ["绿色家园专题讨论"], q
    assert titles(town, path, "mzpy") == ["民主评议"]
    assert titles(town, path, "%") == []


def test_branches_are_found_by_how_they_read(town: Town) -> None:
    town.branch.name = "海口市税务局机关党支部"
    town.session.flush()
    someone = town.make.unlinked()
    for q in ("税务局", "shuiwuju", "swj", "税　务"):
        rows = town.ask("GET", f"/organizations?q={q}", someone, 200)["items"]
        assert [one["name"] for one in rows] == [town.branch.name], q


def test_what_was_written_before_there_were_readings_is_found_by_name(town: Town) -> None:
    town.session.execute(sa.update(Member).values(found_as=""))

    assert town.found("/registrations", "⻩小梅", town.secretary) == ["黄小梅"]


@pytest.mark.parametrize("name", LISTS)
def test_a_search_runs_no_further_statement(
    town: Town, connection: sa.Connection, name: str
) -> None:
    path, who = LISTS[name](town)
    town.found(path, "hxm", who)  # signs in
    with counted(connection) as searched:
        town.found(path, "m", who)
    with counted(connection) as listed:
        town.ask("GET", path, who, 200)

    assert len(searched) == len(listed)
