"""What somebody says who registers, in the app or on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    ResidenceBasis,
    Visibility,
)
from backend.people.areas.models import Area
from backend.people.members.models import Member


@dataclass(frozen=True, kw_only=True)
class Application:
    """Where, as what and why there, and what the member offers; all of that is voluntary.

    With the basis `external` it is in `external_place`, with the receipt from there attached.
    """

    community_code: str | None = None
    kind: RegistrationKind = RegistrationKind.PRIMARY
    basis: ResidenceBasis | None = None
    visibility: Visibility = Visibility.COMMUNITY
    skills: Sequence[str] = ()
    interests: Sequence[str] = ()
    availability: str = ""
    external_place: str | None = None
    attachment_ids: Sequence[int] = ()

    def registration(self, member: Member, community: Area | None) -> CommunityRegistration:
        """Return what is applied for, not written yet."""
        return CommunityRegistration(
            member=member,
            community=community,
            kind=self.kind,
            basis=self.basis,
            external_place=self.external_place,
            visibility=self.visibility,
            skills=list(self.skills),
            interests=list(self.interests),
            availability=self.availability,
        )


@dataclass(frozen=True, kw_only=True)
class Slip(Application):
    """The same on paper, of a community of the city, signed by somebody without the app."""

    community_code: str
    name: str
    phone: str
    slip_no: str
