"""What waits for somebody's decision stands in the order in which it waits, page by page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding.models import LinkApplication, LinkApplicationReason
from backend.community.projects.models import ProjectStatus
from backend.community.registrations.models import CommunityRegistration as R
from backend.community.unit_registrations import service as units
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.risk import RiskClass
from backend.people.areas.models import Area
from backend.support.attachments.models import AttachmentStatus
from backend.support.text_checks.declared import Audience
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests.backend.community.unit_registrations.scene import VENUE
from tests.backend.support.attachments.scene import image
from tests.factories import Make, service_facts
from tests.http_client import ApiClient
from tests.miniprogram_api.test_statements import counted

# How many days ago each came to wait, in the order in which the rows are written.
AGES = (3, 1, 5, 2, 4)
DAY = timedelta(days=1)


class Desk:
    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.place = make.community()
        self.secretary = make.community_secretary(self.place)
        street = session.get_one(Area, self.place.township_id)
        self.street = make.officer(Role.STREET_OFFICER, street)
        self.branch = make.branch()
        self.chief = make.branch_secretary(self.branch)

    def member(self) -> Actor:
        return self.make.actor(self.make.member(self.branch))

    def ask(self, method: str, path: str, who: Actor, expect: int, json: Any = None) -> Any:
        return self.client.request(method, path, as_=who, json=json, expect=expect)

    def send(self, age: int, path: str, who: Actor, body: Any, expect: int = 201) -> int:
        """Send something that many days ago; return its id."""
        with clock.at(clock.now() - age * DAY):
            return int(self.ask("POST", path, who, expect, body)["id"])

    def register(self, age: int, who: Actor) -> int:
        body = {"community_code": self.place.code, "kind": "primary"}
        return self.send(age, "/registrations", who, body)

    def pages(self, path: str, who: Actor) -> list[list[int]]:
        found, cursor = [], ""
        while True:
            page = self.ask("GET", f"{path}{cursor}", who, 200)
            found.append([one["id"] for one in page["items"]])
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def add(self, row: Any) -> int:
        self.session.add(row)
        self.session.flush()
        return int(row.id)


def registration(desk: Desk, age: int) -> int:
    return desk.register(age, desk.member())


def request(desk: Desk, age: int) -> int:
    member = desk.member()
    registered = desk.register(9, member)
    desk.ask("POST", f"/registrations/{registered}/acceptance", desk.secretary, 200)
    path, body = f"/registrations/{registered}/pause", {"reason_code": "study"}
    desk.send(age, path, member, body, expect=200)
    asked = desk.ask("GET", "/registration-requests?limit=100", desk.secretary, 200)["items"]
    return max(int(one["id"]) for one in asked)


def record(desk: Desk, age: int) -> int:
    facts = vars(service_facts(clock.now() - (age * DAY + timedelta(hours=3))))
    body = {name: facts[name] for name in ("category", "content")}
    body |= {name: facts[name].isoformat() for name in ("started_at", "ended_at")}
    body["community_code"] = desk.place.code
    return desk.send(age, "/service-records", desk.member(), body)


def unit_registration(desk: Desk, age: int) -> int:
    branch = desk.make.branch()
    assert branch.unit_id is not None
    with clock.at(clock.now() - age * DAY):
        return units.submit(
            desk.session,
            actor=desk.make.unit_contact(branch),
            said=units.Submission(
                unit_id=branch.unit_id,
                receiver_code=desk.place.code,
                plan="义诊",
                resources=[VENUE],
            ),
        ).id


def leave(desk: Desk, age: int) -> int:
    """The meeting that begins first is decided about first, whenever leave was asked for."""
    begin = clock.now() + (10 - age) * DAY
    row = desk.make.meeting(desk.branch, starts_at=begin, ends_at=begin + timedelta(hours=1))
    path, body = f"/meetings/{row.id}/leave-requests", {"reason_code": "work"}
    return int(desk.ask("POST", path, desk.member(), 201, body)["id"])


def demand(desk: Desk, age: int) -> int:
    body = {"community_code": desk.place.code, "title": "楼道没有灯"}
    return desk.send(age, "/demands", desk.member(), body)


def project(desk: Desk, age: int) -> int:
    given = {"status": ProjectStatus.REVIEW, "risk": RiskClass.MEDIUM, "insurance_note": "已投保"}
    return desk.make.project(desk.place, starts_on=clock.today() - age * DAY, **given).id


def named(one: Any) -> str:
    return getattr(one, "__name__", "")


Waits = tuple[Callable[[Desk, int], int], str, str]
BY_TIME: list[Waits] = [
    (registration, "/registrations?status=submitted&decidable=true", "secretary"),
    (request, "/registration-requests?status=submitted&decidable=true", "secretary"),
    (record, "/service-records?decidable=true", "secretary"),
    (unit_registration, "/unit-registrations?status=submitted&decidable=true", "secretary"),
    (leave, "/leave-requests?status=submitted&decidable=true", "chief"),
    (demand, "/demands?decidable=true", "secretary"),
    (project, "/projects?decidable=true", "street"),
    (registration, "/me/tasks?kind=registrations.answer", "secretary"),
    (request, "/me/tasks?kind=registrations.pause", "secretary"),
    (record, "/me/tasks?kind=volunteering.confirmation", "secretary"),
    (unit_registration, "/me/tasks?kind=unit_registrations.answer", "secretary"),
    (leave, "/me/tasks?kind=meetings.leave", "chief"),
    (demand, "/me/tasks?kind=demands.triage", "secretary"),
]


@pytest.fixture
def desk(client: ApiClient, session: Session, make: Make) -> Desk:
    return Desk(client, session, make)


@pytest.mark.parametrize(
    ("make_one", "path", "who"), BY_TIME, ids=lambda one: getattr(one, "__name__", None)
)
def test_what_has_waited_longest_comes_first(
    desk: Desk, make_one: Callable[[Desk, int], int], path: str, who: str
) -> None:
    ids = {age: make_one(desk, age) for age in AGES}
    found = desk.pages(f"{path}&limit=2", getattr(desk, who))

    assert [len(page) for page in found] == [2, 2, 1]
    assert [id_ for page in found for id_ in page] == [ids[age] for age in sorted(AGES)[::-1]]


def application(desk: Desk) -> int:
    return desk.add(
        LinkApplication(
            account_id=desk.make.account().id,
            organization_id=desk.branch.id,
            reason=LinkApplicationReason.NO_MATCH,
            applicant_name="王申请",
            phone_encrypted="-",
            phone_hash="-",
            phone_tail="0007",
        )
    )


def text(desk: Desk) -> int:
    number = desk.make.account().id
    return desk.add(
        TextCheck(
            account_id=number,
            area_id=desk.place.id,
            kind="demands.texts",
            audience=Audience.OFFICES,
            nameless=True,
            subject=f"demand:{number}",
            part="text",
            content="待核查",
            status=TextCheckStatus.HELD,
        )
    )


def picture(desk: Desk) -> int:
    sender = desk.member()
    return image(desk.session, sender, AttachmentStatus.HELD, community=desk.place).id


BY_ID: list[tuple[Callable[[Desk], int], str, str]] = [
    (application, "/link-applications?decidable=true", "chief"),
    (text, "/text-checks?", "secretary"),
    (picture, "/attachments?decidable=true", "secretary"),
    (application, "/me/tasks?kind=onboarding.naming", "chief"),
    (text, "/me/tasks?kind=text_checks.review", "secretary"),
    (picture, "/me/tasks?kind=attachments.review", "secretary"),
]


@pytest.mark.parametrize(
    ("make_one", "path", "who"), BY_ID, ids=lambda one: getattr(one, "__name__", None)
)
def test_what_came_first_comes_first(
    desk: Desk, make_one: Callable[[Desk], int], path: str, who: str
) -> None:
    ids = [make_one(desk) for _ in range(5)]

    assert desk.pages(f"{path}&limit=2", getattr(desk, who)) == [ids[:2], ids[2:4], ids[4:]]


def test_what_does_not_wait_stands_the_other_way_round(desk: Desk) -> None:
    ids = [registration(desk, age) for age in (3, 2, 1)]

    assert desk.pages("/registrations?limit=2", desk.secretary) == [ids[:0:-1], ids[:1]]


def test_what_waits_of_all_kinds_stands_in_one_order(desk: Desk, connection: sa.Connection) -> None:
    sent = {
        ("registrations.answer", registration(desk, 3)),
        ("registrations.pause", request(desk, 2)),
        ("volunteering.confirmation", record(desk, 1)),
        ("text_checks.review", text(desk)),
        ("attachments.review", picture(desk)),
    }
    with counted(connection) as statements:
        desk.ask("GET", "/me/tasks?with_total=true", desk.secretary, 200)
    assert len(statements) <= 6
    pages, cursor = [], ""
    while cursor is not None:
        page = desk.ask("GET", f"/me/tasks?limit=2&with_total=true{cursor}", desk.secretary, 200)
        assert page["total"] == len(sent)
        pages += page["items"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"

    assert {(one["kind"], one["id"]) for one in pages} == sent
    assert len(pages) == len(sent)
    places = [(one["due_on"] or "9999", one["since"]) for one in pages]
    assert places == sorted(places)
    told = desk.ask("GET", "/me/tasks/counts", desk.secretary, 200)
    assert {one["kind"]: one["count"] for one in told["items"]} == {kind: 1 for kind, _ in sent}


@pytest.mark.parametrize("cursor", ["!", "MQ", "MXwyfDN8NA", "MjAyNi0wMS0wMXwyMDI2LTAxLTAxfGF8MQ"])
def test_a_cursor_of_no_page_is_refused(desk: Desk, cursor: str) -> None:
    desk.ask("GET", f"/me/tasks?cursor={cursor}", desk.secretary, 422)


def test_a_text_that_is_withheld_stands_in_no_task_of_whoever_may_not_read_it(desk: Desk) -> None:
    body = {"community_code": desk.place.code, "kind": "primary", "skills": ["理发"]}
    id_ = desk.send(1, "/registrations", desk.make.actor(desk.make.member(desk.branch)), body)
    subject = f"community_registration:{id_}"
    found = sa.select(TextCheck).where(TextCheck.subject == subject, TextCheck.part == "offer")
    desk.session.scalars(found).one().status = TextCheckStatus.HELD
    member = desk.session.get_one(R, id_).member
    desk.make.appointment(member, Role.COMMUNITY_SECRETARY, area_id=desk.place.id)
    path = "/me/tasks?kind=registrations.answer"
    [task] = desk.ask("GET", path, desk.street, 200)["items"]

    assert task["lines"] == ["申请在本社区报到", "特长：内容正在核查，暂不显示。"]


def test_what_a_unit_offers_is_told_line_by_line(desk: Desk) -> None:
    unit_registration(desk, 1)
    path = "/me/tasks?kind=unit_registrations.answer"
    [task] = desk.ask("GET", path, desk.secretary, 200)["items"]

    assert task["lines"][1:] == ["计划：义诊", "场地：会议室一间，可容纳40人，工作日晚间"]
