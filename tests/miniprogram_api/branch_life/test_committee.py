"""The committee of a branch over HTTP."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.core import clock
from backend.people.members import held
from backend.people.members import queries as members
from backend.people.members.held import Then
from backend.people.members.models import Member, MemberCategory, Position
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_scene import Branch, branch_of_eight

PROBATIONARY = {"category": MemberCategory.PROBATIONARY}


@pytest.fixture
def branch(make: Make) -> Branch:
    return branch_of_eight(make)


def seats(*people: Member, kind: str = "committee_member") -> dict[str, Any]:
    return {"members": [{"member_id": person.id, "kind": kind} for person in people]}


def sitting(answer: dict[str, Any]) -> list[tuple[int, str]]:
    return [(seat["member"]["id"], seat["kind"]) for seat in answer["members"]]


def test_a_branch_begins_without_a_committee(client: ApiClient, branch: Branch) -> None:
    answer = client.request("GET", branch.committee, as_=branch.secretary, expect=200)

    assert answer["members"] == []
    assert answer["notes"] == ["本支部正式党员已有7人以上，一般应设立支部委员会。"]


def test_the_appointed_secretary_sits_on_the_committee_once_it_has_a_member(
    client: ApiClient, session: Session, branch: Branch
) -> None:
    first, second = branch.people[:2]
    client.request(
        "PUT", branch.committee, as_=branch.secretary, json=seats(first, second), expect=200
    )
    answer = client.request("GET", branch.committee, as_=branch.secretary, expect=200)

    assert sitting(answer) == [
        (branch.secretary.member_id, "secretary"),
        (first.id, "committee_member"),
        (second.id, "committee_member"),
    ]
    assert answer["notes"] == []
    found = session.scalars(held.of_committee(branch.row.id, Then(clock.now(), clock.now()))).all()
    assert sorted(found) == sorted(member for member, _ in sitting(answer))


def test_the_same_list_again_changes_nothing(
    client: ApiClient, session: Session, branch: Branch
) -> None:
    body = seats(*branch.people[:3])
    put: dict[str, Any] = {"as_": branch.secretary, "json": body, "expect": 200}
    first = client.request("PUT", branch.committee, **put)
    noted = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))

    assert client.request("PUT", branch.committee, **put) == first
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == noted
    assert session.scalar(sa.select(sa.func.count()).select_from(Position)) == 3


def test_who_is_missing_from_the_list_has_left_today_and_stays_in_the_history(
    client: ApiClient, session: Session, make: Make, branch: Branch
) -> None:
    gone = make.seat(branch.row, branch.people[0])
    stays = make.seat(branch.row, branch.people[1])
    answer = client.request(
        "PUT", branch.committee, as_=branch.secretary, json=seats(branch.people[1]), expect=200
    )
    session.expire_all()

    assert gone.ends_on == clock.today()
    assert stays.ends_on is None
    assert (branch.people[0].id, "committee_member") not in sitting(answer)


def test_a_new_post_of_a_member_ends_the_one_before(
    client: ApiClient, session: Session, make: Make, branch: Branch
) -> None:
    before = make.seat(branch.row, branch.people[0])
    body = seats(branch.people[0], kind="deputy_secretary")
    answer = client.request("PUT", branch.committee, as_=branch.secretary, json=body, expect=200)
    session.expire_all()

    assert before.ends_on == clock.today()
    assert (branch.people[0].id, "deputy_secretary") in sitting(answer)
    assert session.scalars(members.deputies_of(branch.row.id)).all() == [branch.people[0].id]


def test_an_empty_list_ends_the_committee(client: ApiClient, make: Make, branch: Branch) -> None:
    make.seat(branch.row, branch.people[0])
    body: dict[str, Any] = {"members": []}
    answer = client.request("PUT", branch.committee, as_=branch.secretary, json=body, expect=200)

    assert answer["members"] == []


def test_the_list_as_it_is_read_may_be_sent_back(client: ApiClient, branch: Branch) -> None:
    put: dict[str, Any] = {"as_": branch.secretary, "expect": 200}
    read = client.request("PUT", branch.committee, json=seats(*branch.people[:2]), **put)
    body = {"members": [{"member_id": m, "kind": kind} for m, kind in sitting(read)]}
    again = client.request("PUT", branch.committee, json=body, **put)

    assert sitting(again) == sitting(read)


def test_too_large_and_too_small_a_committee_is_noted_and_not_refused(
    client: ApiClient, branch: Branch
) -> None:
    for people, size in ((branch.people[:1], 2), (branch.people[:7], 8)):
        answer = client.request(
            "PUT", branch.committee, as_=branch.secretary, json=seats(*people), expect=200
        )
        assert answer["notes"] == [
            f"支部委员会一般由3至5人组成，最多不超过7人，目前为{size}人，请核对。"
        ]


def test_a_small_branch_is_told_that_it_needs_no_committee(client: ApiClient, make: Make) -> None:
    row = make.branch()
    secretary, one = make.branch_secretary(row), make.member(row)
    path = f"/organizations/{row.id}/committee"
    answer = client.request("PUT", path, as_=secretary, json=seats(one), expect=200)
    read = client.request("GET", path, as_=make.actor(one), expect=200)

    assert answer["notes"] == [
        "正式党员不足7人的党支部，一般设书记1名，必要时设副书记1名，不设支部委员会。"
    ]
    assert read["notes"] == []


@pytest.mark.parametrize(
    "case", ["stranger", "left", "probationary", "second_secretary", "secretary_as_member", "twice"]
)
def test_a_wrong_list_is_refused_and_changes_nothing(
    client: ApiClient, session: Session, make: Make, branch: Branch, case: str
) -> None:
    before = make.seat(branch.row, branch.people[0])
    one = branch.people[1]
    secretary = session.get_one(Member, branch.secretary.member_id)
    wrong = {
        "stranger": lambda: seats(make.member()),
        "left": lambda: seats(make.member(branch.row, active=False)),
        "probationary": lambda: seats(
            make.member(branch.row, category=MemberCategory.PROBATIONARY)
        ),
        "second_secretary": lambda: seats(one, kind="secretary"),
        "secretary_as_member": lambda: seats(secretary),
        "twice": lambda: {"members": seats(one)["members"] * 2},
    }
    answer = client.request(
        "PUT", branch.committee, as_=branch.secretary, json=wrong[case](), expect=422
    )
    session.expire_all()

    assert "members" in answer["fields"]
    assert before.ends_on is None
    assert session.scalar(sa.select(sa.func.count()).select_from(Position)) == 1


def test_a_leader_of_a_group_is_no_post_of_the_committee(client: ApiClient, branch: Branch) -> None:
    body = seats(branch.people[0], kind="group_leader")
    client.request("PUT", branch.committee, as_=branch.secretary, json=body, expect=422)


def test_members_read_the_committee_and_change_nothing(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    member = make.actor(branch.people[0])
    client.request("GET", branch.committee, as_=member, expect=200)
    body = seats(branch.people[0])
    refused = client.request("PUT", branch.committee, as_=member, json=body, expect=403)

    assert refused["code"] == "not_the_branch_secretary"


def test_bodies_of_another_branch_do_not_exist(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    for other in (make.actor(make.member()), make.branch_secretary(make.branch())):
        client.request("GET", branch.committee, as_=other, expect=404)
        client.request("GET", branch.groups, as_=other, expect=404)
        client.request("PUT", branch.committee, as_=other, json={"members": []}, expect=404)
        client.request("POST", branch.groups, as_=other, json={"name": "一组"}, expect=404)


def test_who_moved_to_another_branch_is_not_on_the_committee_any_more(
    client: ApiClient, session: Session, make: Make, branch: Branch
) -> None:
    make.seat(branch.row, branch.people[0])
    make.seat(branch.row, branch.people[1])
    branch.people[0].branch_id = make.branch().id
    session.flush()
    answer = client.request("GET", branch.committee, as_=branch.secretary, expect=200)

    assert branch.people[0].id not in [member for member, _ in sitting(answer)]
    found = session.scalars(held.of_committee(branch.row.id, Then(clock.now(), clock.now()))).all()
    assert branch.people[0].id not in found
