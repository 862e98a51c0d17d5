"""The community turns to who registered there: finding members, inviting, declining."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.community.invitations import service as invitations
from backend.community.invitations.models import Invitation
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import (
    CommunityRegistration,
    Visibility,
)
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.models import RecordSource, ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Member
from backend.support.notifications.models import Notification, SubscriptionMessage
from backend.support.notifications.templates import FIELDS, Configured, Template
from tests.factories import Make, service_facts
from tests.http_client import ApiClient


class House:
    """A community with three registered members, an activity and a project."""

    def __init__(self, client: ApiClient, session: Session, rules: RulePack, make: Make) -> None:
        self.client, self.session, self.rules, self.make = client, session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.activity = make.activity(self.community)
        self.project = make.project(self.community)
        self.nurse = self.register("王丽", ["医疗", "急救"], "周末上午")
        self.fixer = self.register("黄师傅", ["水电维修"], "工作日晚上")

    def register(
        self, name: str, skills: list[str], availability: str, **given: Any
    ) -> CommunityRegistration:
        member = self.make.actor(self.make.member(name=name))
        row = registrations.submit(
            self.session,
            self.rules,
            actor=member,
            said=Application(
                community_code=self.community.code,
                skills=skills,
                interests=["助老"],
                availability=availability,
                **given,
            ),
        )
        return registrations.accept(
            self.session, self.rules, actor=self.secretary, registration_id=row.id
        )

    def actor(self, row: CommunityRegistration) -> Actor:
        account = self.session.scalars(
            sa.text("SELECT id FROM account WHERE member_id = :id"), {"id": row.member_id}
        ).one()
        return Actor(account, row.member_id, consented=True, community_id=self.community.id)

    def found(self, query: str = "", as_: Actor | None = None) -> list[Any]:
        path = f"/registered-members?{query}"
        answer = self.client.request("GET", path, as_=as_ or self.secretary, expect=200)
        items: list[Any] = answer["items"]
        return items

    def names(self, query: str = "") -> set[str]:
        return {one["member"]["name"] for one in self.found(query)}

    def invite(self, row: CommunityRegistration, expect: int = 201, **to: int) -> Any:
        body = {"registration_id": row.id} | (to or {"activity_id": self.activity.id})
        return self.client.request(
            "POST", "/invitations", as_=self.secretary, json=body, expect=expect
        )

    def ask(self, row: CommunityRegistration, **to: int) -> Invitation:
        """Invite without HTTP."""
        said = invitations.Inviting(row.id, **to)
        return invitations.invite(self.session, actor=self.secretary, said=said)

    def news_of(self, row: CommunityRegistration) -> list[Notification]:
        account = self.actor(row).account_id
        mine = Notification.account_id == account, Notification.kind == "invitations.invited"
        news = sa.select(Notification).where(*mine).order_by(Notification.id)
        return list(self.session.scalars(news))


@pytest.fixture
def house(client: ApiClient, session: Session, rules: RulePack, make: Make) -> House:
    return House(client, session, rules, make)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"王丽", "黄师傅"}),
        ("q=wangli", {"王丽"}),
        ("q=hsf", {"黄师傅"}),
        ("offer=维修", {"黄师傅"}),
        ("offer=助老", {"王丽", "黄师傅"}),
        ("available=周末", {"王丽"}),
        ("offer=急救&available=晚上", set()),
    ],
)
def test_the_secretary_finds_members_by_name_offer_and_time(
    house: House, query: str, expected: set[str]
) -> None:
    assert house.names(query) == expected


def test_who_is_counted_for_the_unit_alone_or_left_is_not_found(house: House) -> None:
    house.register("陈静", ["医疗"], "", visibility=Visibility.UNIT_ONLY)
    registrations_gone = house.register("林芳", ["医疗"], "")
    registrations_gone.status = type(registrations_gone.status).PAUSED
    house.session.flush()
    assert house.names("offer=医疗") == {"王丽"}


def test_nobody_else_finds_them(house: House, make: Make) -> None:
    elsewhere = make.community_secretary(make.community())
    assert house.found(as_=elsewhere) == []
    assert house.found(as_=house.actor(house.nurse)) == []
    assert house.found(as_=Actor(make.account().id, consented=True)) == []


def test_services_of_this_community_only_are_shown(house: House, make: Make) -> None:
    for community in (house.community, make.community()):
        row = volunteering.submit(
            house.session,
            house.rules,
            actor=house.actor(house.nurse),
            said=volunteering.Logging(
                community_code=community.code,
                facts=service_facts(clock.now() - timedelta(days=1), minutes=90)
                if community is house.community
                else service_facts(clock.now() - timedelta(days=2)),
                is_volunteer_service=False,
            ),
        )
        by = (
            house.secretary if community is house.community else make.community_secretary(community)
        )
        volunteering.confirm(house.session, house.rules, actor=by, record_id=row.id)
    done = {one["member"]["name"]: one["services"] for one in house.found()}
    assert (done["王丽"]["count"], done["王丽"]["minutes"]) == (1, 90)
    assert done["王丽"]["last_on"] is not None
    assert done["黄师傅"] == {"count": 0, "minutes": 0, "last_on": None}


def test_an_hour_that_two_records_claim_is_shown_once(house: House) -> None:
    for begin in (0, 60):
        facts = service_facts(clock.now() - timedelta(days=1, minutes=-begin), minutes=90)
        house.session.add(
            ServiceRecord(
                member_id=house.nurse.member_id,
                community_id=house.community.id,
                source=RecordSource.SELF_LOGGED,
                status=ServiceRecordStatus.CONFIRMED,
                is_volunteer_service=True,
                duration_min=90,
                submitted_at=clock.now(),
                confirm_due_on=clock.today(),
                overlaps_older=True,
                **facts.__dict__,
            )
        )
    house.session.flush()
    (done,) = (one["services"] for one in house.found("q=wangli"))
    assert (done["count"], done["minutes"]) == (1, 150)


def test_no_number_is_shown_and_looking_stays_on_record(house: House) -> None:
    member = house.session.get_one(Member, house.nurse.member_id)
    member.phone_hash = "x"
    found = house.found()
    assert "phone" not in str(found)
    entry = house.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "registered_members.read")
    ).one()
    assert entry.actor_id == house.secretary.account_id
    assert sorted(entry.detail["ids"]) == sorted(  # type: ignore[call-overload]  # a list of ids
        [house.nurse.member_id, house.fixer.member_id]
    )


def test_one_is_asked_to_one_thing_once(house: House) -> None:
    first = house.invite(house.nurse)
    assert house.invite(house.nurse)["id"] == first["id"]
    (news,) = house.news_of(house.nurse)
    assert "不用说明原因" in news.body
    asked = {
        one["member"]["name"]: one["asked"]
        for one in house.found(f"activity_id={house.activity.id}")
    }
    assert asked == {"王丽": "sent", "黄师傅": None}
    house.invite(house.nurse, project_id=house.project.id)
    assert len(house.news_of(house.nurse)) == 2


def test_who_declines_gives_no_reason_and_is_not_asked_again(house: House) -> None:
    invitation = house.invite(house.nurse)
    path = f"/me/invitations/{invitation['id']}"
    nurse = house.actor(house.nurse)
    for _ in range(2):
        answer = house.client.request("POST", f"{path}/decline", as_=nurse, expect=200)
        assert answer["declined_at"]
    (found,) = house.found(f"activity_id={house.activity.id}&q=王丽")
    assert found["asked"] == "declined"
    house.invite(house.nurse)
    assert len(house.news_of(house.nurse)) == 1
    house.client.request("GET", path, as_=nurse, expect=200)
    house.client.request("GET", path, as_=house.actor(house.fixer), expect=404)
    house.client.request("POST", f"{path}/decline", as_=house.actor(house.fixer), expect=404)


def test_who_has_signed_up_is_not_asked(house: House) -> None:
    house.client.request(
        "POST",
        f"/activities/{house.activity.id}/sign-ups",
        as_=house.actor(house.nurse),
        json={},
        expect=201,
    )
    assert house.invite(house.nurse, expect=409)["code"] == "taking_part_already"


def test_only_to_what_is_to_come_in_the_own_community(house: House, make: Make) -> None:
    other = make.activity(make.community())
    assert house.invite(house.nurse, 422, activity_id=other.id)["fields"]["activity_id"]
    house.invite(house.nurse, 422, activity_id=house.activity.id, project_id=house.project.id)
    over = make.activity(house.community, (clock.now() - timedelta(days=3), 5))
    assert house.invite(house.nurse, 409, activity_id=over.id)["code"] == "not_to_come"


def test_nobody_is_asked_too_often_a_day(
    house: House, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(invitations.OF_A_MEMBER):
        house.invite(house.nurse, activity_id=make.activity(house.community).id)
    assert house.invite(house.nurse, expect=409)["code"] == "invited_enough_today"
    monkeypatch.setattr(invitations, "OF_A_COMMUNITY", 3)
    assert house.invite(house.fixer, expect=409)["code"] == "invited_enough_today"
    house.session.execute(
        sa.update(Invitation).values(sent_at=clock.now() - timedelta(days=1, hours=1))
    )
    house.invite(house.fixer)


def test_wechat_repeats_it_to_who_wants_that(house: House, make: Make) -> None:
    make.consent(house.actor(house.nurse))
    for row in (house.nurse, house.fixer):
        house.ask(row, activity_id=house.activity.id)
        house.ask(row, activity_id=house.activity.id)
        house.ask(row, project_id=house.project.id)
    sent = house.session.scalars(sa.select(SubscriptionMessage).order_by("id")).all()
    account = house.actor(house.nurse).account_id
    assert [(one.account_id, one.template) for one in sent] == [(account, "invitation")] * 2
    for message in sent:
        texts = message.data["texts"]
        assert isinstance(texts, list)
        template = Configured(Template.INVITATION, "TPL", FIELDS[Template.INVITATION])
        assert list(template.fill(texts).values()) == texts
        assert message.expires_at <= clock.now() + timedelta(hours=24)


def test_nothing_is_sent_of_what_is_over_by_then(house: House, make: Make) -> None:
    make.consent(house.actor(house.nurse))
    soon = make.activity(house.community, (clock.now() + timedelta(hours=1), 5))
    house.ask(house.nurse, activity_id=soon.id)
    (message,) = house.session.scalars(sa.select(SubscriptionMessage)).all()
    assert message.expires_at == soon.ends_at
