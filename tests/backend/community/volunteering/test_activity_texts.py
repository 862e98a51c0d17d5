"""What people read of an activity while its texts are looked at."""

import sqlalchemy as sa

from backend.community.volunteering.activities.models import Activity
from backend.support.text_checks import service as text_checks
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from backend.support.text_checks.withheld import SENTENCES
from tests.backend.community.volunteering.activity_scene import ActivityScene, present
from tests.backend.community.volunteering.test_attendance import activity  # noqa: F401  # the fixture
from tests.http_client import ApiClient


def test_a_record_of_an_activity_is_withheld_with_the_title_it_repeats(
    activities: ActivityScene,
    activity: Activity,  # noqa: F811  # the fixture
    client: ApiClient,
) -> None:
    actor = activities.members[0]
    activities.write(activity, present(actor))
    held = sa.select(TextCheck).where(
        TextCheck.subject == activity.as_subject, TextCheck.part == "plan"
    )
    text_checks.hold(activities.session, activities.session.scalars(held).one(), "hold")
    activities.session.expunge_all()

    listed = client.request("GET", "/me/service-records", as_=actor, expect=200)["items"]
    evidence = client.request("GET", "/me/duties/2k/evidence", as_=actor, expect=200)["counted"]
    shown = [one["content"] for one in listed] + [one["title"] for one in evidence]
    assert shown == [SENTENCES[TextCheckStatus.HELD]] * 2
    own = client.request("GET", "/service-records", as_=activities.secretary, expect=200)["items"]
    assert [one["content"] for one in own] == ["看望独居老人"]
