"""What waits for a job that is gone is taken up; what was given up is seen and done again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.support.attachments import tasks as attachments
from backend.support.attachments.models import AttachmentStatus
from backend.support.notifications import tasks as messages
from backend.support.notifications.models import MessageStatus, SubscriptionMessage
from backend.support.text_checks import service as text_checks
from backend.support.text_checks import tasks as texts
from backend.support.text_checks.declared import TextKind
from tests.backend.support.attachments.scene import image
from tests.factories import Make

LATER = timedelta(minutes=6)

TEXTS = TextKind("gardening.texts")


def lose_jobs(session: Session, status: str = "failed") -> None:
    session.execute(
        sa.text("UPDATE procrastinate_jobs SET status = CAST(:s AS procrastinate_job_status)"),
        {"s": status},
    )


def test_a_text_whose_job_died_is_asked_about_again(session: Session, make: Make) -> None:
    actor = make.actor(make.member())
    area = make.community()
    text_checks.submit(
        session,
        actor,
        kind=TEXTS,
        subject="demand:1",
        part="title",
        area_id=area.id,
        texts=["修路灯"],
    )
    with clock.at(clock.now() + LATER):
        assert texts.sweep(session) == 0  # its job is there
        lose_jobs(session)
        assert texts.sweep(session) == 1
        assert texts.sweep(session) == 0


@pytest.mark.parametrize(
    ("status", "taken"),
    [
        (MessageStatus.QUEUED, 1),
        (MessageStatus.SENDING, 1),
        (MessageStatus.SENT, 0),
        (MessageStatus.UNKNOWN, 0),
    ],
)
def test_a_message_whose_job_died_goes_on(
    session: Session, make: Make, status: MessageStatus, taken: int
) -> None:
    row = SubscriptionMessage(
        account_id=make.account(make.member()).id,
        template="registration_result",
        business_id="1",
        data={"texts": []},
        status=status,
        expires_at=clock.now() + timedelta(days=1),
    )
    session.add(row)
    session.flush()
    assert messages.sweep(session) == 0  # it has only just been written
    with clock.at(clock.now() + LATER):
        assert messages.sweep(session) == taken
        assert messages.sweep(session) == 0


def test_an_image_nobody_asked_about_is_asked_about(session: Session, make: Make) -> None:
    member = make.member()
    actor = Actor(make.account(member).id, member_id=member.id)
    image(session, actor, AttachmentStatus.CHECKING)
    with clock.at(clock.now() + LATER):
        assert attachments.sweep(session) == 1
        assert attachments.sweep(session) == 0


def test_what_was_given_up_is_counted_and_done_again(session: Session) -> None:
    queue.defer(session, "text_checks:check", check_id=1)
    queue.defer(session, "text_checks:check", check_id=2)
    assert queue.given_up(session) == {}
    lose_jobs(session)

    assert queue.given_up(session) == {"text_checks:check": 2}
    assert queue.retry_given_up(session) == 2
    assert queue.given_up(session) == {}
