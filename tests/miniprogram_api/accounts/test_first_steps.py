"""What somebody who is on no roster yet may ask: which branch is theirs, and who they are."""

from backend.core.actor import Actor, PositionKind
from backend.people.organizations.models import OrganizationKind
from tests.factories import Make
from tests.http_client import ApiClient


def test_a_branch_is_found_by_a_part_of_its_name_in_any_spelling(
    client: ApiClient, make: Make
) -> None:
    stranger = Actor(make.account().id, consented=True)
    branch = make.branch(name="开发区（农场）第一党支部")
    make.branch(name="开发区（农场）党委", kind=OrganizationKind.COMMITTEE)
    make.group(branch, name="开发区（农场）党小组")

    for q in ("开发区(农场)", "农场)第⼀", "开发区\u200b"):
        found = client.request("GET", f"/organizations?q={q}", as_=stranger, expect=200)["items"]
        assert [(row["id"], row["name"]) for row in found] == [(branch.id, branch.name)]


def test_branches_are_looked_for_by_more_than_a_letter(client: ApiClient, make: Make) -> None:
    stranger = Actor(make.account().id, consented=True)

    for query in ("", "?q=", "?q=党", "?q=党\u200b"):
        client.request("GET", f"/organizations{query}", as_=stranger, expect=422)


def test_ones_posts_are_ones_own_to_see(client: ApiClient, make: Make) -> None:
    branch = make.branch()
    deputy = make.actor(make.member(branch))
    assert deputy.member_id is not None
    member = make.session_member(deputy)
    make.seat(branch, member, PositionKind.DEPUTY_SECRETARY)

    posts = client.request("GET", "/me", as_=deputy, expect=200)["posts"]

    assert posts == [{"kind": "deputy_secretary", "organization_id": branch.id}]
