"""Where one registers: at home, at work, outside the city, or not at all."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.community.registrations import lists, policy, receipts, service
from backend.community.registrations.applying import Application
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
    ResidenceBasis,
    Visibility,
)
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.ledger.models import SubjectKind
from backend.ledger.subjects import Subject, bounds_of
from backend.people.areas.models import Area, AreaKind
from backend.people.members.models import Member
from backend.people.organizations.models import OrganizationKind, Unit
from backend.support.attachments.models import AttachmentStatus
from backend.support.text_checks.models import TextCheck
from tests.backend.community.registrations.scene import Scene, ids, read, street_officer, told
from tests.backend.support.attachments.scene import image

S = RegistrationStatus
OUTSIDE: dict[str, Any] = {
    "community_code": None,
    "kind": RegistrationKind.PRIMARY,
    "basis": ResidenceBasis.EXTERNAL,
    "external_place": "广东省湛江市霞山区海滨社区",
}


def send(scene: Scene, actor: Actor | None = None, **changed: Any) -> CommunityRegistration:
    """Register outside the city, with the receipt from there unless told otherwise."""
    actor = actor or scene.actor
    given = OUTSIDE | changed
    if "attachment_ids" not in given:
        given["attachment_ids"] = [image(scene.session, actor, AttachmentStatus.AVAILABLE).id]
    return service.submit(scene.session, scene.rules, actor=actor, said=Application(**given))


def home_secretary(scene: Scene) -> Actor:
    return scene.make.branch_secretary(scene.member.branch)


def test_outside_the_city_the_home_branch_receives(scene: Scene) -> None:
    secretary = home_secretary(scene)
    row = send(scene)
    assert told(scene, secretary) == ["registrations.submitted"]

    scene.accept(row, secretary)

    assert (row.status, scene.member.community_id) == (S.ACTIVE, None)
    assert scene.verdict("2i")[0] == "met"
    assert scene.differences() == []


def test_outside_the_city_no_community_decides_and_nobody_about_oneself(scene: Scene) -> None:
    secretary = home_secretary(scene)
    own, row = send(scene, secretary), send(scene)

    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.accept(own, secretary)
    for stranger in (scene.secretary, scene.make.branch_secretary(scene.make.branch())):
        with pytest.raises(NotFound):
            scene.accept(row, stranger)
    deputy = scene.make.branch_secretary(scene.member.branch)
    assert scene.accept(own, deputy).status is S.ACTIVE


def above(scene: Scene) -> Actor:
    """Return the secretary of the organisation above the member's branch."""
    committee = scene.make.branch(kind=OrganizationKind.COMMITTEE, unit_id=None)
    scene.member.branch.parent_id = committee.id
    return scene.make.branch_secretary(committee)


def test_of_the_branchs_only_secretary_the_organisation_above_judges(scene: Scene) -> None:
    secretary, superior = home_secretary(scene), above(scene)
    row = send(scene, secretary)
    assert told(scene, superior) == ["registrations.submitted"]
    assert ids(scene, superior, lists.listed(superior, decidable=True)) == [row.id]

    assert scene.accept(row, superior).status is S.ACTIVE
    assert scene.differences() == []


def test_of_everybody_else_the_organisation_above_sees_nothing(scene: Scene) -> None:
    home_secretary(scene)
    superior = above(scene)
    row = send(scene)

    assert told(scene, superior) == []
    assert ids(scene, superior, lists.listed(superior)) == []
    with pytest.raises(NotFound, match="registration_not_found"):
        scene.accept(row, superior)


def test_what_waits_at_the_home_branch_is_what_its_secretary_may_decide(scene: Scene) -> None:
    secretary = home_secretary(scene)
    rows = [send(scene), send(scene, secretary), scene.submit(actor=scene.secretary)]

    waiting = ids(scene, secretary, lists.listed(secretary, decidable=True))
    assert waiting == [rows[0].id]
    assert policy.DECIDER.stands(read(scene, secretary, waiting[0]))


def test_outside_the_city_it_rests_and_ends_by_the_home_branch(scene: Scene) -> None:
    secretary = home_secretary(scene)
    row = scene.accept(send(scene), secretary)
    scene.pause(row)
    scene.pause(row, secretary)
    assert scene.verdict("2i")[0] == "exempt"
    scene.end(row)
    scene.end(row, secretary)

    assert row.status is S.ENDED
    assert scene.differences() == []


def test_moving_home_from_outside_is_a_transfer(scene: Scene) -> None:
    old = scene.accept(send(scene), home_secretary(scene))
    new = scene.standing()

    assert (old.status, new.status) == (S.ENDED, S.ACTIVE)
    assert scene.member.community_id == scene.community.id


def test_moving_outside_is_a_transfer_too(scene: Scene) -> None:
    old = scene.standing()
    new = scene.accept(send(scene), home_secretary(scene))

    assert (old.status, new.status) == (S.ENDED, S.ACTIVE)
    assert scene.member.community_id is None
    assert scene.differences() == []


def test_outside_the_city_there_is_no_receipt_of_ours(scene: Scene) -> None:
    row = scene.accept(send(scene), home_secretary(scene))

    with pytest.raises(Conflict, match="receipt_from_elsewhere"):
        receipts.of(scene.session, actor=scene.actor, registration_id=row.id)
    assert receipts.by_id(scene.session, row.id) is None
    assert receipts.verify(scene.session, row.receipt_no or "") is None


def test_a_returned_one_is_sent_again_with_another_receipt(scene: Scene) -> None:
    secretary, row = home_secretary(scene), send(scene)
    service.send_back(
        scene.session, scene.rules, actor=secretary, registration_id=row.id, reason="看不清"
    )
    better = image(scene.session, scene.actor, AttachmentStatus.AVAILABLE)
    given: dict[str, Any] = {"skills": [], "interests": [], "availability": ""}
    given |= {"actor": scene.actor, "registration_id": row.id}
    with pytest.raises(Invalid, match="请上传"), scene.session.begin_nested():
        service.resubmit(scene.session, scene.rules, attachment_ids=[], **given)
    service.resubmit(
        scene.session,
        scene.rules,
        external_place="广东省湛江市赤坎区北桥社区",
        attachment_ids=[better.id],
        **given,
    )

    assert (row.status, row.external_place) == (S.SUBMITTED, "广东省湛江市赤坎区北桥社区")
    assert better.subject == row.as_subject


def test_outside_the_city_no_community_is_asked_about_what_is_written(scene: Scene) -> None:
    """Only the home branch reads where it is: for no community is there anything to check."""
    row = send(scene)
    given: dict[str, Any] = {"registration_id": row.id}
    service.send_back(
        scene.session, scene.rules, actor=home_secretary(scene), **given, reason="看不清"
    )
    given |= {"actor": scene.actor, "skills": ["电工"], "external_place": "广东省湛江市赤坎区"}
    service.resubmit(scene.session, scene.rules, **given)
    service.submit(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        said=Application(community_code=scene.community.code, skills=["电工"]),
    )

    (check,) = scene.session.scalars(sa.select(TextCheck))
    assert (check.part, check.area_id) == ("offer", scene.community.id)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"community_code": "460106003004"}, "community_code"),
        ({"kind": RegistrationKind.ADDITIONAL}, "kind"),
        ({"external_place": None}, "external_place"),
        ({"attachment_ids": ()}, "attachment_ids"),
        ({"basis": None}, "external_place"),
        ({"basis": None, "external_place": None, "attachment_ids": ()}, "community_code"),
    ],
    ids=["community", "additional", "no_place", "no_receipt", "place_at_home", "nowhere"],
)
def test_what_does_not_fit_outside_the_city_is_named(
    scene: Scene, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        send(scene, **changed)
    assert refused.value.field == field


def test_a_correction_inside_the_city_takes_no_place_outside(scene: Scene) -> None:
    row = scene.submit()
    service.send_back(
        scene.session, scene.rules, actor=scene.secretary, registration_id=row.id, reason="补"
    )

    with pytest.raises(Invalid) as refused:
        service.resubmit(
            scene.session,
            scene.rules,
            actor=scene.actor,
            registration_id=row.id,
            skills=[],
            interests=[],
            availability="",
            external_place="湛江",
        )
    assert refused.value.field == "external_place"


def test_at_work_only_the_units_own_community_receives(scene: Scene) -> None:
    unit = scene.session.get_one(Unit, scene.member.unit_id)
    there = scene.session.get_one(Area, unit.community_id)
    with pytest.raises(Invalid, match="单位所在"):
        scene.submit(basis=ResidenceBasis.WORKPLACE)

    row = scene.submit(there, basis=ResidenceBasis.WORKPLACE)
    scene.accept(row, scene.make.community_secretary(there))
    assert (row.status, scene.member.community_id) == (S.ACTIVE, there.id)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [("201", AreaKind.VILLAGE), ("401", AreaKind.OTHER), ("501", AreaKind.OTHER)],
)
def test_villages_and_farms_receive_like_any_community(
    scene: Scene, ending: str, kind: AreaKind
) -> None:
    township = scene.make.township()
    place = scene.make.community(township, kind=kind)
    place.code = f"{township.code}{ending}"
    scene.session.flush()

    row = scene.submit(place)
    assert scene.accept(row, scene.make.community_secretary(place)).status is S.ACTIVE


def resident(scene: Scene) -> Member:
    """Return somebody whose affiliation is in the community, though working for an organ."""
    branch = scene.make.branch(area_id=scene.community.id, unit_id=None)
    return scene.make.member(branch, unit_id=scene.make.unit().id)


def test_whose_affiliation_is_there_already_need_not_register(scene: Scene) -> None:
    actor = scene.make.actor(resident(scene))

    for kind in RegistrationKind:
        with pytest.raises(Conflict, match="registration_not_needed"):
            scene.submit(actor=actor, kind=kind)
    assert scene.submit(scene.make.community(), actor=actor).status is S.SUBMITTED


def bound(scene: Scene, member: Member) -> list[str]:
    """Return the rules that bind a member."""
    subject = Subject(SubjectKind.MEMBER, member.id)
    scene.session.flush()
    return sorted(
        rule_id for rule_id, _ in bounds_of(scene.session, scene.rules.computed, [subject])
    )


def test_neither_2i_nor_2k_applies_to_the_communitys_own_members(scene: Scene) -> None:
    assert bound(scene, resident(scene)) == []
    assert bound(scene, scene.member) == ["2i", "2k"]


def test_a_joint_branch_of_units_is_no_residents_branch(scene: Scene) -> None:
    branch = scene.make.branch(
        area_id=scene.community.id, unit_id=None, kind=OrganizationKind.JOINT_BRANCH
    )
    member = scene.make.member(branch, unit_id=scene.make.unit().id)

    assert scene.submit(actor=scene.make.actor(member)).status is S.SUBMITTED
    assert bound(scene, member) == ["2i", "2k"]


def test_any_number_of_additional_registrations_stand_beside_the_primary_one(scene: Scene) -> None:
    rows = [scene.standing()]
    for _ in range(3):
        place = scene.make.community()
        row = scene.submit(place, kind=RegistrationKind.ADDITIONAL)
        rows.append(scene.accept(row, scene.make.community_secretary(place)))

    assert {row.status for row in rows} == {S.ACTIVE}
    assert scene.member.community_id == scene.community.id


def test_who_is_held_out_of_lists_is_listed_only_while_it_waits(scene: Scene) -> None:
    row = scene.submit(visibility=Visibility.UNIT_ONLY)
    listed, officer = lists.listed(scene.secretary), street_officer(scene)
    assert ids(scene, scene.secretary, listed) == [row.id]

    scene.accept(row)

    assert ids(scene, scene.secretary, listed) == []
    assert ids(scene, officer, lists.listed(officer)) == []
    assert scene.verdict("2i")[0] == "met"
