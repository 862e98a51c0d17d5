"""What an activity is to the unit that organises it (rule 2j)."""

from datetime import date, timedelta

import sqlalchemy as sa

from backend.capabilities import EVIDENCE
from backend.community.volunteering.activities.models import AttendanceMark as M
from backend.community.volunteering.activities.roll import Line
from backend.core import clock
from backend.figures import my_duties
from backend.ledger.models import Posting
from backend.ledger.queries import LIVE
from tests.backend.community.volunteering.activity_scene import ActivityScene, present
from tests.backend.community.volunteering.test_attendance import NOW, morning, refused, sound

DAY = timedelta(days=1)


def test_an_activity_of_a_unit_counts_once_for_it_when_somebody_came(
    activities: ActivityScene,
) -> None:
    unit = activities.make.unit(activities.community)
    with clock.at(morning(-5)):
        begins = (morning(-3), morning(-2))
        activity = activities.publish(*((begin, 3) for begin in begins), unit_id=unit.id)
    first, second, _ = activities.members
    assert _of_unit(activities) == []

    one, other = activity.shifts
    activities.write(activity, present(second, shift_id=other.id))
    activities.write(activity, present(first, shift_id=one.id), present(second, shift_id=one.id))
    assert _of_unit(activities) == [(morning(-3).date(), activity.as_subject)]
    assert sound(activities)

    nobody = [
        Line(M.NO_SHOW, member_id=actor.member_id, shift_id=shift.id)
        for actor, shift in ((first, one), (second, one), (second, other))
    ]
    activities.write(activity, *nobody)
    assert _of_unit(activities) == []
    assert sound(activities)


def test_who_organised_what_took_place_is_not_changed(activities: ActivityScene) -> None:
    unit = activities.make.unit(activities.community)
    with clock.at(morning(-5)):
        activity = activities.publish((clock.now() + DAY, 3), (NOW + DAY, 3), unit_id=unit.id)
    first = activity.shifts[0]
    activities.write(activity, present(activities.members[0], shift_id=first.id))

    with refused("activity_took_place"):
        activities.amend(activity, unit_id=None)


def _of_unit(activities: ActivityScene) -> list[tuple[date, str]]:
    found = sa.select(Posting.occurred_on, Posting.occasion).where(
        Posting.kind == "unit_activity", LIVE
    )
    return [(row.occurred_on, row.occasion) for row in activities.session.execute(found)]


def test_the_units_contact_reads_why_an_activity_counts_or_not(activities: ActivityScene) -> None:
    branch = activities.make.branch(activities.make.unit(activities.community))
    contact = activities.make.unit_contact(branch)
    with clock.at(morning(-5)):
        held, unwritten, off = (
            activities.publish((morning(days), 3), unit_id=branch.unit_id) for days in (-3, -2, -1)
        )
        activities.cancel(off)
    activities.write(held, present(activities.members[0]))

    found = my_duties.evidence(
        activities.session,
        activities.rules,
        EVIDENCE,
        actor=contact,
        rule_id="2j",
        year=morning(-3).year,
    )
    assert {(one.source_id, one.counted, one.reason) for one in found} >= {
        (held.id, True, None),
        (unwritten.id, False, "社区尚未登记到场名单。"),
        (off.id, False, "活动已取消。"),
    }
