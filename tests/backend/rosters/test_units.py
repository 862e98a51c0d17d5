"""Units after the first import: entered, corrected, merged, ended."""

import pytest
import sqlalchemy as sa

from backend.community.unit_registrations import queries as registrations
from backend.community.unit_registrations import service as registering
from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.flows.steps import Reason
from backend.ledger import queries as ledger
from backend.ledger.models import DutyYear, SubjectKind
from backend.ledger.subjects import MEMBER_UNIT, Subject
from backend.people.members.models import Appointment, AppointmentStatus
from backend.people.organizations import credit_codes
from backend.people.organizations.models import Unit
from backend.people.organizations.queries import units as found_units
from backend.rosters.changes import Merging
from backend.rosters.units import detail, service
from tests.backend.rosters.scene import WHY, Scene

SOUND = "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SOUND, SOUND),
        ("９１３５０１００m000100y43", SOUND),
        (" 91350100 M000100Y43​", SOUND),
        ("91350100M000100Y44", None),
        ("91350100M000100Y4", None),
        ("91350100I000100Y43", None),
        ("", None),
    ],
)
def test_a_credit_code_holds_by_its_check_however_it_is_typed(text: str, code: str | None) -> None:
    assert credit_codes.read(text) == code


def test_every_check_character_is_told_from_every_other() -> None:
    """One wrong character is always seen: the weights have no common divisor with 31."""
    for place in range(credit_codes.LENGTH):
        for char in set(credit_codes.ALPHABET) - {SOUND[place]}:
            assert credit_codes.read(SOUND[:place] + char + SOUND[place + 1 :]) is None


def enter(scene: Scene, **given: object) -> Unit:
    said = scene.unit_said(**given)
    return service.found(scene.session, scene.rules, actor=scene.district, said=said)


def test_a_unit_is_entered_once(scene: Scene) -> None:
    unit = enter(scene, credit_code=SOUND)

    assert (unit.credit_code, unit.community_id) == (SOUND, scene.community.id)
    with pytest.raises(Conflict) as refused:
        enter(scene, credit_code=SOUND.lower())
    assert refused.value.code == "credit_code_taken"
    for given, field in (
        ({"credit_code": SOUND[:-1] + "4"}, "credit_code"),
        ({"community_code": scene.elsewhere.code}, "community_code"),
        ({"community_code": "460110999999"}, "community_code"),
    ):
        with pytest.raises(Invalid) as wrong:
            enter(scene, **given)
        assert wrong.value.field == field


def test_the_contact_sees_the_own_unit_and_the_department_changes_it(scene: Scene) -> None:
    shown = detail.show(scene.session, scene.contact, scene.unit.id)
    assert shown.can == ()
    assert {one.id for one in shown.organizations} >= {scene.branch.id, scene.committee.id}

    def rename(actor: Actor) -> Unit:
        said = scene.unit_said(name="新名称")
        return service.correct(
            scene.session, scene.rules, actor=actor, unit_id=scene.unit.id, said=said
        )

    with pytest.raises(Forbidden):
        rename(scene.contact)
    with pytest.raises(NotFound):
        rename(scene.secretary)
    assert rename(scene.district).name == "新名称"


def test_who_belongs_to_a_unit_that_moves_stands_where_it_stands(scene: Scene) -> None:
    there = scene.make.community()
    scene.bind()
    said = scene.unit_said(name=scene.unit.name, community_code=there.code)
    service.correct(
        scene.session, scene.rules, actor=scene.district, unit_id=scene.unit.id, said=said
    )

    places = sa.select(DutyYear.place_id).where(
        DutyYear.subject_kind == SubjectKind.MEMBER, DutyYear.subject_id == scene.member.id
    )
    assert set(scene.session.scalars(places)) == {there.id}
    assert scene.differences() == []


def test_a_unit_to_which_somebody_belongs_does_not_end(scene: Scene) -> None:
    def end(unit: Unit) -> Unit:
        return service.end(
            scene.session, scene.rules, actor=scene.district, unit_id=unit.id, said=Reason(WHY)
        )

    with pytest.raises(Conflict) as refused:
        end(scene.unit)
    assert refused.value.code == "unit_has_members"
    empty = enter(scene)
    scene.make.branch(empty)
    with pytest.raises(Conflict) as refused:
        end(empty)
    assert refused.value.code == "unit_has_organizations"
    alone = enter(scene)
    scene.make.member_unit(alone)
    scene.bind()
    assert end(alone).ended_on == clock.today()
    assert end(alone).ended_on == clock.today()
    assert alone.id not in [row.id for row in scene.session.scalars(found_units(alone.name))]
    assert scene.differences() == []


def test_a_merged_unit_leaves_members_organisations_and_places_to_its_successor(
    scene: Scene,
) -> None:
    into = enter(scene)
    scene.make.member_unit(scene.unit)
    scene.bind()
    said = registering.Submission(
        unit_id=scene.unit.id, receiver_code=scene.community.code, plan="每季度义诊", resources=()
    )
    row = registering.submit(scene.session, actor=scene.contact, said=said)
    service.merge(
        scene.session,
        scene.rules,
        actor=scene.district,
        unit_id=scene.unit.id,
        said=Merging(into.id, WHY),
    )
    scene.session.expire_all()

    assert (scene.member.unit_id, scene.branch.unit_id) == (into.id, into.id)
    assert (scene.unit.ended_on, scene.unit.successor_id) == (clock.today(), into.id)
    held = [
        ledger.stands(MEMBER_UNIT, Subject(SubjectKind.UNIT, one.id)) for one in (into, scene.unit)
    ]
    assert scene.session.execute(sa.select(*held)).one() == (True, False)
    found = registrations.shown().where(UnitRegistration.id == row.id)
    assert scene.session.scalars(found).one().status is UnitRegistrationStatus.WITHDRAWN
    over = sa.select(Appointment.status).where(Appointment.unit_id == scene.unit.id)
    assert set(scene.session.scalars(over)) == {AppointmentStatus.ENDED}
    assert scene.differences() == []
