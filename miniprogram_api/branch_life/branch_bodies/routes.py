"""The branch secretary says who is on the committee and in the Party groups; members read it."""

from dataclasses import replace
from typing import Any

from backend.branch_life.branch_bodies import committee, electoral_right, groups
from backend.branch_life.branch_bodies.committee import Committee
from backend.branch_life.branch_bodies.groups import Arrangement, Group
from backend.core import clock
from backend.core.actor import PositionKind
from backend.figures import organizational_life
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from miniprogram_api.branch_life.branch_bodies.schemas import (
    CommitteeIn,
    CommitteeOut,
    ElectoralRightIn,
    ElectoralRightOut,
    GroupArrangementIn,
    GroupIn,
    GroupOut,
    OrganizationalLifeOut,
)
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    page_of,
    services,
    session,
)
from miniprogram_api.ledger.schemas import YearQuery

of_branches = Blueprint("branch-bodies", __name__, description="支部委员会和党小组")
blueprint = Blueprint("groups", __name__, description="支部委员会和党小组")
of_members = Blueprint("members", __name__, description="支部委员会和党小组")


@of_branches.get("/<int:organization_id>/committee")
@of_branches.response(200, CommitteeOut)
def show_committee(organization_id: int) -> Committee:
    """Show who is on the committee of the own branch."""
    return committee.committee(session(), actor=actor(), organization_id=organization_id)


@of_branches.put("/<int:organization_id>/committee")
@of_branches.arguments(CommitteeIn)
@of_branches.response(200, CommitteeOut)
def arrange_committee(seats: dict[int, PositionKind], organization_id: int) -> Committee:
    """Say who is on the committee: the whole list, its terms begin and end today."""
    return committee.arrange(
        session(), services().rules, actor=actor(), organization_id=organization_id, seats=seats
    )


@of_branches.get("/<int:organization_id>/groups")
@of_branches.arguments(PageQuery, location="query")
@of_branches.response(200, page_of(GroupOut))
def list_groups(query: dict[str, Any], organization_id: int) -> Page:
    """List the Party groups of the own branch."""
    listed = groups.groups(actor(), session(), organization_id)
    page = fetch_page(listed, Organization.id, newest_first=False, **query)
    return replace(page, items=groups.shown(session(), actor(), page.items))


@of_branches.post("/<int:organization_id>/groups")
@of_branches.arguments(GroupIn)
@of_branches.response(201, GroupOut)
def found_group(name: str, organization_id: int) -> Group:
    """Found a Party group; its name is its own within the branch."""
    return groups.found(
        session(), services().rules, actor=actor(), organization_id=organization_id, name=name
    )


@blueprint.put("/<int:group_id>")
@blueprint.arguments(GroupArrangementIn)
@blueprint.response(200, GroupOut)
def arrange_group(said: Arrangement, group_id: int) -> Group:
    """Say what a Party group is called, who leads it and who is in it."""
    return groups.arrange(session(), services().rules, actor=actor(), group_id=group_id, said=said)


@blueprint.post("/<int:group_id>/dissolution")
@blueprint.response(200, GroupOut)
def dissolve_group(group_id: int) -> Group:
    """Dissolve a Party group; its members are in none."""
    return groups.dissolve(session(), services().rules, actor=actor(), group_id=group_id)


@of_members.put("/<int:member_id>/electoral-right")
@of_members.arguments(ElectoralRightIn)
@of_members.response(200, ElectoralRightOut)
def record_electoral_right(held: bool, member_id: int) -> Member:
    """Record whether a member of the own branch has the electoral right; why not is not held."""
    return electoral_right.record(session(), actor=actor(), member_id=member_id, held=held)


@of_branches.get("/<int:organization_id>/organizational-life")
@of_branches.arguments(YearQuery, location="query")
@of_branches.response(200, OrganizationalLifeOut)
def show_organizational_life(query: dict[str, Any], organization_id: int) -> dict[str, Any]:
    """Show what meetings the own branch has held and owes, kind by kind and period by period."""
    year = query.get("year", clock.today().year)
    items = organizational_life.frequencies(
        session(), services().rules, actor=actor(), organization_id=organization_id, year=year
    )
    return {"year": year, "items": items}
