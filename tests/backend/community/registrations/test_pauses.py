"""What pauses and endings do to duties, to the ledger and to the member."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from backend.community.registrations import evidence
from backend.community.registrations.flow import UNASKED
from backend.community.registrations.models import (
    EndReason,
    RegistrationKind,
    RegistrationStatus,
    RequestStatus,
)
from backend.core import clock
from backend.core.errors import Conflict, Invalid
from backend.people.members.models import Member
from tests.backend.community.registrations.scene import Scene, told

S, R = RegistrationStatus, RequestStatus


def test_a_pause_lifts_2i_and_keeps_the_community(scene: Scene) -> None:
    row = scene.paused()

    assert scene.verdict("2i") == ("exempt", 1, 0)
    assert scene.open_facts() == {"exemption_2i", "exemption_2k"}
    assert scene.member.community_id == row.community_id


def test_after_the_pause_2i_is_met_as_before(scene: Scene) -> None:
    row = scene.paused()
    scene.resume(row)
    scene.resume(row, scene.secretary)

    assert row.status is S.ACTIVE
    assert scene.verdict("2i") == ("met", 1, 1)
    assert scene.open_facts() == {evidence.FACT}
    assert scene.differences() == []


def test_a_pause_of_whole_months_asks_for_fewer_services(scene: Scene) -> None:
    with clock.at(clock.now().replace(month=2, day=10)):
        row = scene.paused()
    with clock.at(clock.now().replace(month=9, day=10)):
        scene.resume(row)
        scene.resume(row, scene.secretary)
        # March to August are free: ceil(2 x 6 / 12).
        assert scene.verdict("2k")[1] == 1
    assert scene.differences() == []


def test_a_pause_within_a_month_changes_no_number(scene: Scene) -> None:
    with clock.at(clock.now().replace(month=2, day=2)):
        row = scene.paused()
    with clock.at(clock.now().replace(month=2, day=27)):
        scene.resume(row)
        scene.resume(row, scene.secretary)
        assert scene.verdict("2k")[1] == 2


def test_who_was_away_the_whole_year_owes_no_service(scene: Scene) -> None:
    now = clock.now()
    with clock.at(now.replace(year=now.year - 1, month=12, day=1)):
        scene.paused()

    assert scene.verdict("2k")[0] == "exempt"


def test_ending_takes_the_community_away(scene: Scene) -> None:
    row = scene.standing()
    scene.end(row)
    scene.end(row, scene.secretary)

    assert (row.status, row.end_reason, row.ended_on) == (S.ENDED, EndReason.MOVED, clock.today())
    assert scene.member.community_id is None
    assert scene.verdict("2i")[0] == "overdue"
    assert scene.differences() == []


def test_what_rests_can_end_and_exempts_no_longer(scene: Scene) -> None:
    row = scene.paused()
    scene.end(row, reason_code=EndReason.WITHDRAWN)
    scene.end(row, scene.secretary)

    assert row.status is S.ENDED
    assert scene.open_facts() == set()
    assert scene.differences() == []


def test_after_an_ending_one_may_register_again(scene: Scene) -> None:
    row = scene.standing()
    scene.end(row)
    scene.end(row, scene.secretary)

    assert scene.standing().status is S.ACTIVE
    assert scene.member.community_id == scene.community.id


@pytest.mark.parametrize("reason", sorted(UNASKED))
def test_a_secretary_may_end_for_these_reasons_and_tells_why(
    scene: Scene, reason: EndReason
) -> None:
    row = scene.standing()
    with pytest.raises(Invalid, match="请写明"):
        scene.end(row, scene.secretary, reason_code=reason)
    scene.end(row, scene.secretary, reason_code=reason, reason="已与家属核实")

    assert (row.status, row.end_reason, row.end_note) == (S.ENDED, reason, "已与家属核实")
    assert scene.member.community_id is None
    assert told(scene, scene.actor)[-1] == "registrations.ended"
    assert scene.differences() == []


def test_ending_unasked_twice_is_the_same_as_once_and_otherwise_a_conflict(scene: Scene) -> None:
    row = scene.standing()
    for _ in range(2):
        scene.end(row, scene.secretary, reason_code=EndReason.DECEASED, reason="已核实")
    with pytest.raises(Conflict, match="registration_done_otherwise"):
        scene.end(row, scene.secretary, reason_code=EndReason.DECEASED, reason="另有说法")

    assert told(scene, scene.actor).count("registrations.ended") == 1


@pytest.mark.parametrize("reason", [EndReason.WITHDRAWN, EndReason.AREA_CHANGED])
def test_no_secretary_ends_in_the_members_name(scene: Scene, reason: EndReason) -> None:
    with pytest.raises(Invalid, match="由本人提出"):
        scene.end(scene.standing(), scene.secretary, reason_code=reason, reason="想当然")


def test_the_wrong_persons_registration_never_counted(scene: Scene) -> None:
    now = clock.now()
    with clock.at(now - timedelta(days=90)):
        row = scene.standing()
    with clock.at(now - timedelta(days=60)):
        scene.pause(row)
        scene.pause(row, scene.secretary)
    scene.end(row, scene.secretary, reason_code=EndReason.DATA_ERROR, reason="导入时同名同姓")

    held = scene.session.execute(
        sa.text("SELECT count(*) FROM standing_fact WHERE starts_on < ends_on")
    )
    assert held.scalar() == 0
    assert scene.differences() == []


def test_an_additional_registration_rests_and_ends_without_touching_duties(scene: Scene) -> None:
    scene.standing()
    second = scene.make.community()
    by = scene.make.community_secretary(second)
    extra = scene.accept(scene.submit(second, kind=RegistrationKind.ADDITIONAL), by)
    before = scene.open_facts()
    scene.pause(extra)
    scene.pause(extra, by)
    assert (extra.status, scene.open_facts()) == (S.PAUSED, before)
    assert scene.member.also_in == [second.id]

    scene.end(extra)
    scene.end(extra, by)
    assert (extra.status, scene.open_facts()) == (S.ENDED, before)
    assert (scene.member.community_id, scene.member.also_in) == (scene.community.id, [])
    assert scene.differences() == []


def test_a_request_has_no_effect_on_the_member_row_of_another(scene: Scene) -> None:
    other: Member = scene.make.member(community_id=scene.community.id)
    row = scene.standing()
    scene.end(row)
    scene.end(row, scene.secretary)

    assert other.community_id == scene.community.id
