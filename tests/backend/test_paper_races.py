"""Two at once about papers, units and feedback, each in a real transaction."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from backend.community.certificates import service as certificates
from backend.community.certificates.models import CertificateStatus
from backend.community.conduct_feedback import service as conduct_feedback
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack
from tests import ledger
from tests.backend.community.certificates import scene as of_certificates
from tests.backend.community.conduct_feedback import scene as of_feedback
from tests.backend.community.unit_registrations import scene as of_units
from tests.backend.test_races import meet
from tests.factories import Make


def code_of(waiting: Any) -> str:
    refusal = waiting.exception()
    assert isinstance(refusal, Conflict)
    return refusal.code


def test_a_certificate_revoked_by_two_at_once_is_revoked_by_the_first(
    committed: Database, rules: RulePack, keys: Crypto
) -> None:
    with committed.transaction() as session:
        scene = of_certificates.Scene(session, rules, Make(session, keys))
        deputy = scene.make.community_secretary(scene.community)
        with clock.at(of_certificates.NOW):
            scene.serve()
            row = scene.issue()

    def revoke(by: Actor) -> Callable[[Session], Any]:
        return lambda session: certificates.revoke(
            session, actor=by, certificate_id=row.id, reason="登记有误"
        )

    first, waiting = meet(committed, revoke(scene.secretary), revoke(deputy))

    assert first.status is CertificateStatus.REVOKED
    assert code_of(waiting) == "certificate_state_forbids"


def test_of_two_registrations_of_a_unit_at_one_place_one_stands(
    committed: Database, rules: RulePack, keys: Crypto
) -> None:
    with committed.transaction() as session:
        scene = of_units.Scene(session, rules, Make(session, keys))

    def register(session: Session) -> Any:
        scene.session = session
        return scene.submit()

    _, waiting = meet(committed, register, register)

    assert code_of(waiting) == "unit_already_registered"
    with committed.transaction() as session:
        assert ledger.differences(session, rules) == []


def test_of_two_notes_of_a_year_one_is_written(
    committed: Database, rules: RulePack, keys: Crypto
) -> None:
    with committed.transaction() as session:
        scene = of_feedback.Scene(session, rules, Make(session, keys))
        scene.accept()
        registration_id = scene.registration.id

    def write(session: Session) -> Any:
        return conduct_feedback.write(
            session,
            actor=scene.secretary,
            registration_id=registration_id,
            said=conduct_feedback.Note(year=clock.today().year, comment="积极参加社区服务。"),
        )

    _, waiting = meet(committed, write, write)

    assert code_of(waiting) == "feedback_already_written"
