"""A held text stands nowhere for those who may not read it, whoever quotes it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding import service as onboarding
from backend.accounts.onboarding.models import LinkApplication
from backend.accounts.onboarding.service import RosterNoMatch
from backend.branch_life.meetings import service as meetings
from backend.branch_life.meetings.models import MeetingKind, MeetingMode
from backend.branch_life.meetings.service import Plan
from backend.community.claims import service as claims
from backend.community.projects import service as projects
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import (
    CommunityRegistration,
    RejectionCode,
)
from backend.community.volunteering import service as volunteering
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Account
from backend.support.attachments import service as attachments
from backend.support.attachments.models import AttachmentStatus
from backend.support.notifications.models import Notification
from backend.support.text_checks import service
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from backend.support.text_checks.service import REWRITTEN
from backend.support.text_checks.withheld import SENTENCES
from tests.backend.support.attachments.scene import image
from tests.factories import Make, service_facts
from tests.http_client import ApiClient

HELD = SENTENCES[TextCheckStatus.HELD]


class Town:
    """A community and a branch in which everybody writes what must be looked at."""

    def __init__(self, session: Session, rules: RulePack, keys: Crypto, make: Make) -> None:
        self.session, self.rules, self.keys, self.make = session, rules, keys, make
        self.community = make.community()
        self.branch = make.branch(make.unit(self.community))
        self.secretary = make.community_secretary(self.community)
        self.leader = make.branch_secretary(self.branch)
        self.member = make.actor(make.member(self.branch, community_id=self.community.id))
        self.stranger = Actor(make.account().id, consented=True)

    def write_everything(self) -> None:
        self.register()
        self.serve()
        self.meet()
        self.claim()
        self.send_picture()
        self.apply()

    def register(self) -> None:
        one = self.registration()
        act: dict[str, Any] = {"actor": self.secretary, "registration_id": one.id}
        registrations.send_back(self.session, self.rules, **act, reason="违禁补正")
        self.correct(one)
        code = RejectionCode.WRONG_COMMUNITY
        registrations.reject(self.session, self.rules, **act, reason_code=code, reason="违禁不接收")

    def registration(self) -> CommunityRegistration:
        return registrations.submit(
            self.session,
            self.rules,
            actor=self.member,
            said=Application(
                community_code=self.community.code, skills=["违禁特长"], availability="违禁时间"
            ),
        )

    def correct(self, one: CommunityRegistration) -> None:
        registrations.resubmit(
            self.session,
            self.rules,
            actor=self.member,
            registration_id=one.id,
            skills=["违禁特长"],
            interests=[],
            availability="",
        )

    def serve(self) -> None:
        facts = service_facts(content="违禁服务")
        record = volunteering.submit(
            self.session,
            self.rules,
            actor=self.member,
            said=volunteering.Logging(community_code=self.community.code, facts=facts),
        )
        act: dict[str, Any] = {"actor": self.secretary, "record_id": record.id}
        volunteering.send_back(self.session, **act, reason="违禁退回")
        volunteering.resubmit(
            self.session, self.rules, actor=self.member, record_id=record.id, facts=facts
        )
        volunteering.confirm(self.session, self.rules, **act)
        volunteering.void(self.session, self.rules, **act, reason="违禁作废")

    def meet(self) -> None:
        begins = clock.now() + timedelta(days=3)
        meeting = meetings.convene(
            self.session,
            actor=self.leader,
            plan=Plan(
                organization_id=self.branch.id,
                kind=MeetingKind.THEME_DAY,
                title="违禁标题",
                mode=MeetingMode.IN_PERSON,
                place="社区党群服务中心二楼",
                starts_at=begins,
                ends_at=begins + timedelta(hours=1),
                agenda=["违禁议程"],
            ),
        )
        meetings.cancel(self.session, actor=self.leader, meeting_id=meeting.id, reason="违禁原因")

    def claim(self) -> None:
        today = clock.today()
        project = projects.publish(
            self.session,
            actor=self.secretary,
            plan=projects.Plan(
                community_code=self.community.code,
                title="违禁项目",
                content="违禁内容",
                places=2,
                starts_on=today,
                ends_on=today + timedelta(days=9),
                claim_deadline=clock.now() + timedelta(days=8),
            ),
        )
        projects.open_for_claims(self.session, actor=self.secretary, project_id=project.id)
        act: dict[str, Any] = {"project_id": project.id, "said": claims.Claiming(None, "违禁说明")}
        done = claims.claim(self.session, self.rules, actor=self.member, **act)
        by: dict[str, Any] = {"session": self.session, "rules": self.rules, "claim_id": done.id}
        claims.accept(**by, actor=self.secretary)
        claims.start(**by, actor=self.member)
        claims.deliver(**by, actor=self.member, summary="违禁总结", delivered_on=today)
        other = self.make.actor(self.make.member(self.branch, community_id=self.community.id))
        declined = claims.claim(self.session, self.rules, actor=other, **act)
        claims.decline(
            self.session, self.rules, actor=self.secretary, claim_id=declined.id, reason="违禁婉拒"
        )

    def send_picture(self) -> None:
        row = image(self.session, self.member, AttachmentStatus.HELD, community=self.community)
        attachments.remove(
            self.session,
            actor=self.secretary,
            open_subjects=sa.true(),
            attachment_id=row.id,
            reason="违禁移除",
        )

    def apply(self) -> None:
        with pytest.raises(RosterNoMatch):
            onboarding.link(
                self.session,
                self.keys,
                actor=self.stranger,
                phone="10000000003",
                said=onboarding.Linking("code", name="违禁姓名", organization_id=self.branch.id),
            )
        application = self.session.scalars(sa.select(LinkApplication)).one()
        onboarding.refuse(
            self.session, actor=self.leader, application_id=application.id, reason="违禁答复"
        )

    def hold_all(self) -> None:
        for row in self.session.scalars(sa.select(TextCheck)).all():
            if row.status is TextCheckStatus.PENDING:
                service.hold(self.session, row, "hold")

    def strangers_to(self, check: TextCheck) -> Iterator[Actor]:
        """Yield everybody who may not read a held text: neither its author nor its keeper."""
        knowing = {check.account_id, self.secretary.account_id}
        for account in self.session.scalars(sa.select(Account)).all():
            if account.id not in knowing:
                yield Actor(account.id, account.member_id, consented=True)


@pytest.fixture
def town(session: Session, rules: RulePack, keys: Crypto, make: Make) -> Town:
    return Town(session, rules, keys, make)


def bodies(client: ApiClient, actor: Actor) -> list[str]:
    path = "/me/notifications?limit=100"
    items = client.request("GET", path, as_=actor, expect=200)["items"]
    return [item["title"] + item["body"] for item in items]


def test_no_inbox_shows_a_held_text_to_those_who_may_not_read_it(
    client: ApiClient, town: Town
) -> None:
    town.write_everything()
    checks = town.session.scalars(sa.select(TextCheck)).all()
    # Each text is told apart by itself, so that it can be looked for.
    words = {check.id: check.content.split("\n")[0] for check in checks if check.content}

    def shown_to_strangers() -> set[str]:
        town.session.expunge_all()
        return {
            word
            for check in town.session.scalars(sa.select(TextCheck)).all()
            for reader in town.strangers_to(check)
            for word in [words.get(check.id)]
            if word and any(word in text for text in bodies(client, reader))
        }

    assert shown_to_strangers() >= {"违禁项目", "违禁婉拒", "违禁移除"}
    town.hold_all()
    assert shown_to_strangers() == set()


def test_an_author_goes_on_reading_the_own_words(client: ApiClient, town: Town) -> None:
    one = town.registration()
    registrations.send_back(
        town.session, town.rules, actor=town.secretary, registration_id=one.id, reason="违禁补正"
    )
    town.hold_all()
    town.session.expunge_all()

    (read,) = client.request("GET", "/me/registrations", as_=town.member, expect=200)["items"]
    assert read["skills"] == ["违禁特长"]
    assert not any("违禁" in text for text in bodies(client, town.member))


def test_what_stays_in_a_branch_goes_before_nobody_and_is_shown_there(
    client: ApiClient, town: Town
) -> None:
    town.meet()
    town.apply()
    assert town.session.scalars(sa.select(TextCheck)).all() == []

    assert any("违禁标题" in text for text in bodies(client, town.member))
    listed = client.request("GET", "/link-applications?status=refused", as_=town.leader, expect=200)
    assert [one["applicant_name"] for one in listed["items"]] == ["违禁姓名"]


def test_news_of_a_claim_hide_a_title_that_is_held_later_and_show_it_when_released(
    client: ApiClient, town: Town
) -> None:
    town.claim()
    row = town.session.scalars(sa.select(TextCheck).where(TextCheck.part == "plan")).one()
    service.hold(town.session, row, "hold")
    town.session.expunge_all()
    assert HELD in "".join(bodies(client, town.member))

    street = town.make.officer(
        Role.STREET_OFFICER, town.session.get_one(type(town.community), town.community.township_id)
    )
    service.release(town.session, actor=street, check_id=row.id)
    town.session.expunge_all()
    assert any("违禁项目" in text for text in bodies(client, town.member))


def test_a_held_reason_is_gone_for_good_once_it_was_written_anew(
    client: ApiClient, town: Town
) -> None:
    one = town.registration()
    act: dict[str, Any] = {"actor": town.secretary, "registration_id": one.id}
    registrations.send_back(town.session, town.rules, **act, reason="违禁一")
    town.hold_all()
    with clock.at(clock.now() + timedelta(hours=1)):
        town.correct(one)
        registrations.send_back(town.session, town.rules, **act, reason="请补充住址")
    town.session.expunge_all()

    shown = "".join(bodies(client, town.member))
    assert "违禁一" not in shown
    assert REWRITTEN in shown
    assert "请补充住址" in shown
    assert (
        town.session.scalars(
            sa.select(Notification.body).where(Notification.body.contains("违禁"))
        ).all()
        == []
    )


def test_the_name_of_a_file_is_checked_once_it_belongs_to_something(
    session: Session, make: Make
) -> None:
    member = make.actor(make.member())
    image(session, member, AttachmentStatus.HELD)
    assert session.scalars(sa.select(TextCheck)).all() == []

    held = image(session, member, AttachmentStatus.HELD, community=make.community())
    check = session.scalars(sa.select(TextCheck)).one()
    assert (check.subject, check.part, check.content) == (held.as_subject, "name", "照片.jpg")
    attachments.delete(session, member, held)
    assert check.status is TextCheckStatus.SUPERSEDED
