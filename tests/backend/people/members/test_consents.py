"""Consent is given and taken back purpose by purpose."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.core.actor import Actor
from backend.core.errors import Invalid
from backend.core.settings import Settings
from backend.figures import profile
from backend.people.members import service
from backend.people.members.models import Consent, PrivacyNotice, Purpose
from tests.factories import Make

CORE, MESSAGES = Purpose.CORE_SERVICE, Purpose.SUBSCRIPTION_MESSAGES


class Scene:
    def __init__(self, session: Session, settings: Settings, make: Make) -> None:
        self.session, self.settings = session, settings
        self.actor = Actor(make.account().id, consented=True)

    def agree(self, *purposes: Purpose, version: str = "v1") -> list[Purpose]:
        given = service.give_consent(
            self.session,
            actor=self.actor,
            said=service.Agreeing(notice_version=version, purposes=purposes),
        )
        return [consent.purpose for consent in given]

    def templates(self) -> list[str]:
        shown = profile.of(self.session, self.settings, actor=self.actor)
        return [found.id for found in shown.message_templates]


@pytest.fixture
def scene(session: Session, settings: Settings, make: Make, published_notice: str) -> Scene:
    assert published_notice == "v1"
    return Scene(session, settings, make)


def test_a_purpose_that_is_not_named_again_is_withdrawn(scene: Scene) -> None:
    assert scene.agree(CORE, MESSAGES) == [CORE, MESSAGES]
    assert scene.agree(CORE) == [CORE]

    kept = scene.session.scalars(sa.select(Consent).where(Consent.purpose == MESSAGES)).one()
    assert kept.withdrawn_at is not None


def test_and_may_be_agreed_to_anew(scene: Scene) -> None:
    for purposes in ([CORE, MESSAGES], [CORE], [CORE, MESSAGES]):
        assert scene.agree(*purposes) == purposes

    trail = scene.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "consent.given").order_by(AuditEntry.id)
    ).all()
    assert [len(entry.detail["purposes"]) for entry in trail] == [2, 1, 2]  # type: ignore[arg-type]


def test_what_was_agreed_to_under_an_older_notice_is_withdrawn_too(
    scene: Scene, session: Session
) -> None:
    scene.agree(CORE, MESSAGES)
    session.add(PrivacyNotice(version="v2", title="告知书", body="正文"))
    session.flush()
    scene.agree(CORE, version="v2")

    live = session.scalars(sa.select(Consent).where(Consent.withdrawn_at.is_(None))).all()
    assert {consent.purpose for consent in live} == {CORE}


def test_without_the_core_service_nothing_changes(scene: Scene) -> None:
    scene.agree(CORE, MESSAGES)
    with pytest.raises(Invalid, match="提供核心服务"):
        scene.agree(MESSAGES)

    assert [c.purpose for c in service.consents(scene.session, scene.actor.account_id)] == [
        CORE,
        MESSAGES,
    ]


def test_the_app_asks_leave_for_messages_only_of_those_who_want_them(scene: Scene) -> None:
    scene.agree(CORE)
    assert scene.templates() == []
    scene.agree(CORE, MESSAGES)
    assert scene.templates() == ["TPL-REGISTRATION-RESULT"]
