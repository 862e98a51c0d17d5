"""Where somebody may register: who lives where, and who need not (spec 3.5)."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations.applying import Application
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    ResidenceBasis,
)
from backend.core.errors import Conflict, Invalid
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations import queries as organizations
from backend.people.organizations.models import Organization, Unit


def receiving(session: Session, member: Member, said: Application) -> Area | None:
    """Return the community that receives, None for a place outside the city. Raises Invalid or
    Conflict `registration_not_needed`."""
    if said.basis is ResidenceBasis.EXTERNAL:
        _check_outside(said)
        return None
    if said.external_place is not None or said.attachment_ids:
        raise _only_outside(said.external_place)
    if said.community_code is None:
        raise Invalid("community_code", "请选择社区。")
    community = areas.community(session, said.community_code)
    if said.basis is ResidenceBasis.WORKPLACE:
        _check_workplace(session, member, community)
    refuse_affiliated(session, member, community)
    return community


def _check_outside(said: Application) -> None:
    if said.community_code is not None:
        raise Invalid("community_code", "居住在本市以外时，不需要选择本市的社区。")
    if said.kind is not RegistrationKind.PRIMARY:
        raise Invalid("kind", "居住在本市以外的报到只能作为主要报到。")
    if not said.external_place:
        raise Invalid("external_place", "请填写报到的城市和社区。")
    if not said.attachment_ids:
        raise Invalid("attachment_ids", "请上传当地社区出具的报到回执。")


def _only_outside(external_place: str | None) -> Invalid:
    field = "external_place" if external_place is not None else "attachment_ids"
    return Invalid(field, "只有居住在本市以外时才需要填写。")


def correct(
    registration: CommunityRegistration,
    external_place: str | None,
    attachment_ids: Sequence[int] | None,
) -> None:
    """Correct where it is outside the city; a receipt must remain. Raises Invalid."""
    if registration.basis is not ResidenceBasis.EXTERNAL:
        raise _only_outside(external_place)
    if attachment_ids is not None and not attachment_ids:
        raise Invalid("attachment_ids", "请上传当地社区出具的报到回执。")
    registration.external_place = external_place or registration.external_place


def _check_workplace(session: Session, member: Member, community: Area) -> None:
    unit = session.get(Unit, member.unit_id) if member.unit_id else None
    if unit is None or unit.community_id != community.id:
        raise Invalid("community_code", "按工作单位报到时，只能选择单位所在的社区。")


def refuse_affiliated(session: Session, member: Member, community: Area) -> None:
    """Raise Conflict where the member's affiliation is in the community already.

    It leads such a member, who need not register.
    """
    led = organizations.residents_branches().where(
        Organization.id == member.branch_id, Organization.area_id == community.id
    )
    if session.scalar(sa.select(led.exists())):
        raise Conflict(
            "registration_not_needed",
            "您的组织关系就在本社区，由社区党组织直接管理，不需要报到。",
        )
