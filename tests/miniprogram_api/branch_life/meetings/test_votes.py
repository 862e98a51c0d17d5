"""Votes and elections over HTTP: totals in, verdict out, never who voted how."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.audit.models import AuditEntry
from backend.branch_life.meetings.models import MeetingKind, MeetingMode
from backend.core import clock
from backend.core.actor import Role
from tests.miniprogram_api.branch_life.meetings.scene import Hall

ONLINE = {
    "mode": MeetingMode.ONLINE,
    "online_platform": "腾讯会议",
    "online_url": "https://x.gov.cn",
}


def names(*votes: int) -> list[dict[str, Any]]:
    return [{"name": f"候选人{i}", "yes": yes} for i, yes in enumerate(votes, 1)]


def election(*votes: int, seats: int = 1, papers: int = 10, **more: Any) -> dict[str, Any]:
    ballots = {"issued": papers, "returned": papers, "valid": papers}
    return {
        "kind": "election", "seats": seats, "candidates": names(*votes), "ballots": ballots,
    } | more  # fmt: skip


def exclusion(hall: Hall, who: int = 8, **more: Any) -> dict[str, Any]:
    return {
        "member_id": hall.ids[who], "ground": "abroad", "agreement": "机关党委〔2026〕3号批复",
        "agreed_on": clock.today().isoformat(), "adopted": True,
    } | more  # fmt: skip


def test_a_resolution_passes_by_more_than_half_of_those_due(hall: Hall) -> None:
    hall.seat(7, novice=True)
    passed, failed = hall.vote(yes=6, no=1), hall.vote(yes=5, no=0, abstain=2)

    assert (passed["due"], passed["present"], passed["outcome"]) == (10, 7, "passed")
    assert failed["outcome"] == "not_passed"
    assert len(hall.shown(hall.people[5])["resolutions"]) == 2


def test_the_chair_is_warned_that_nothing_can_pass(hall: Hall) -> None:
    hall.seat(5)
    outlook = {one["kind"]: one for one in hall.shown()["outlook"]}

    assert outlook["ordinary"] == {
        "kind": "ordinary", "due": 10, "present": 5, "least_present": 5, "least_yes": 6,
        "quorate": True, "can_carry": False,
    }  # fmt: skip
    assert outlook["admission"]["quorate"] is False
    assert outlook["election"]["least_present"] == 8
    assert hall.vote(yes=5)["outcome"] == "not_passed"
    assert hall.shown(hall.people[5])["outlook"] == []


def test_too_few_present_make_a_vote_invalid_not_lost(hall: Hall) -> None:
    hall.seat(4)

    assert hall.vote(yes=4)["outcome"] == "invalid"


def test_who_has_no_electoral_right_is_neither_due_nor_present(hall: Hall) -> None:
    hall.members[0].electoral_right = False
    hall.session.flush()
    hall.seat(6)

    vote = hall.vote(yes=5)
    assert (vote["due"], vote["present"], vote["outcome"]) == (9, 5, "passed")


def test_written_opinions_of_absent_members_count_for_admission(hall: Hall) -> None:
    hall.seat(6)

    assert hall.vote(kind="admission", yes=5, no=1)["outcome"] == "not_passed"
    assert hall.vote(kind="admission", yes=5, no=1, written_yes=1)["outcome"] == "passed"
    assert hall.vote(kind="conversion", yes=4, written_yes=2)["outcome"] == "passed"


def test_an_election_needs_four_fifths_and_a_majority_of_those_present(hall: Hall) -> None:
    hall.seat(8)
    vote = hall.vote(**election(6, 5, 4, seats=2, papers=8))

    assert vote["outcome"] == "passed"
    assert [one["elected"] for one in vote["candidates"]] == [True, True, False]
    hall.seat(7)
    hall.ask("PUT", "/attendance", hall.recorder, 200, {"present": [], "absent": [hall.ids[6]]})
    assert hall.vote(**election(7, papers=7))["outcome"] == "invalid"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"yes": 9}, "yes", id="more-votes-than-voters"),
        pytest.param({"yes": 6, "written_yes": 1}, "written_yes", id="written-on-an-ordinary-one"),
        pytest.param(
            {"kind": "admission", "yes": 6, "written_no": 3}, "written_yes", id="more-than-absent"
        ),
        pytest.param({"yes": 6, "seats": 1}, "seats", id="seats-without-election"),
        pytest.param({"kind": "committee_decision", "yes": 6}, "kind", id="of-another-meeting"),
        pytest.param(election(5, ballots=None), "issued", id="election-without-papers"),
        pytest.param(election(5, papers=9), "issued", id="papers-by-proxy"),
        pytest.param(
            election(5, ballots={"issued": 8, "returned": 9, "valid": 8}), "returned",
            id="more-papers-back",
        ),
        pytest.param(
            election(5, ballots={"issued": 8, "returned": 7, "valid": 8}), "valid", id="valid-first"
        ),
        pytest.param(election(8, 1, papers=8), "candidates", id="more-names-than-seats"),
        pytest.param(election(9, papers=8), "valid", id="more-votes-than-papers"),
        pytest.param(election(papers=8), "seats", id="nobody-stands"),
        pytest.param(election(5, papers=8, yes=5), "yes", id="totals-of-an-election"),
        pytest.param(
            election(papers=8, candidates=names(4) + names(4)), "candidates", id="one-name-twice"
        ),
        pytest.param(
            election(
                papers=8,
                candidates=[
                    {"name": "甲", "yes": 5, "no": 1},
                    {"name": "乙", "yes": 2, "written_in": True},
                ],
            ),
            "candidates",
            id="written-in-by-who-voted-for",
        ),
        pytest.param({"yes": 6, "title": ""}, "title", id="nothing-to-decide"),
        pytest.param({"yes": -1}, "yes", id="below-nothing"),
    ],
)  # fmt: skip
def test_totals_that_cannot_be_are_refused_by_field(
    hall: Hall, wrong: dict[str, Any], field: str
) -> None:
    hall.seat(8)

    assert field in hall.vote(422, **wrong)["fields"]
    assert hall.shown()["resolutions"] == []


def test_who_stands_for_election_does_not_count_the_papers(hall: Hall) -> None:
    hall.seat(8)
    stands = [{"name": hall.members[4].name, "yes": 6}]
    body = election(papers=8, candidates=stands, scrutineer_ids=[hall.ids[4]])
    stranger = hall.make.member().id

    assert "scrutineer_ids" in hall.vote(422, **body)["fields"]
    assert "scrutineer_ids" in hall.vote(422, **body | {"scrutineer_ids": [stranger]})["fields"]
    hall.vote(**body | {"scrutineer_ids": [hall.ids[5]]})


def test_who_is_left_out_of_an_election_is_a_decision_of_two_sides(hall: Hall) -> None:
    hall.seat(7)
    before = hall.vote(**election(6, papers=7))
    hall.client.request(
        "POST", f"/resolutions/{before['id']}/voiding", as_=hall.recorder,
        json={"reason": "应到人数有误"}, expect=200,
    )  # fmt: skip
    for wrong in ({"adopted": False}, {"agreed_on": "2999-01-01"}, {"member_id": hall.novice.id}):
        hall.ask("POST", "/exclusions", hall.secretary, 422, exclusion(hall) | wrong)
    hall.ask("POST", "/exclusions", hall.recorder, 403, exclusion(hall))
    row = hall.ask("POST", "/exclusions", hall.secretary, 201, exclusion(hall))
    again = hall.ask("POST", "/exclusions", hall.secretary, 200, exclusion(hall))
    hall.ask("POST", "/exclusions", hall.secretary, 201, exclusion(hall, 7))
    after = hall.vote(**election(6, papers=7))

    assert (before["due"], before["outcome"]) == (10, "invalid")
    assert row["id"] == again["id"]
    assert (after["due"], after["outcome"]) == (8, "passed")
    assert hall.vote(yes=6)["due"] == 10  # an ordinary resolution leaves nobody out
    assert hall.shown(hall.recorder)["exclusions"] == []
    late = hall.ask("DELETE", f"/exclusions/{row['id']}", hall.secretary, 409)
    assert late["code"] == "election_recorded"


def test_an_exclusion_is_taken_back_before_the_election(hall: Hall) -> None:
    row = hall.ask("POST", "/exclusions", hall.secretary, 201, exclusion(hall))
    hall.ask("DELETE", f"/exclusions/{row['id']}", hall.secretary, 204)
    hall.ask("DELETE", f"/exclusions/{row['id']}", hall.secretary, 404)
    hall.seat(8)

    assert hall.vote(**election(6, papers=8))["due"] == 10


def test_nobody_decides_about_the_own_vote(hall: Hall) -> None:
    own = exclusion(hall) | {"member_id": hall.secretary.member_id}
    refused = hall.ask("POST", "/exclusions", hall.secretary, 403, own)
    assert refused["code"] == "not_about_oneself"

    other = hall.make.branch_secretary(hall.branch)
    row = hall.ask("POST", "/exclusions", other, 201, own)
    kept = hall.ask("DELETE", f"/exclusions/{row['id']}", hall.secretary, 403)
    assert kept["code"] == "not_about_oneself"
    hall.ask("DELETE", f"/exclusions/{row['id']}", other, 204)


def test_a_wrong_vote_is_voided_with_its_reason_and_stays_readable(hall: Hall) -> None:
    hall.seat(8)
    vote = hall.vote(yes=6)
    path = f"/resolutions/{vote['id']}/voiding"
    body = {"reason": "计票有误"}
    hall.client.request("POST", path, as_=hall.people[5], json=body, expect=403)
    voided = hall.client.request("POST", path, as_=hall.recorder, json=body, expect=200)
    hall.client.request("POST", path, as_=hall.recorder, json=body, expect=200)
    other = hall.client.request("POST", path, as_=hall.recorder, json={"reason": "又"}, expect=409)
    stranger = hall.make.actor(hall.make.member())
    hall.client.request("POST", path, as_=stranger, json=body, expect=404)

    assert (voided["status"], voided["void_reason"]) == ("voided", "计票有误")
    assert other["code"] == "resolution_state_forbids"
    assert [one["status"] for one in hall.shown()["resolutions"]] == ["voided"]


def test_a_list_changed_under_a_vote_is_not_closed(hall: Hall) -> None:
    hall.seat(6)
    hall.vote(yes=6)
    hall.ask("PUT", "/attendance", hall.recorder, 200, {"present": [], "absent": [hall.ids[2]]})

    assert hall.close(409)["code"] == "vote_outdated"
    hall.seat(6)
    hall.ask("POST", "/attendance", hall.people[7], 200, {})  # who comes later changes nothing
    assert hall.close()["present_voters"] == 7


def test_online_meetings_do_not_vote_until_the_city_allows_it(hall: Hall) -> None:
    hall.meeting = hall.add(**ONLINE)
    hall.seat(8)
    city = hall.make.officer(Role.CITY_OFFICER, hall.make.city())
    street = hall.make.officer(Role.STREET_OFFICER, hall.make.township())
    body = {"allowed": True, "reason": "疫情防控期间"}

    def ask(method: str, who: Any, expect: int, json: Any = None) -> Any:
        return hall.client.request(method, "/online-voting", as_=who, json=json, expect=expect)

    assert ask("GET", hall.recorder, 200) == {"allowed": False, "reason": None, "since": None}
    assert hall.vote(409, yes=6)["code"] == "online_vote_forbidden"
    assert ask("PUT", street, 403, body)["code"] == "not_the_city"
    assert ask("PUT", hall.secretary, 403, body)["code"] == "not_the_city"
    first, again = ask("PUT", city, 200, body), ask("PUT", city, 200, body)
    assert first == again
    assert hall.vote(yes=6)["outcome"] == "passed"
    assert hall.vote(409, **election(6, papers=8))["code"] == "online_election_forbidden"
    ask("PUT", city, 200, {"allowed": False, "reason": "恢复现场会议"})
    assert hall.vote(409, yes=6)["code"] == "online_vote_forbidden"
    audited = sa.select(AuditEntry).where(AuditEntry.action == "online_voting.set")
    assert [one.detail["allowed"] for one in hall.session.scalars(audited)] == [True, False]


def test_a_committee_decides_with_its_own_number(hall: Hall) -> None:
    for member in hall.members[2:5]:
        hall.make.seat(hall.branch, member)
    hall.meeting = hall.add(kind=MeetingKind.COMMITTEE_MEETING, gathering="committee")
    present = [hall.secretary.member_id, hall.ids[0], hall.ids[2]]
    hall.ask("PUT", "/attendance", hall.recorder, 200, {"present": present})

    vote = hall.vote(kind="committee_decision", yes=3)
    assert (vote["due"], vote["present"], vote["outcome"]) == (5, 3, "passed")
    assert "kind" in hall.vote(422, yes=3)["fields"]


def test_study_takes_no_votes(hall: Hall) -> None:
    hall.meeting = hall.add(kind=MeetingKind.PARTY_LECTURE)
    hall.seat(8)

    assert "kind" in hall.vote(422, yes=6)["fields"]


def test_only_the_recorder_counts_and_only_once_it_has_begun(hall: Hall) -> None:
    hall.ask("POST", "/resolutions", hall.people[5], 403, {"title": "决议", "yes": 1})
    hall.meeting = hall.later()

    assert hall.vote(409, yes=0)["code"] == "meeting_not_begun"


def test_a_vote_sent_twice_is_recorded_once(hall: Hall) -> None:
    hall.seat(8)
    key = {"Idempotency-Key": "vote-1"}
    body = {"title": "决议", "yes": 6}
    first, again = (
        hall.ask("POST", "/resolutions", hall.recorder, 201, body, headers=key) for _ in range(2)
    )

    assert first["id"] == again["id"]
    assert len(hall.shown()["resolutions"]) == 1
