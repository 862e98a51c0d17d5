"""What people write is checked, withheld where it is held, and never lost or refused."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import service as activities
from backend.community.volunteering.activities import sign_ups
from backend.community.volunteering.activities.changing import Plan
from backend.community.volunteering.activities.models import Activity
from backend.community.volunteering.activities.places import Wish
from backend.community.volunteering.activities.shifts import ShiftPlan
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Conflict, NotFound
from backend.core.settings import Settings
from backend.people.areas.models import Area
from backend.support.notifications.models import Notification
from backend.support.text_checks import service, tasks
from backend.support.text_checks.declared import TextKind
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from backend.support.text_checks.withheld import SENTENCES
from backend.wechat.client import TextVerdict
from tests.factories import Make
from tests.http_client import ApiClient

S = TextCheckStatus
PASS, RISKY = TextVerdict(passed=True), TextVerdict(passed=False, label=20001)
HELD, REMOVED = SENTENCES[S.HELD], SENTENCES[S.REMOVED]

TEXTS = TextKind("gardening.texts")


class Scene:
    """An activity of one secretary, a member who signed up, and who decides about what is written:
    the other secretary of the community."""

    def __init__(self, session: Session, settings: Settings, make: Make) -> None:
        self.session, self.settings, self.make = session, settings, make
        self.community = make.community()
        self.author = make.community_secretary(self.community)
        self.member = make.actor(make.member(community_id=self.community.id))
        self.keeper = make.community_secretary(self.community)
        self.activity = self.publish()

    def publish(self) -> Activity:
        """Publish one and move it, of which who signed up is told with its title."""
        begins = clock.now() + timedelta(days=1)
        act: dict[str, Any] = {"session": self.session, "actor": self.author}
        plan = Plan(
            community_code=self.community.code,
            shifts=[ShiftPlan(begins, begins + timedelta(hours=1), 5)],
            title="违禁的标题",
            category=ServiceCategory.CARE,
            content="第一项",
            place="一楼",
        )
        draft = activities.create(**act, plan=plan)
        activities.publish(**act, activity_id=draft.id)
        sign_ups.sign_up(self.session, actor=self.member, activity_id=draft.id, said=Wish())
        return activities.amend(**act, activity_id=draft.id, changes={"place": "二楼"})

    @property
    def check(self) -> TextCheck:
        subject = self.activity.as_subject
        current = sa.select(TextCheck).where(
            TextCheck.subject == subject, TextCheck.status != S.SUPERSEDED
        )
        return self.session.scalars(current).one()

    def answer(self, verdict: TextVerdict | None, problem: str = "") -> TextCheck:
        row = self.check
        tasks._settle(self.session, self.settings, row.id, verdict, problem)
        return row


@pytest.fixture
def scene(session: Session, settings: Settings, make: Make) -> Scene:
    return Scene(session, settings, make)


def seen(client: ApiClient, scene: Scene, actor: Actor) -> tuple[Any, ...]:
    """Return what somebody reads of the activity: in detail and in the list."""
    scene.session.flush()
    scene.session.expunge_all()
    path = f"/activities/{scene.activity.id}"
    detail = client.request("GET", path, as_=actor, expect=200)
    listed = client.request("GET", "/activities", as_=actor, expect=200)["items"][0]
    return detail["title"], detail["content"], listed["title"]


def inbox(client: ApiClient, actor: Actor) -> list[str]:
    items = client.request("GET", "/me/notifications", as_=actor, expect=200)["items"]
    return [item["title"] + item["body"] for item in items]


def test_a_text_that_waits_for_its_check_is_shown(client: ApiClient, scene: Scene) -> None:
    assert scene.check.content == "违禁的标题\n第一项\n二楼"
    assert seen(client, scene, scene.member)[0] == "违禁的标题"


def test_a_passed_text_is_shown_and_its_copy_forgotten(client: ApiClient, scene: Scene) -> None:
    row = scene.answer(PASS)

    assert (row.status, row.content) == (S.PASSED, "")
    assert seen(client, scene, scene.member)[0] == "违禁的标题"


def test_a_held_text_is_withheld_from_all_but_its_author_wherever_it_stands(
    client: ApiClient, scene: Scene
) -> None:
    scene.answer(RISKY)

    assert seen(client, scene, scene.member) == (HELD, HELD, HELD)
    assert not any("违禁" in text for text in inbox(client, scene.member))
    assert seen(client, scene, scene.author) == ("违禁的标题", "第一项", "违禁的标题")


def test_a_released_text_is_shown_again(client: ApiClient, scene: Scene) -> None:
    row = scene.answer(RISKY)
    service.release(scene.session, actor=scene.keeper, check_id=row.id)

    assert seen(client, scene, scene.member)[0] == "违禁的标题"


def test_a_removed_text_stays_with_its_author_who_is_told_why(
    client: ApiClient, scene: Scene
) -> None:
    row = scene.answer(RISKY)
    service.remove(scene.session, actor=scene.keeper, check_id=row.id, reason="请改用规范表述")

    assert seen(client, scene, scene.member)[0] == REMOVED
    assert seen(client, scene, scene.author)[0] == "违禁的标题"
    assert any("请改用规范表述" in text for text in inbox(client, scene.author))


def test_those_who_decide_are_told_once_and_see_the_text_in_the_queue(
    client: ApiClient, scene: Scene
) -> None:
    scene.answer(RISKY)
    scene.session.flush()

    told = scene.session.scalars(
        sa.select(Notification).where(Notification.kind == "text_checks.held")
    ).all()
    assert [entry.account_id for entry in told] == [scene.keeper.account_id]
    queue = client.request("GET", "/text-checks", as_=scene.keeper, expect=200)["items"]
    assert [(one["content"], one["finding"]) for one in queue] == [
        ("违禁的标题\n第一项\n二楼", "微信提示：时政")
    ]
    for nobody in (scene.member, scene.author):
        assert client.request("GET", "/text-checks", as_=nobody, expect=200)["items"] == []
        for step, body in (("release", None), ("removal", {"reason": "x"})):
            path = f"/text-checks/{queue[0]['id']}/{step}"
            client.request("POST", path, as_=nobody, json=body, expect=404)


def test_of_what_the_community_secretary_wrote_the_street_decides(
    session: Session, make: Make, settings: Settings
) -> None:
    community = make.community()
    keeper = make.community_secretary(community)
    township = session.get_one(Area, community.township_id)
    street = make.officer(Role.STREET_OFFICER, township)
    service.submit(
        session,
        keeper,
        kind=TEXTS,
        subject="x:1",
        part="plan",
        area_id=community.id,
        texts=["文字"],
    )
    row = session.scalars(sa.select(TextCheck)).one()
    tasks._settle(session, settings, row.id, RISKY, "")

    with pytest.raises(NotFound):
        service.release(session, actor=keeper, check_id=row.id)
    assert service.release(session, actor=street, check_id=row.id).status is S.RELEASED


def test_of_what_is_written_in_a_branch_of_the_city_the_city_s_officers_decide(
    session: Session, make: Make, settings: Settings
) -> None:
    author = make.actor(make.member())
    officer = make.officer(Role.CITY_OFFICER, make.city())
    area = make.city().id
    service.submit(
        session, author, kind=TEXTS, subject="x:1", part="plan", area_id=area, texts=["文字"]
    )
    row = session.scalars(sa.select(TextCheck)).one()
    tasks._settle(session, settings, row.id, RISKY, "")

    told = session.scalars(sa.select(Notification.account_id)).all()
    assert told == [officer.account_id]
    assert service.release(session, actor=officer, check_id=row.id).status is S.RELEASED


def test_deciding_twice_is_the_same_as_once_and_no_decision_is_undone(scene: Scene) -> None:
    row = scene.answer(RISKY)
    for _ in range(2):
        decided = service.release(scene.session, actor=scene.keeper, check_id=row.id)
        assert decided.status is S.RELEASED
    with pytest.raises(Conflict, match="text_check_state_forbids"):
        service.remove(scene.session, actor=scene.keeper, check_id=row.id, reason="x")


def test_a_new_text_takes_the_place_of_the_old_with_a_check_of_its_own(scene: Scene) -> None:
    held = scene.answer(RISKY)
    subject = held.subject
    service.submit(
        scene.session,
        scene.author,
        kind=TEXTS,
        subject=subject,
        part="plan",
        area_id=scene.community.id,
        texts=["改过的标题"],
    )

    assert held.status is S.SUPERSEDED
    assert (scene.check.status, scene.check.content) == (S.PENDING, "改过的标题")


def test_an_answer_that_comes_late_changes_nothing_about_a_decided_text(scene: Scene) -> None:
    row = scene.answer(RISKY)
    service.release(scene.session, actor=scene.keeper, check_id=row.id)
    scene.answer(RISKY)

    assert row.status is S.RELEASED


def test_what_wechat_cannot_check_in_two_hours_a_person_looks_at_while_it_is_shown(
    client: ApiClient, scene: Scene
) -> None:
    row = scene.answer(None, "deadline")
    assert (row.status, row.problem, row.tries) == (S.PENDING, "deadline", 1)

    with clock.at(clock.now() + timedelta(hours=2, minutes=1)):
        scene.answer(None, "errcode 61010")

    assert row.status is S.UNCHECKED
    assert seen(client, scene, scene.member)[0] == "违禁的标题"
    queue = client.request("GET", "/text-checks", as_=scene.keeper, expect=200)["items"]
    assert [one["finding"] for one in queue] == ["微信未能核查"]


def test_nothing_is_checked_where_nothing_was_written(scene: Scene) -> None:
    before = scene.session.scalar(sa.select(sa.func.count(TextCheck.id)))
    service.submit(
        scene.session,
        scene.author,
        kind=TEXTS,
        subject="x:1",
        part="note",
        area_id=scene.community.id,
        texts=["", None],
    )

    assert scene.session.scalar(sa.select(sa.func.count(TextCheck.id))) == before
