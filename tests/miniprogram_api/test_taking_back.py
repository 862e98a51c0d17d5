"""Nothing is taken back once it took place: what was said before is over, and presence stays."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.invitations.models import Invitation
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.community.registrations.models import CommunityRegistration
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivitySignUp,
    ActivityStatus,
    AttendanceMark,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.support.notifications.models import Notification
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_life.meetings.scene import Hall


class Community:
    """A community with an activity that begins in ten minutes, a project, and a member of it."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.place = make.community()
        self.secretary = make.community_secretary(self.place)
        self.activity = make.activity(self.place, (clock.now() + timedelta(minutes=10), 5))
        self.project = make.project(self.place)
        self.member = make.actor(make.member(community_id=self.place.id))
        self._register(self.member)

    def _register(self, member: Actor) -> None:
        rows = {"community_code": self.place.code, "kind": "primary"}
        made = self.ask("POST", "/registrations", member, 201, rows)
        self.ask("POST", f"/registrations/{made['id']}/acceptance", self.secretary, 200)

    def ask(self, method: str, path: str, who: Actor, expect: int, json: Any = None) -> Any:
        return self.client.request(method, path, as_=who, json=json, expect=expect)

    def invite(self, **to: int) -> str:
        """Invite the member; return where it is declined."""
        registration = self.session.scalars(
            sa.select(CommunityRegistration.id).where(
                CommunityRegistration.member_id == self.member.member_id
            )
        ).one()
        body = {"registration_id": registration} | to
        made = self.ask("POST", "/invitations", self.secretary, 201, body)
        return f"/me/invitations/{made['id']}/decline"

    def sign_up(self) -> ActivitySignUp:
        self.ask("POST", f"/activities/{self.activity.id}/sign-ups", self.member, 201, {})
        return self.session.scalars(sa.select(ActivitySignUp)).one()

    def list_as_present(self) -> None:
        row = ActivityAttendance(
            activity_id=self.activity.id,
            shift_id=self.activity.shifts[0].id,
            member_id=self.member.member_id,
            mark=AttendanceMark.PRESENT,
            started_at=self.activity.starts_at,
            ended_at=self.activity.ends_at,
            minutes=120,
            written_by=1,
        )
        self.session.add(row)
        self.session.flush()


@pytest.fixture
def community(client: ApiClient, session: Session, make: Make) -> Community:
    return Community(client, session, make)


@pytest.fixture
def hall(client: ApiClient, session: Session, make: Make) -> Hall:
    return Hall(client, session, make)


def test_an_activity_somebody_has_checked_in_to_is_not_called_off(community: Community) -> None:
    row = community.sign_up()
    row.checked_in_at = clock.now()
    community.session.flush()
    path, why = f"/activities/{community.activity.id}/cancellation", {"reason": "下雨"}
    refused = community.ask("POST", path, community.secretary, 409, why)
    assert refused["code"] == "activity_took_place"

    row.checked_in_at = None
    community.session.flush()
    community.ask("POST", path, community.secretary, 200, why)


def test_who_takes_part_in_an_activity_does_not_decline_it(community: Community) -> None:
    path = community.invite(activity_id=community.activity.id)
    community.sign_up()
    refused = community.ask("POST", path, community.member, 409)

    assert refused["code"] == "taking_part_already"
    assert community.session.scalars(sa.select(Invitation.declined_at)).one() is None
    community.ask(
        "DELETE", f"/activities/{community.activity.id}/sign-ups/mine", community.member, 200
    )
    community.ask("POST", path, community.member, 200)


def test_who_came_along_without_signing_up_took_part(community: Community) -> None:
    path = community.invite(activity_id=community.activity.id)
    community.list_as_present()

    assert community.ask("POST", path, community.member, 409)["code"] == "taking_part_already"


def test_who_claimed_a_project_does_not_decline_it(community: Community) -> None:
    path = community.invite(project_id=community.project.id)
    claims = f"/projects/{community.project.id}/claims"
    claim = community.ask("POST", claims, community.member, 201, {})
    assert community.ask("POST", path, community.member, 409)["code"] == "taking_part_already"

    community.ask("POST", f"/claims/{claim['id']}/withdrawal", community.member, 200)
    community.ask("POST", path, community.member, 200)


def over(activity: Activity) -> None:
    shift = activity.shifts[0]
    begin, end = clock.now() - timedelta(hours=2), clock.now()
    shift.starts_at, shift.ends_at = activity.starts_at, activity.ends_at = begin, end


def called_off(activity: Activity) -> None:
    activity.status, activity.cancel_reason = ActivityStatus.CANCELLED, "下雨"


@pytest.mark.parametrize("happens", [over, called_off])
def test_what_is_over_or_called_off_is_not_declined(community: Community, happens: Any) -> None:
    path = community.invite(activity_id=community.activity.id)
    happens(community.activity)
    community.session.flush()

    assert community.ask("POST", path, community.member, 409)["code"] == "not_to_come"


def test_a_project_is_declined_until_its_last_day(community: Community) -> None:
    path = community.invite(project_id=community.project.id)
    row = community.session.get_one(ServiceProject, community.project.id)
    row.ends_on = clock.today() - timedelta(days=1)
    community.session.flush()
    assert community.ask("POST", path, community.member, 409)["code"] == "not_to_come"

    row.ends_on = clock.today()
    community.session.flush()
    community.ask("POST", path, community.member, 200)
    row.status = ProjectStatus.EXPIRED
    community.session.flush()
    community.ask("POST", path, community.member, 200)  # said before, so no change


def test_leave_is_taken_back_until_the_meeting_is_over(hall: Hall) -> None:
    who = hall.people[3]
    asked = hall.ask("POST", "/leave-requests", who, 201, {"reason_code": "illness"})
    step = f"/leave-requests/{asked['id']}"
    hall.client.request("POST", f"{step}/approval", as_=hall.secretary, expect=200)
    hall.meeting.ends_at = clock.now()
    hall.session.flush()
    refused = hall.client.request("POST", f"{step}/withdrawal", as_=who, expect=409)

    assert refused["code"] == "meeting_over"
    assert [one["status"] for one in hall.shown()["attendance"]] == ["excused"]
    hall.meeting.ends_at = clock.now() + timedelta(minutes=5)
    hall.session.flush()
    hall.client.request("POST", f"{step}/withdrawal", as_=who, expect=200)
    assert hall.shown()["attendance"] == []


def told(community: Community, kind: str) -> list[str]:
    mine = (
        Notification.account_id == community.member.account_id,
        Notification.kind == kind,
    )
    news = sa.select(Notification.title).where(*mine).order_by(Notification.id)
    return list(community.session.scalars(news))


def test_who_was_invited_is_told_once_that_it_moved_and_that_it_is_off(
    community: Community,
) -> None:
    community.invite(activity_id=community.activity.id)
    path = f"/activities/{community.activity.id}"
    community.ask("PATCH", path, community.secretary, 200, {"place": "文化广场"})
    community.ask("PATCH", path, community.secretary, 200, {"title": "清洁社区"})
    assert told(community, "volunteering.activity_changed") == ["邀请您参加的活动有变动"]

    community.ask("POST", f"{path}/cancellation", community.secretary, 200, {"reason": "下雨"})
    assert told(community, "volunteering.activity_cancelled") == ["邀请您参加的活动取消"]


def test_who_declined_is_told_nothing_and_who_signed_up_is_told_as_such(
    community: Community,
) -> None:
    declined = community.invite(activity_id=community.activity.id)
    community.ask("POST", declined, community.member, 200)
    path = f"/activities/{community.activity.id}"
    community.ask("PATCH", path, community.secretary, 200, {"place": "文化广场"})
    assert told(community, "volunteering.activity_changed") == []

    community.sign_up()
    community.ask("PATCH", path, community.secretary, 200, {"place": "社区食堂"})
    assert told(community, "volunteering.activity_changed") == ["活动安排有变动"]
