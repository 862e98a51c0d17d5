"""Kinds belong to their capability: one list knows them all, and no lower layer knows any."""

import importlib
import pkgutil
import re
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import backend
from backend import capabilities
from backend.core import clock
from backend.core.kinds import FORM, Kind
from backend.support.attachments import carried as attachments
from backend.support.attachments.declared import FileKind
from backend.support.notifications import reminders
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.service import News
from backend.support.notifications.templates import Template
from backend.support.text_checks import service as text_checks
from backend.support.text_checks.declared import TextKind
from tests.backend.support.attachments.scene import image
from tests.factories import Make
from tests.http_client import ApiClient


def gardening(**kinds: Kind) -> ModuleType:
    """A capability that a newcomer has just begun."""
    module = ModuleType("backend.community.gardening.kinds")
    vars(module).update(kinds)
    return module


def test_what_is_declared_fits_together() -> None:
    capabilities.check()
    capabilities.check(gardening(WATERED=NewsKind("gardening.watered")))


def test_every_kind_of_the_code_stands_in_the_one_list() -> None:
    folders = pkgutil.walk_packages(backend.__path__, "backend.")
    names = [found.name for found in folders if found.name != "backend.jobs.__main__"]
    modules = [importlib.import_module(name) for name in names]
    found = set(capabilities.declared_in(*modules))

    assert found == set(capabilities.KINDS)
    assert {m for m in modules if m.__name__.endswith(".kinds")} >= set(capabilities.DECLARED)


def test_kinds_are_declared_in_files_of_that_name_and_nowhere_else(root: Path) -> None:
    for file in (root / "backend").rglob("*.py"):
        makes = re.search(r"\b(?:News|Reminder|Text|File)Kind\(\s*\"", file.read_text())
        assert not makes or file.name == "kinds.py", file


def test_each_is_called_as_it_is_named_and_used() -> None:
    for module in capabilities.DECLARED:
        assert module.__file__ is not None
        folder = Path(module.__file__).parent
        code = "".join(file.read_text() for file in folder.rglob("*.py"))
        for constant, kind in vars(module).items():
            if isinstance(kind, Kind):
                assert kind.name == f"{folder.name}.{constant.lower()}"
                assert f"kinds.{constant}" in code, kind


@pytest.mark.parametrize(
    "name", ["watered", "Gardening.watered", "gardening.watered ", "a.b.c", ""]
)
def test_a_name_without_its_capability_is_refused(name: str, connection: sa.Connection) -> None:
    assert not re.fullmatch(FORM, name)
    with pytest.raises(ValueError, match=r"capability\.name"):
        NewsKind(name)
    columns = {"notification": "kind", "reminder": "kind", "text_check": "kind"}
    for table, column in (columns | {"attachment": "carried_as"}).items():
        asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
        text = connection.scalar(asked, {"name": f"ck_{table}_{column}_form"})
        assert text is not None
        assert FORM in text


@pytest.mark.parametrize(
    ("kinds", "problem"),
    [
        ({"A": NewsKind("gardening.a"), "B": ReminderKind("gardening.a")}, "declared twice"),
        ({"A": NewsKind("registrations.accepted")}, "declared by gardening"),
        ({"A": ReminderKind("gardening.a")}, "answered for"),
        ({"A": FileKind("gardening.a")}, "answered for"),
    ],
)
def test_the_program_does_not_start_with_kinds_at_odds(
    kinds: dict[str, Kind], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        capabilities.check(gardening(**kinds))


def test_a_new_kind_is_told_without_a_migration(
    session: Session, client: ApiClient, make: Make
) -> None:
    member = make.member()
    actor = make.actor(member)
    watered = NewsKind("gardening.watered", Template.SERVICE_RESULT)
    news = News(watered, "1", "花已浇水", "今天的花已经浇过水。", "garden:1")
    for _ in range(2):
        notifications.notify_member(session, member.id, news)

    inbox = client.request("GET", "/me/notifications", as_=actor, expect=200)["items"]
    assert [(one["kind"], one["title"]) for one in inbox] == [("gardening.watered", "花已浇水")]
    assert notifications.message(watered, "1", "花").template is Template.SERVICE_RESULT
    with pytest.raises(ValueError, match="inbox alone"):
        notifications.message(NewsKind("gardening.withered"), "1", "花")


def test_a_new_kind_is_planned_checked_and_carried_without_a_migration(
    session: Session, make: Make
) -> None:
    community, actor = make.community(), make.actor(make.member())
    watering, texts = ReminderKind("gardening.watering"), TextKind("gardening.texts")
    reminders.plan_last_day(session, watering, "garden:1", clock.today() + timedelta(days=9))
    text_checks.submit(
        session, actor, kind=texts, subject="garden:1", part="plan", area_id=community.id,
        texts=["种花"],
    )  # fmt: skip
    picture = image(session, actor)
    attachments.attach(
        session, actor=actor, ids=[picture.id], kind=FileKind("gardening.files"),
        subject="garden:1", area_id=community.id,
    )  # fmt: skip
    session.flush()

    assert capabilities.undeclared(session) == [
        "gardening.files",
        "gardening.texts",
        "gardening.watering",
    ]


def test_stored_kinds_that_nobody_declares_are_found(session: Session, make: Make) -> None:
    assert capabilities.undeclared(session) == []
    member = make.member()
    make.actor(member)
    for name in ("gardening.watered", "registrations.accepted"):
        notifications.notify_member(session, member.id, News(NewsKind(name), "1", "", "", "a:1"))

    assert capabilities.undeclared(session) == ["gardening.watered"]
