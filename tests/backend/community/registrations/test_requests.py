"""Pausing, resuming and ending: asked for, confirmed, refused, taken back."""

import pytest
import sqlalchemy as sa

from backend.community.registrations import lists, requests, service
from backend.community.registrations.models import (
    EndReason,
    PauseReason,
    RegistrationPause,
    RegistrationRequest,
    RegistrationStatus,
    RejectionCode,
    RequestStatus,
)
from backend.core.asker import asked_by
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.support.notifications.models import SubscriptionMessage
from tests.backend.community.registrations.scene import Scene, street_officer, told

S, R = RegistrationStatus, RequestStatus


def last_request(scene: Scene) -> RegistrationRequest:
    found = sa.select(RegistrationRequest).order_by(RegistrationRequest.id.desc())
    row = scene.session.scalars(found).first()
    assert row is not None
    return row


def refuse(scene: Scene, reason: str = "请先与社区联系") -> RegistrationRequest:
    asked = last_request(scene)
    return requests.refuse(scene.session, actor=scene.secretary, request_id=asked.id, reason=reason)


def withdraw(scene: Scene) -> RegistrationRequest:
    asked = last_request(scene)
    return requests.withdraw(scene.session, actor=scene.actor, request_id=asked.id)


def test_asking_changes_nothing_until_the_secretary_confirms(scene: Scene) -> None:
    row = scene.standing()
    scene.pause(row)

    assert (row.status, row.request and row.request.status) == (S.ACTIVE, R.SUBMITTED)
    assert told(scene, scene.secretary)[-1] == "registrations.request_submitted"

    scene.pause(row, scene.secretary)

    assert (row.status, row.request and row.request.status) == (S.PAUSED, R.CONFIRMED)
    assert told(scene, scene.actor)[-1] == "registrations.request_confirmed"
    assert scene.differences() == []


def test_a_refusal_leaves_everything_as_it_was_and_says_why(scene: Scene) -> None:
    scene.make.consent(scene.actor)
    row = scene.standing()
    scene.pause(row)
    refused = refuse(scene)

    assert (refused.status, refused.refusal_reason, row.status) == (
        R.REFUSED,
        "请先与社区联系",
        S.ACTIVE,
    )
    assert told(scene, scene.actor)[-1] == "registrations.request_refused"
    messages = scene.session.scalars(sa.select(SubscriptionMessage)).all()
    assert len(messages) == 2  # accepted, refused


def test_refusing_twice_is_the_same_as_once_and_otherwise_a_conflict(scene: Scene) -> None:
    scene.pause(scene.standing())
    refuse(scene)

    assert refuse(scene).refusal_reason == "请先与社区联系"
    with pytest.raises(Conflict, match="registration_request_done_otherwise"):
        refuse(scene, "另一个说法")
    assert told(scene, scene.actor).count("registrations.request_refused") == 1


def test_what_was_taken_back_can_be_neither_confirmed_nor_refused(scene: Scene) -> None:
    row = scene.standing()
    scene.pause(row)

    assert withdraw(scene).status is R.WITHDRAWN
    assert withdraw(scene).status is R.WITHDRAWN
    with pytest.raises(Conflict, match="nothing_asked"):
        scene.pause(row, scene.secretary)
    with pytest.raises(Conflict, match="registration_request_state_forbids"):
        refuse(scene)


def test_a_secretary_pauses_nobody_who_has_not_asked(scene: Scene) -> None:
    row = scene.standing()

    with pytest.raises(Conflict, match="nothing_asked"):
        scene.pause(row, scene.secretary)
    with pytest.raises(Conflict, match="nothing_asked"):
        scene.end(row, scene.secretary)


def test_a_request_confirms_only_what_it_asks_for(scene: Scene) -> None:
    row = scene.standing()
    scene.end(row)

    with pytest.raises(Conflict, match="nothing_asked"):
        scene.pause(row, scene.secretary)
    assert row.status is S.ACTIVE


def test_only_one_request_waits_and_the_same_again_is_no_second(scene: Scene) -> None:
    row = scene.standing()
    scene.pause(row)
    first = last_request(scene).id
    scene.pause(row)

    assert last_request(scene).id == first
    with pytest.raises(Conflict, match="registration_request_waiting"):
        scene.end(row)


def test_confirming_twice_is_the_same_as_once(scene: Scene) -> None:
    row = scene.paused()
    scene.pause(row, scene.secretary)

    pauses = scene.session.scalars(sa.select(RegistrationPause)).all()
    assert len(pauses) == 1
    assert told(scene, scene.actor).count("registrations.request_confirmed") == 1


def test_a_pause_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(Invalid, match="请选择"):
        scene.pause(scene.standing(), reason_code=None)


@pytest.mark.parametrize("reason", sorted(set(EndReason) - requests.ASKED_FOR))
def test_a_member_cannot_ask_for_what_is_the_communitys_to_say(
    scene: Scene, reason: EndReason
) -> None:
    with pytest.raises(Invalid, match="由社区办理"):
        scene.end(scene.standing(), reason_code=reason)


def test_an_ending_unasked_leaves_no_request_waiting(scene: Scene) -> None:
    row = scene.standing()
    scene.pause(row)
    scene.end(row, scene.secretary, reason_code=EndReason.RETIRED, reason="已办理退休")

    assert last_request(scene).status is R.DROPPED


def test_asking_to_move_drops_what_was_asked_before(scene: Scene) -> None:
    row = scene.standing()
    scene.pause(row)
    scene.submit(scene.make.community())

    assert (row.status, last_request(scene).status) == (S.TRANSFER_PENDING, R.DROPPED)


def test_what_is_being_transferred_does_not_rest(scene: Scene) -> None:
    row = scene.standing()
    scene.submit(scene.make.community())

    with pytest.raises(Conflict, match="registration_state_forbids"):
        scene.pause(row)
    with pytest.raises(Conflict, match="registration_transfer_pending"):
        scene.end(row)


def test_who_rests_resumes_before_moving(scene: Scene) -> None:
    row = scene.paused()

    with pytest.raises(Conflict, match="registration_paused"):
        scene.submit(scene.make.community())
    assert row.status is S.PAUSED


def test_the_old_community_may_end_while_the_new_one_has_not_answered(scene: Scene) -> None:
    old, elsewhere = scene.standing(), scene.make.community()
    new = scene.submit(elsewhere)
    scene.end(old, scene.secretary, reason_code=EndReason.LEFT_UNIT, reason="已调离")

    assert scene.member.community_id is None
    scene.accept(new, scene.make.community_secretary(elsewhere))
    assert scene.member.community_id == elsewhere.id
    assert scene.differences() == []


def test_an_ended_registration_is_not_revived_when_the_move_comes_to_nothing(scene: Scene) -> None:
    old, elsewhere = scene.standing(), scene.make.community()
    new = scene.submit(elsewhere)
    scene.end(old, scene.secretary, reason_code=EndReason.LEFT_UNIT, reason="已调离")
    service.reject(
        scene.session,
        scene.rules,
        actor=scene.make.community_secretary(elsewhere),
        registration_id=new.id,
        reason_code=RejectionCode.WRONG_COMMUNITY,
        reason="不住在本社区",
    )

    assert old.status is S.ENDED
    assert scene.differences() == []


def test_what_the_secretary_asks_goes_to_the_street(scene: Scene) -> None:
    officer = street_officer(scene)
    own = scene.accept(scene.submit(actor=scene.secretary), officer)
    scene.pause(own, scene.secretary)

    assert told(scene, officer)[-1] == "registrations.request_submitted"
    assert own.status is S.ACTIVE
    assert scene.pause(own, officer).status is S.PAUSED


def test_the_street_decides_what_nobody_elses_member_asks(scene: Scene) -> None:
    officer, row = street_officer(scene), scene.standing()
    scene.pause(row)

    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.pause(row, officer)
    with pytest.raises(Forbidden, match="not_your_decision"):
        requests.refuse(
            scene.session, actor=officer, request_id=last_request(scene).id, reason="不同意"
        )


def test_for_the_secretary_of_another_community_no_request_exists(scene: Scene) -> None:
    stranger = scene.make.community_secretary(scene.make.community())
    row = scene.standing()
    scene.pause(row)

    with pytest.raises(NotFound):
        scene.pause(row, stranger)
    with pytest.raises(NotFound):
        requests.withdraw(scene.session, actor=stranger, request_id=last_request(scene).id)


def test_nobody_takes_back_what_another_has_asked(scene: Scene) -> None:
    scene.pause(scene.standing())

    with pytest.raises(Forbidden, match="not_yours"):
        requests.withdraw(scene.session, actor=scene.secretary, request_id=last_request(scene).id)


def test_what_was_asked_on_paper_is_confirmed_as_it_is_entered(scene: Scene) -> None:
    row = scene.standing()
    scene.pause(row, scene.secretary, slip_no="Z-7", reason_code=PauseReason.ILLNESS)
    assert (row.status, last_request(scene).slip_no) == (S.PAUSED, "Z-7")

    scene.resume(row, scene.secretary, slip_no="Z-8")
    assert row.status is S.ACTIVE

    scene.end(row, scene.secretary, slip_no="Z-9", reason_code=EndReason.WITHDRAWN)
    assert (row.status, row.end_reason) == (S.ENDED, EndReason.WITHDRAWN)
    assert scene.differences() == []


def test_a_slip_without_a_reason_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid, match="请选择"):
        scene.pause(scene.standing(), scene.secretary, slip_no="Z-7")


def test_the_secretarys_list_holds_what_waits_and_not_the_own(scene: Scene) -> None:
    row = scene.standing()
    scene.pause(row)
    waiting = lists.requests_listed(scene.secretary, status=R.SUBMITTED, decidable=True)

    found = scene.session.scalars(waiting, asked_by(scene.secretary))
    assert [one.registration_id for one in found] == [row.id]
    mine = lists.requests_listed(scene.actor)
    assert scene.session.scalars(mine, asked_by(scene.actor)).all() == []
