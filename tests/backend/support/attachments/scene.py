"""An image of a member's, unattached or with a record, at any stage."""

from itertools import count

from sqlalchemy.orm import Session

from backend.community.volunteering import kinds
from backend.core.actor import Actor
from backend.people.areas.models import Area
from backend.support.attachments import carried
from backend.support.attachments.models import Attachment, AttachmentKind, AttachmentStatus
from backend.support.attachments.store import new_key
from tests.factories import Make

_numbers = count(1)


def image(
    session: Session,
    actor: Actor,
    status: AttachmentStatus = AttachmentStatus.CHECKING,
    *,
    community: Area | None = None,
) -> Attachment:
    """Return an image of the actor's; with a community it belongs to something there."""
    number = next(_numbers)
    row = Attachment(
        account_id=actor.account_id,
        status=status,
        kind=AttachmentKind.IMAGE,
        content_type="image/jpeg",
        name="照片.jpg",
        size=3,
        sha256=f"{number:064}",
        storage_key=new_key(),
    )
    if status is AttachmentStatus.REMOVED:
        row.decided_by, row.reason = 999, "与活动无关"
    session.add(row)
    session.flush()
    if community:
        subject = f"service_record:{number}"
        carried.attach(
            session,
            actor=actor,
            ids=[row.id],
            kind=kinds.RECORD_FILES,
            subject=subject,
            area_id=community.id,
        )
    return row


def member(make: Make) -> Actor:
    return make.actor(make.member())
