"""Who may do what with projects. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import ACCOUNT, Asker
from backend.flows.steps import Party
from backend.people.areas import service as areas

_P = ServiceProject


def may_publish(actor: Actor, community_id: int) -> bool:
    return community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a project exists for the asker.

    Opened projects are there for everybody, what is reviewed for the officers above as well, drafts
    for the community's secretary.
    """
    return sa.or_(
        _P.status.not_in((ProjectStatus.DRAFT, ProjectStatus.REVIEW)),
        _publishes(asker),
        sa.and_(_P.status == ProjectStatus.REVIEW, areas.within(asker, _P.community_id, *OFFICERS)),
        _P.reviewed_by == ACCOUNT,
    )


def _publishes(asker: Asker) -> sa.ColumnElement[bool]:
    return asker.over(_P.community_id, Role.COMMUNITY_SECRETARY)


def _reviews(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker reviews.

    The officers of the street do, never what they drew up, wrote or sent themselves.
    """
    authors = (_P.created_by, _P.amended_by, _P.requested_by)
    anothers = (author.is_distinct_from(ACCOUNT) for author in authors)
    return sa.and_(areas.in_own_street(asker, _P.community_id), *anothers)


COMMUNITY = Party(
    "community secretary", _publishes, "not_your_community", "只能办理本社区的服务项目。"
)
STREET = Party(
    "street officer",
    _reviews,
    "not_your_decision",
    "只有项目所在街道的工作人员可以审核，且不能审核自己发布的项目。",
)
# Whoever sees a project may ask for a place; who is given one, claims say.
CLAIMANT = Party("claimant", lambda _asker: sa.true())
# Takes the steps that come with what happens to claims.
SYSTEM = Party("system", lambda _asker: sa.false())
