"""The paper channel."""

from typing import Any

import pytest

from backend.community.registrations import assisted
from backend.community.registrations.applying import Slip
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    RegistrationStatus,
)
from backend.core.actor import Grant, Role
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.people.members.models import Channel, Member
from tests.backend.community.registrations.scene import Scene, told

S = RegistrationStatus
PHONE = "13876543210"


@pytest.fixture
def elder(scene: Scene, keys: Crypto) -> Member:
    """Somebody on the roster without the app."""
    return scene.make.member(name="吴秀兰", phone_hash=keys.lookup(PHONE, purpose="member.phone"))


def enter(scene: Scene, keys: Crypto, **changed: Any) -> CommunityRegistration:
    given: dict[str, Any] = {
        "name": "吴秀兰",
        "phone": PHONE,
        "slip_no": "2026-007",
        "community_code": scene.community.code,
        "skills": ["烹饪"],
        "availability": "上午",
    }
    by = changed.pop("actor", scene.secretary)
    said = Slip(**given | changed)
    return assisted.register(scene.session, scene.rules, keys, actor=by, said=said)


def test_a_slip_is_accepted_as_it_is_entered_and_says_by_whom(
    scene: Scene, keys: Crypto, elder: Member
) -> None:
    row = enter(scene, keys)

    assert (row.status, row.channel, row.slip_no) == (S.ACTIVE, Channel.ASSISTED, "2026-007")
    assert (row.member_id, row.entered_by_id) == (elder.id, scene.secretary.member_id)
    assert row.receipt_no is not None
    assert elder.community_id == scene.community.id
    assert scene.differences() == []


def test_a_slip_counts_like_any_registration(scene: Scene, keys: Crypto, elder: Member) -> None:
    enter(scene, keys)
    scene.actor = scene.make.actor(elder)

    assert scene.verdict("2i") == ("met", 1, 1)


def test_who_has_the_app_after_all_is_told(scene: Scene, keys: Crypto, elder: Member) -> None:
    actor = scene.make.actor(elder)
    enter(scene, keys)

    assert told(scene, actor) == ["registrations.accepted"]


def test_a_slip_moves_who_stood_elsewhere(scene: Scene, keys: Crypto, elder: Member) -> None:
    place = scene.make.community()
    old = scene.accept(
        scene.submit(place, actor=scene.make.actor(elder)), scene.make.community_secretary(place)
    )
    enter(scene, keys)

    assert (old.status, old.end_reason) == (S.ENDED, EndReason.MOVED)
    assert scene.differences() == []


@pytest.mark.usefixtures("elder")
def test_a_slip_is_entered_once(scene: Scene, keys: Crypto) -> None:
    enter(scene, keys)
    with pytest.raises(Conflict, match="slip_already_entered"):
        enter(scene, keys)
    with pytest.raises(Conflict, match="already_registered"):
        enter(scene, keys, slip_no="2026-008")


@pytest.mark.usefixtures("elder")
def test_only_the_communitys_own_secretary_enters_slips(scene: Scene, keys: Crypto) -> None:
    for actor in (scene.make.community_secretary(scene.make.community()), scene.actor):
        with pytest.raises(Forbidden, match="not_your_community"):
            enter(scene, keys, actor=actor)


def test_nobody_enters_the_own_slip(scene: Scene, keys: Crypto, elder: Member) -> None:
    own = scene.make.actor(elder, Grant(Role.COMMUNITY_SECRETARY, area_id=scene.community.id))

    with pytest.raises(Forbidden, match="not_your_decision"):
        enter(scene, keys, actor=own)


@pytest.mark.usefixtures("elder")
def test_name_and_number_must_both_be_right(scene: Scene, keys: Crypto) -> None:
    with pytest.raises(NotFound, match="roster_no_match"):
        enter(scene, keys, name="吴秀")
