"""Whom the subjects of attachments are open to: the capabilities' own policies, put together."""

import sqlalchemy as sa

from backend.attachments.models import Attachment, Carrying
from backend.core.actor import Actor
from backend.learning import policy as learning
from backend.learning.models import LearningMaterial
from backend.meetings import policy as meetings
from backend.meetings.models import Meeting
from backend.registrations import policy as registrations
from backend.registrations.models import CommunityRegistration
from backend.volunteering import policy as volunteering
from backend.volunteering.models import ServiceRecord


def open_subjects(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the subject of an Attachment row opens to the actor. Looks up one row by its key."""
    return sa.or_(
        _is(ServiceRecord, volunteering.shows_person(actor)),
        _is(LearningMaterial, learning.visible(actor)),
        _is(Meeting, meetings.visible(actor)),
        _is(CommunityRegistration, registrations.shows_person(actor)),
    )


def _is(model: type[Carrying], condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    # A CHECK keeps every subject in the form `table:id`.
    key = sa.cast(sa.func.split_part(Attachment.subject, ":", 2), sa.BigInteger)
    return sa.and_(
        Attachment.subject.startswith(f"{model.__tablename__}:", autoescape=True),
        sa.exists().where(model.id == key, condition),
    )
