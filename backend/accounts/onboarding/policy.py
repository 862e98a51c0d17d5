"""Who may see and decide link applications.

A secretary says who an applicant is. Where the number does not prove it, somebody else says so too:
nobody alone can put an account into another person's place.
"""

import sqlalchemy as sa

from backend.accounts.onboarding.models import LinkApplication, LinkApplicationStatus
from backend.core import wording
from backend.core.actor import OFFICERS, Actor, PositionKind, Role
from backend.core.asker import ACCOUNT, Asker
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations.models import Organization

_A = LinkApplication


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether an application exists for the asker.

    It is to the secretary's branch or by somebody who may stand in its roster, or the asker is to
    confirm it or has decided about it.
    """
    waiting = sa.and_(_A.status == LinkApplicationStatus.NAMED, SECOND.holds(asker))
    return sa.or_(_known(asker), waiting, _A.decided_by == ACCOUNT)


def _known(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a secretary can know the applicant.

    The branch was named, or it was none and the own roster has the name or the number.
    """
    if Role.BRANCH_SECRETARY not in asker.roles:
        return sa.false()
    name = wording.sought(_A.applicant_name)
    on_roster = sa.exists().where(
        asker.leads(Member.branch_id, Role.BRANCH_SECRETARY),
        Member.active,
        sa.or_(
            Member.phone_hash == _A.phone_hash,
            sa.and_(name != "", wording.sought(Member.name) == name),
            Member.id == _A.member_id,
        ),
    )
    return sa.or_(
        asker.leads(_A.organization_id, Role.BRANCH_SECRETARY),
        sa.and_(_A.organization_id.is_(None), on_roster),
    )


def _second(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is a second person.

    That is another leader of the branch where the entry brings no rights with it, else the
    organisation above or an officer of the territory.
    """
    secretary = asker.leads(Member.branch_id, Role.BRANCH_SECRETARY)
    near = sa.or_(secretary, asker.serves(Member.branch_id, PositionKind.DEPUTY_SECRETARY))
    second = sa.exists().where(
        Member.id == _A.member_id,
        Organization.id == Member.branch_id,
        sa.or_(
            sa.and_(near, ~members.holds_office(Member.id)),
            asker.leads(Organization.parent_id, Role.BRANCH_SECRETARY),
            areas.within(asker, Organization.area_id, *OFFICERS),
        ),
    )
    return sa.and_(_A.named_by != ACCOUNT, _A.account_id != ACCOUNT, second)


SECOND = Party("another leader of the branch, the organisation above or an officer", _second)
# Nobody decides about the own account.
DECIDER = Party(
    "branch secretary; of what is named a second person, too",
    lambda asker: sa.and_(_A.account_id != ACCOUNT, sa.or_(_known(asker), SECOND.holds(asker))),
    "not_your_decision",
    "不能办理本人的申请。",
)
APPLICANT = Party("applicant", lambda _asker: _A.account_id == ACCOUNT)


def may_assign(actor: Actor, member: Member) -> bool:
    """Let a secretary link accounts to the own branch's roster only."""
    return member.active and member.branch_id in actor.organizations(Role.BRANCH_SECRETARY)
