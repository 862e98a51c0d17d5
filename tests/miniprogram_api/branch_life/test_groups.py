"""Party groups, and what is known of a member of a branch, over HTTP."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.core import clock
from backend.core.actor import Actor, PositionKind, Post
from backend.people.members import acting, held
from backend.people.members.held import Then
from backend.people.members.models import Member, Position
from backend.people.organizations.models import Organization
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_scene import Branch, branch_of_eight


@pytest.fixture
def branch(make: Make) -> Branch:
    return branch_of_eight(make)


def found(client: ApiClient, branch: Branch, name: str = "第一党小组") -> dict[str, Any]:
    answer: dict[str, Any] = client.request(
        "POST", branch.groups, as_=branch.secretary, json={"name": name}, expect=201
    )
    return answer


def arranged(
    client: ApiClient, branch: Branch, group_id: int, *people: Member, leader: Member | None = None,
    expect: int = 200,
) -> Any:  # fmt: skip
    body = {
        "name": "第一党小组",
        "leader_id": leader.id if leader else None,
        "member_ids": [person.id for person in people],
    }
    path = f"/groups/{group_id}"
    return client.request("PUT", path, as_=branch.secretary, json=body, expect=expect)


def test_a_group_is_founded_today_below_its_branch(
    client: ApiClient, session: Session, branch: Branch
) -> None:
    group = found(client, branch)
    row = session.get_one(Organization, group["id"])

    assert group["founded_on"] == clock.today().isoformat()
    assert (row.parent_id, row.path) == (branch.row.id, f"{branch.row.path}.{row.id}")
    assert (group["leader"], group["member_count"], group["members"]) == (None, 0, [])


def test_a_second_group_of_the_same_name_is_refused(client: ApiClient, branch: Branch) -> None:
    found(client, branch)
    again = client.request(
        "POST", branch.groups, as_=branch.secretary, json={"name": "第一党小组"}, expect=409
    )
    assert again["code"] == "group_name_taken"


def test_a_group_cannot_take_the_name_of_another(client: ApiClient, branch: Branch) -> None:
    found(client, branch)
    second = found(client, branch, "第二党小组")

    assert arranged(client, branch, second["id"], expect=409)["code"] == "group_name_taken"


def test_a_name_is_free_again_once_its_group_is_dissolved(
    client: ApiClient, branch: Branch
) -> None:
    path = f"/groups/{found(client, branch)['id']}/dissolution"
    client.request("POST", path, as_=branch.secretary, expect=200)
    found(client, branch)


def test_a_group_has_exactly_the_members_and_the_leader_it_is_given(
    client: ApiClient, session: Session, branch: Branch
) -> None:
    group_id = found(client, branch)["id"]
    one, two, three = branch.people[:3]
    arranged(client, branch, group_id, one, two, leader=one)
    answer = arranged(client, branch, group_id, two, three, leader=two)

    assert answer["leader"]["id"] == two.id
    assert [person["id"] for person in answer["members"]] == [two.id, three.id]
    found_again = session.scalars(held.of_group(group_id, Then(clock.now(), clock.now()))).all()
    assert sorted(found_again) == [two.id, three.id]
    posts = session.execute(sa.select(Position.member_id, Position.ends_on).order_by(Position.id))
    assert [tuple(post) for post in posts] == [(one.id, clock.today()), (two.id, None)]


def test_a_member_moves_from_one_group_to_another(client: ApiClient, branch: Branch) -> None:
    first, second = found(client, branch)["id"], found(client, branch, "第二党小组")["id"]
    one = branch.people[0]
    arranged(client, branch, first, one)
    body = {"name": "第二党小组", "leader_id": None, "member_ids": [one.id]}
    client.request("PUT", f"/groups/{second}", as_=branch.secretary, json=body, expect=200)
    listed = client.request("GET", branch.groups, as_=branch.secretary, expect=200)

    assert [group["member_count"] for group in listed["items"]] == [0, 1]


def test_the_leader_of_another_group_is_not_taken_away(client: ApiClient, branch: Branch) -> None:
    first, second = found(client, branch)["id"], found(client, branch, "第二党小组")["id"]
    one = branch.people[0]
    arranged(client, branch, first, one, leader=one)
    body = {"name": "第二党小组", "leader_id": None, "member_ids": [one.id]}
    refused = client.request(
        "PUT", f"/groups/{second}", as_=branch.secretary, json=body, expect=422
    )
    assert "member_ids" in refused["fields"]


def test_a_leader_must_be_in_the_group_and_members_in_the_branch(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    group_id = found(client, branch)["id"]
    one, two = branch.people[:2]
    refused = arranged(client, branch, group_id, one, leader=two, expect=422)
    assert "leader_id" in refused["fields"]
    refused = arranged(client, branch, group_id, make.member(), expect=422)
    assert "member_ids" in refused["fields"]


def test_a_dissolved_group_frees_its_members_and_cannot_be_arranged(
    client: ApiClient, session: Session, branch: Branch
) -> None:
    group_id = found(client, branch)["id"]
    one = branch.people[0]
    arranged(client, branch, group_id, one, leader=one)
    path = f"/groups/{group_id}/dissolution"
    first = client.request("POST", path, as_=branch.secretary, expect=200)

    assert client.request("POST", path, as_=branch.secretary, expect=200) == first
    assert first["dissolved_on"] == clock.today().isoformat()
    assert (first["leader"], first["member_count"]) == (None, 0)
    session.expire_all()
    assert one.group_id is None
    assert arranged(client, branch, group_id, expect=409)["code"] == "group_dissolved"
    listed = client.request("GET", branch.groups, as_=branch.secretary, expect=200)
    assert listed["items"] == []


def test_names_in_a_group_are_for_the_secretary_and_its_own_leader(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    first, second = found(client, branch)["id"], found(client, branch, "第二党小组")["id"]
    leader, one, two = branch.people[:3]
    arranged(client, branch, first, leader, one, leader=leader)
    body = {"name": "第二党小组", "leader_id": None, "member_ids": [two.id]}
    client.request("PUT", f"/groups/{second}", as_=branch.secretary, json=body, expect=200)

    def names(actor: Actor) -> list[int]:
        listed = client.request("GET", branch.groups, as_=actor, expect=200)["items"]
        assert [group["member_count"] for group in listed] == [2, 1]
        assert listed[0]["leader"]["id"] == leader.id
        return [len(group["members"]) for group in listed]

    assert names(branch.secretary) == [2, 1]
    assert names(make.actor(leader)) == [2, 0]
    assert names(make.actor(one)) == [0, 0]


def test_only_the_secretary_founds_arranges_and_dissolves(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    group_id = found(client, branch)["id"]
    member = make.actor(branch.people[0])
    body: dict[str, Any] = {"name": "改名", "leader_id": None, "member_ids": []}
    client.request("POST", branch.groups, as_=member, json={"name": "二组"}, expect=403)
    client.request("PUT", f"/groups/{group_id}", as_=member, json=body, expect=403)
    client.request("POST", f"/groups/{group_id}/dissolution", as_=member, expect=403)
    other = make.actor(make.member())
    client.request("PUT", f"/groups/{group_id}", as_=other, json=body, expect=404)
    client.request("POST", f"/groups/{group_id}/dissolution", as_=other, expect=404)


def test_posts_are_known_with_the_session_and_end_with_their_day(
    client: ApiClient, session: Session, make: Make, branch: Branch
) -> None:
    one = branch.people[0]
    deputy = make.seat(branch.row, one, PositionKind.DEPUTY_SECRETARY)
    group = make.group(branch.row)
    make.seat(group, one, PositionKind.GROUP_LEADER)
    token = client.token(make.actor(one))

    actor = acting.actor_of(session, token)
    assert actor.serves(PositionKind.DEPUTY_SECRETARY) == {branch.row.id}
    assert actor.serves(PositionKind.GROUP_LEADER) == {group.id}
    deputy.ends_on = clock.today()
    session.flush()
    assert acting.actor_of(session, token).posts == (Post(PositionKind.GROUP_LEADER, group.id),)


def test_the_electoral_right_is_recorded_without_a_reason_and_audited(
    client: ApiClient, session: Session, branch: Branch
) -> None:
    one = branch.people[0]
    path = f"/members/{one.id}/electoral-right"
    for _ in range(2):
        answer = client.request("PUT", path, as_=branch.secretary, json={"held": False}, expect=200)
        assert answer["electoral_right"] is False
    noted = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "member.electoral_right")
    ).all()
    assert [(entry.subject, entry.detail) for entry in noted] == [
        (f"member:{one.id}", {"held": False})
    ]
    roster = client.request(
        "GET", f"/organizations/{branch.row.id}/members", as_=branch.secretary, expect=200
    )
    assert [m["id"] for m in roster["items"] if not m["electoral_right"]] == [one.id]


def test_nobody_records_the_own_electoral_right_or_that_of_another_branch(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    body = {"held": False}
    own = f"/members/{branch.secretary.member_id}/electoral-right"
    refused = client.request("PUT", own, as_=branch.secretary, json=body, expect=403)
    assert refused["code"] == "not_about_oneself"
    theirs = f"/members/{make.member().id}/electoral-right"
    client.request("PUT", theirs, as_=branch.secretary, json=body, expect=404)
    fellow = make.actor(branch.people[1])
    path = f"/members/{branch.people[0].id}/electoral-right"
    client.request("PUT", path, as_=fellow, json=body, expect=403)
