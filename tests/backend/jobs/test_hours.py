"""What runs at a time of day does so in Shanghai."""

from datetime import datetime

import pytest

from backend.core import clock, queue
from backend.jobs import app as jobs

# Who works or waits is told in the morning; what only tidies up runs at night.
MORNING, NIGHT = range(7, 10), range(6)
TELLS = {
    "absences:tell",
    "conduct_feedback:ask_for_the_year",
    "conduct_feedback:hand_over",
    "unit_registrations:let_fall_due",
}


def hours() -> dict[str, int]:
    """Return in which hour of Shanghai each task runs that has one."""
    app = jobs.create("", concurrency=1)
    found = {}
    for (name, _), periodic in app.periodic_registry.periodic_tasks.items():
        if periodic.cron.split()[1].isdigit():
            moment = periodic.croniter.get_next(ret_type=float, start_time=1_780_000_000.0)
            found[name] = datetime.fromtimestamp(moment, clock.SHANGHAI).hour
    return found


def test_people_hear_in_the_morning_and_the_house_is_cleaned_at_night() -> None:
    found = hours()

    assert found.keys() >= TELLS
    for name, hour in found.items():
        assert hour in (MORNING if name in TELLS else NIGHT), name


def test_a_day_of_the_month_is_shanghais() -> None:
    assert queue.at(8, 47, "1 12 *") == "47 0 1 12 *"
    assert queue.at(3, 17) == "17 19 * * *"
    with pytest.raises(ValueError, match="another day"):
        queue.at(7, 0, "1 12 *")
