"""A community with its secretary and registered members, for tests of activities."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import attendance, service, sign_ups
from backend.community.volunteering.activities.changing import Plan
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityShift,
    ActivitySignUp,
    AttendanceMark,
    SignUpStatus,
)
from backend.community.volunteering.activities.places import Wish
from backend.community.volunteering.activities.roll import Line
from backend.community.volunteering.activities.shifts import ShiftPlan
from backend.community.volunteering.models import ServiceCategory, ServiceRecord
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.ledger.models import Tally
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Account
from backend.support.notifications.models import Notification
from tests.factories import Make

P = AttendanceMark.PRESENT


class ActivityScene:
    def __init__(self, session: Session, rules: RulePack, make: Make, keys: Crypto) -> None:
        self.session, self.rules, self.make, self.keys = session, rules, make, keys
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        street = session.get_one(Area, self.community.township_id)
        self.street = make.officer(Role.STREET_OFFICER, street)
        self.members = [self.member() for _ in range(3)]

    def member(self, **given: Any) -> Actor:
        values = {"community_id": self.community.id}
        return self.make.actor(self.make.member(**values | given))

    def draft(self, *shifts: tuple[datetime, int], **given: Any) -> Activity:
        begins = shifts or ((clock.now() + timedelta(days=3), 2),)
        plan: dict[str, Any] = {
            "title": "看望独居老人",
            "category": ServiceCategory.CARE,
            "content": "陪老人聊天，打扫卫生",
            "place": "社区党群服务中心",
            "community_code": self.community.code,
            "shifts": [shift(start, places) for start, places in begins],
        }
        return service.create(self.session, actor=self.secretary, plan=Plan(**plan | given))

    def publish(self, *shifts: tuple[datetime, int], **given: Any) -> Activity:
        return self.open(self.draft(*shifts, **given))

    def open(self, draft: Activity) -> Activity:
        return service.publish(self.session, actor=self.secretary, activity_id=draft.id)

    def sign_up(
        self, activity: Activity, actor: Actor, *shifts: ActivityShift, **given: Any
    ) -> ActivitySignUp:
        said = Wish([one.id for one in shifts] or None, **given)
        done = sign_ups.sign_up(self.session, actor=actor, activity_id=id_of(activity), said=said)
        return done.items[0]

    def withdraw(self, activity: Activity, actor: Actor) -> sign_ups.SignUps:
        return sign_ups.withdraw(self.session, actor=actor, activity_id=id_of(activity))

    def cancel(self, activity: Activity, reason: str = "台风来了") -> Activity:
        return service.cancel(
            self.session, actor=self.secretary, activity_id=id_of(activity), reason=reason
        )

    def amend(self, activity: Activity, *plans: ShiftPlan, **given: Any) -> Activity:
        changes = given | ({"shifts": plans} if plans else {})
        return service.amend(
            self.session, actor=self.secretary, activity_id=id_of(activity), changes=changes
        )

    def write(self, activity: Activity, *lines: Line, **given: Any) -> Activity:
        by = given.pop("actor", self.secretary)
        said = attendance.Listing(lines, **given)
        return attendance.write_list(
            self.session, self.rules, self.keys, actor=by, activity_id=id_of(activity), said=said
        )

    def statuses(self, activity: Activity) -> dict[int, SignUpStatus]:
        """Return the live sign-ups, member -> status."""
        self.session.flush()
        rows = self.session.execute(
            sa.select(ActivitySignUp.member_id, ActivitySignUp.status)
            .where(
                ActivitySignUp.activity_id == activity.id,
                ActivitySignUp.status != SignUpStatus.WITHDRAWN,
            )
            .order_by(ActivitySignUp.id)
        )
        return {row.member_id: row.status for row in rows}

    def records(self) -> Sequence[ServiceRecord]:
        return self.session.scalars(sa.select(ServiceRecord).order_by(ServiceRecord.id)).all()

    def occasions(self) -> int:
        total = sa.select(sa.func.coalesce(sa.func.sum(Tally.occasions), 0))
        return int(self.session.scalar(total) or 0)

    def told(self, actor: Actor, kind: str | None = None) -> int:
        found = sa.select(sa.func.count()).where(Notification.account_id == actor.account_id)
        if kind is not None:
            found = found.where(Notification.kind == kind)
        return int(self.session.scalar(found) or 0)

    def member_id(self, actor: Actor) -> int:
        account = self.session.get_one(Account, actor.account_id)
        assert account.member_id is not None
        return account.member_id


def id_of(activity: Activity) -> int:
    """Return which one it is. Once a refusal has undone what was done, a row is not read again
    without somebody who asks."""
    [id_] = sa.inspect(activity).identity or [0]
    return int(id_)


def shift(
    start: datetime, places: int = 2, *, hours: float = 2, id_: int | None = None
) -> ShiftPlan:
    return ShiftPlan(start, start + timedelta(hours=hours), places, id_)


def present(actor: Actor, **given: Any) -> Line:
    return Line(P, member_id=actor.as_member(), **given)
