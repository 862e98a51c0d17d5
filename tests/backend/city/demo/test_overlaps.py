"""A list written after a member's own record does not end the made-up year."""

from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from backend.city.demo.agenda import Agenda
from backend.city.demo.cast import City
from backend.city.demo.year import MemberLife
from backend.community.volunteering import service
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack
from tests.backend.community.volunteering.activity_scene import ActivityScene, present
from tests.factories import Make, service_facts


def test_what_a_list_has_said_since_is_sent_back_and_not_confirmed(
    session: Session, rules: RulePack, make: Make, keys: Crypto
) -> None:
    scene = ActivityScene(session, rules, make, keys)
    city = City(session, keys, rules, Random(1), secretaries={scene.community.id: scene.secretary})
    member = make.member(community_id=scene.community.id)
    actor, begin = make.actor(member), clock.now() - timedelta(hours=30)
    with clock.at(begin - timedelta(days=3)):
        activity = scene.publish((begin, 5))
    record = service.submit(
        session,
        rules,
        actor=actor,
        said=service.Logging(
            community_code=scene.community.code, facts=service_facts(begin, minutes=60)
        ),
    )
    scene.write(activity, present(actor))

    MemberLife(city, Agenda(), member, scene.community).decide(record.id, dice=0.5)

    assert session.get_one(ServiceRecord, record.id).status is ServiceRecordStatus.RETURNED
