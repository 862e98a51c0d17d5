"""What meetings a branch has held and owes, over HTTP; its bodies in the ledger."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.branch_life.branch_bodies import committee, groups
from backend.branch_life.meetings import attendance
from backend.branch_life.meetings import service as meetings
from backend.branch_life.meetings.models import MeetingKind
from backend.core import clock
from backend.core.actor import PositionKind, Role
from backend.ledger import service as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack, kind_for
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from tests import ledger as city_ledger
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_scene import Branch, branch_of_eight

MAY = datetime(2026, 5, 10, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def branch(make: Make) -> Branch:
    return branch_of_eight(make)


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=clock.SHANGHAI)


class Life:
    """A branch that elects, founds and meets on given days of 2026."""

    def __init__(self, session: Session, rules: RulePack, branch: Branch) -> None:
        self.session, self.rules, self.branch = session, rules, branch

    def elect(self, on: datetime, *people: int) -> None:
        seats = {self.branch.people[i].id: PositionKind.COMMITTEE_MEMBER for i in people}
        with clock.at(on):
            committee.arrange(
                self.session,
                self.rules,
                actor=self.branch.secretary,
                organization_id=self.branch.row.id,
                seats=seats,
            )

    def found(self, on: datetime, name: str) -> int:
        with clock.at(on):
            return groups.found(
                self.session,
                self.rules,
                actor=self.branch.secretary,
                organization_id=self.branch.row.id,
                name=name,
            ).row.id

    def dissolve(self, on: datetime, group_id: int) -> None:
        with clock.at(on):
            groups.dissolve(
                self.session, self.rules, actor=self.branch.secretary, group_id=group_id
            )

    def meet(self, on: date, kind: str) -> None:
        """Post a meeting of that kind as closing it does."""
        subject = Subject(SubjectKind.ORGANIZATION, self.branch.row.id)
        source = Source("meeting", 1_000_000 + on.toordinal())
        occasion = f"meeting:{kind}:{on}"
        ledger.post(self.session, self.rules, Entry(kind, subject, source, on, on, occasion))

    def bodies_agree(self) -> bool:
        """Whether the ledger's facts, patterns and rollups are what their sources say."""
        found = city_ledger.differences(self.session, self.rules)
        return [line for line in found if "meeting" not in line] == []


@pytest.fixture
def life(session: Session, rules: RulePack, branch: Branch) -> Life:
    return Life(session, rules, branch)


def shown(client: ApiClient, branch: Branch, on: datetime = MAY) -> dict[str, Any]:
    path = f"/organizations/{branch.row.id}/organizational-life?year=2026"
    with clock.at(on):
        answer = client.request("GET", path, as_=branch.secretary, expect=200)
    return {f"{row['title']}{(row['group'] or {}).get('name', '')}": row for row in answer["items"]}


def test_every_kind_is_shown_with_its_source_and_its_periods(
    client: ApiClient, branch: Branch
) -> None:
    rows = shown(client, branch)

    assert [(name, row["period"], len(row["periods"])) for name, row in rows.items()] == [
        ("支部党员大会", "quarter", 4),
        ("党课", "quarter", 4),
        ("支部委员会会议", "month", 12),
        ("组织生活会", "year", 1),
        ("民主评议党员", "year", 1),
        ("主题党日", "month", 12),
    ]
    assert rows["主题党日"]["rule_id"] is None
    assert rows["主题党日"]["source"] == "《中国共产党党员教育管理工作条例》第十六条"
    assert rows["支部委员会会议"]["verdict"] == "not_applicable"
    assert {period["needed"] for period in rows["支部委员会会议"]["periods"]} == {0}


def test_each_period_says_what_was_held_and_what_was_needed(
    client: ApiClient, branch: Branch, life: Life
) -> None:
    life.elect(at(1, 20), 0, 1)
    life.meet(date(2026, 2, 5), "committee_meeting")
    life.meet(date(2026, 2, 6), "members_assembly")
    rows = shown(client, branch)

    found = [(p["held"], p["needed"], p["verdict"]) for p in rows["支部委员会会议"]["periods"]][:6]
    assert found == [
        (0, 0, "not_applicable"),
        (1, 1, "met"),
        (0, 1, "overdue"),
        (0, 1, "overdue"),
        (0, 1, "on_track"),
        (0, 1, "not_due"),
    ]
    first = rows["支部党员大会"]["periods"][0]
    assert (first["from"], first["to"], first["verdict"]) == ("2026-01-01", "2026-03-31", "met")
    assert rows["支部党员大会"]["done"] == 1
    assert life.bodies_agree()


def test_each_group_is_shown_by_itself_also_after_its_end(
    client: ApiClient, branch: Branch, life: Life
) -> None:
    first, second = life.found(at(1, 1), "第一党小组"), life.found(at(2, 10), "第二党小组")
    life.meet(date(2026, 3, 5), kind_for("group_meeting", first))
    life.dissolve(at(4, 20), second)
    rows = shown(client, branch)

    def verdicts(name: str) -> list[str]:
        return [period["verdict"] for period in rows[name]["periods"]][:6]

    assert verdicts("党小组会第一党小组") == [
        "overdue", "overdue", "met", "overdue", "on_track", "not_due"
    ]  # fmt: skip
    nothing = "not_applicable"
    assert verdicts("党小组会第二党小组") == [
        nothing, nothing, "overdue", nothing, nothing, nothing
    ]  # fmt: skip
    assert life.bodies_agree()


def test_a_committee_that_ends_and_begins_again_on_one_day_never_ended(
    client: ApiClient, branch: Branch, life: Life
) -> None:
    life.elect(at(1, 1), 0, 1)
    life.elect(at(3, 10))
    life.elect(at(3, 10), 2, 3)
    rows = shown(client, branch)

    assert [p["needed"] for p in rows["支部委员会会议"]["periods"]] == [1] * 12
    assert life.bodies_agree()


def test_a_new_election_without_a_gap_goes_on(
    branch: Branch, client: ApiClient, life: Life
) -> None:
    life.elect(at(1, 1), 0, 1)
    life.elect(at(3, 10), 2, 3)
    life.elect(at(4, 10))
    life.elect(at(6, 1), 0)
    rows = shown(client, branch)

    assert [p["needed"] for p in rows["支部委员会会议"]["periods"]] == [1] * 3 + [0] * 2 + [1] * 7
    assert life.bodies_agree()


def test_what_is_owed_anew_takes_a_branch_out_of_the_rate(
    client: ApiClient, make: Make, life: Life
) -> None:
    officer = make.officer(Role.CITY_OFFICER, make.city())

    def met() -> int:
        path = "/statistics/duties?area_code=460100&rule_id=1a&year=2026"
        with clock.at(MAY):
            answer = client.request("GET", path, as_=officer, expect=200)
        return int(answer["met"])

    for _ in range(6):
        other = make.branch()
        _all_met(Life(life.session, life.rules, Branch(other, make.branch_secretary(other), [])))
    _all_met(life)
    assert met() == 7
    life.elect(at(4, 1), 0, 1)
    assert met() == 6
    assert life.bodies_agree()


def _all_met(life: Life) -> None:
    for kind, month in (("members_assembly", 1), ("party_lecture", 4)):
        life.meet(date(2026, month, 5), kind)
        life.meet(date(2026, 5 - month, 6), kind)


def test_the_life_of_a_branch_is_for_its_members_and_its_secretary(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    path = f"/organizations/{branch.row.id}/organizational-life"
    client.request("GET", path, as_=make.actor(branch.people[0]), expect=200)
    client.request("GET", path, as_=make.actor(make.member()), expect=404)
    client.request("GET", path, as_=make.officer(Role.CITY_OFFICER, make.city()), expect=404)


def test_a_duty_says_what_it_asks_for_one_by_one(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    member = make.actor(branch.people[0])
    duties = client.request("GET", "/me/duties", as_=member, expect=200)["items"]
    first = next(duty for duty in duties if duty["rule_id"] == "1a")

    assert [check["title"] for check in first["checks"]] == [
        "支部党员大会", "党课", "支部委员会会议", "党小组会"
    ]  # fmt: skip
    assert first["required"] == sum(check["required"] for check in first["checks"])


def test_the_evidence_of_a_rule_is_its_own_kinds_of_meeting(
    client: ApiClient, session: Session, rules: RulePack, make: Make, branch: Branch
) -> None:
    kinds = {"1a": MeetingKind.PARTY_LECTURE, "1c": MeetingKind.ORGANIZATIONAL_LIFE_MEETING}
    begun = clock.now() - timedelta(hours=1)
    held = {
        rule: make.meeting(branch.row, kind=kind, starts_at=begun) for rule, kind in kinds.items()
    }
    for meeting in held.values():
        attendance.attend(session, actor=branch.secretary, meeting_id=meeting.id)
        meetings.close(session, rules, actor=branch.secretary, meeting_id=meeting.id)
    for rule, meeting in held.items():
        path = f"/me/duties/{rule}/evidence"
        shown = client.request("GET", path, as_=branch.secretary, expect=200)
        assert [one["source_id"] for one in shown["counted"]] == [meeting.id]
        assert shown["not_counted"] == []
