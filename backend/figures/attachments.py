"""Whom the subjects of attachments are open to: the capabilities' own policies, put together."""

import sqlalchemy as sa

from backend.branch_life.learning import policy as learning
from backend.branch_life.learning.models import LearningMaterial
from backend.branch_life.meetings import policy as meetings
from backend.branch_life.meetings.models import Meeting
from backend.community.registrations import policy as registrations
from backend.community.registrations.models import CommunityRegistration
from backend.community.volunteering import policy as volunteering
from backend.community.volunteering.models import ServiceRecord
from backend.core.actor import Actor
from backend.core.asker import asker_of
from backend.support.attachments.models import Attachment, Carrying


def open_subjects(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the subject of an Attachment row opens to the actor. Looks up one row by its key; it
    is executed with `asked_by`."""
    return sa.or_(
        _is(ServiceRecord, volunteering.READER.holds(asker_of(actor))),
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
