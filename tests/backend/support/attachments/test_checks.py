"""WeChat's check: each fault of theirs ends with a person; no order of events loses a verdict."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.core.settings import Settings
from backend.support.attachments import checks, tasks
from backend.support.attachments.models import Attachment, AttachmentStatus, EarlyVerdict
from backend.support.attachments.states import ATTACHMENT
from backend.support.notifications.models import Notification
from backend.wechat.client import WechatClient
from tests.backend.support.attachments.scene import image, member
from tests.backend.test_races import meet
from tests.factories import Make
from tests.wechat_sandbox.program import APPID, SECRET, Sandbox, running

S = AttachmentStatus
CHECK = "wxa/media_check_async"
VERDICTS: dict[str | None, AttachmentStatus] = {
    "pass": S.AVAILABLE, "review": S.HELD, "risky": S.HELD, None: S.HELD, "": S.HELD, "new": S.HELD,
}  # fmt: skip


@pytest.mark.parametrize(("suggest", "after"), VERDICTS.items())
@pytest.mark.parametrize("early", [False, True])
def test_a_verdict_counts_whether_it_comes_before_or_after_its_trace_id(
    session: Session, make: Make, suggest: str | None, after: AttachmentStatus, early: bool
) -> None:
    row = image(session, member(make))
    if early:
        checks.media_checked(session, trace_id="t", suggest=suggest)
    checks.asked(session, attachment_id=row.id, trace_id="t")
    if not early:
        checks.media_checked(session, trace_id="t", suggest=suggest)

    assert (row.status, row.trace_id) == (after, "t")
    assert session.scalars(sa.select(EarlyVerdict)).all() == []


@pytest.mark.parametrize("order", list(itertools.permutations(["pass", "risky", "pass"]))[:4])
def test_only_the_first_verdict_counts(session: Session, make: Make, order: tuple[str]) -> None:
    row = image(session, member(make))
    checks.asked(session, attachment_id=row.id, trace_id="t")
    for suggest in order:
        checks.media_checked(session, trace_id="t", suggest=suggest)

    assert row.status is VERDICTS[order[0]]


@pytest.mark.parametrize("status", [S.AVAILABLE, S.HELD, S.REMOVED])
@pytest.mark.parametrize("suggest", VERDICTS)
def test_a_verdict_never_undoes_what_a_person_decided(
    session: Session, make: Make, status: AttachmentStatus, suggest: str | None
) -> None:
    row = image(session, member(make), status)
    row.trace_id = "t"

    checks.media_checked(session, trace_id="t", suggest=suggest)
    checks.not_asked(session, attachment_id=row.id, problem="late")

    assert row.status is status


def test_a_verdict_about_nothing_is_no_error_and_forgotten(session: Session) -> None:
    for _ in range(2):
        checks.media_checked(session, trace_id="nobody's", suggest="pass")

    assert len(session.scalars(sa.select(EarlyVerdict)).all()) == 1


def test_every_pair_that_is_not_in_the_table_is_refused() -> None:
    allowed = {(t.source, t.event): t.target for t in ATTACHMENT.transitions}
    for state, event in itertools.product(S, ATTACHMENT.events):
        if (state, event) in allowed:
            assert ATTACHMENT.after(state, event) is allowed[state, event]
            continue
        with pytest.raises(Conflict, match="attachment_state_forbids"):
            ATTACHMENT.after(state, event)


@pytest.mark.parametrize("minutes", [39, 41])
def test_forty_minutes_without_a_verdict_are_too_long(
    session: Session, make: Make, minutes: int
) -> None:
    row = image(session, member(make), community=make.community())

    with clock.at(clock.now() + timedelta(minutes=minutes)):
        held = checks.hold_unanswered(session)

    assert (held, row.status) == ((1, S.HELD) if minutes > 40 else (0, S.CHECKING))


def told(session: Session) -> list[int]:
    found = sa.select(Notification).where(Notification.kind == "attachments.held")
    return [row.account_id for row in session.scalars(found)]


def test_reviewers_are_told_once_when_an_attached_one_is_held(session: Session, make: Make) -> None:
    community = make.community()
    secretary = make.community_secretary(community)
    row = image(session, member(make), community=community)
    assert told(session) == []

    checks.asked(session, attachment_id=row.id, trace_id="t")
    checks.media_checked(session, trace_id="t", suggest="risky")
    checks.media_checked(session, trace_id="t", suggest="risky")

    assert told(session) == [secretary.account_id]


def test_reviewers_are_told_when_a_held_one_becomes_attached(session: Session, make: Make) -> None:
    community = make.community()
    secretary = make.community_secretary(community)
    image(session, member(make), S.HELD)
    assert told(session) == []

    image(session, member(make), S.HELD, community=community)

    assert told(session) == [secretary.account_id]


@pytest.fixture(scope="module")
def process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: Sandbox) -> Sandbox:
    process.ctl("reset")
    return process


@pytest.fixture
def worker(
    settings: Settings, committed: Database, keys: Crypto, sandbox: Sandbox
) -> dict[str, Any]:
    changed: dict[str, object] = {
        "wechat_api_base": sandbox.url,
        "wechat_appid": APPID,
        "wechat_secret": SecretStr(SECRET),
        "wechat_deadline_seconds": 1.0,
        "public_base_url": "https://api.example.gov.cn",
    }
    there = settings.model_copy(update=changed)
    wechat = WechatClient(there, committed, keys)
    return {"database": committed, "settings": there, "crypto": keys, "wechat": wechat}


@pytest.fixture
def waiting(worker: dict[str, Any], keys: Crypto, sandbox: Sandbox) -> int:
    """An image of somebody who has just opened the app."""
    sandbox.login(str(sandbox.ctl("code", openid="visitor")["code"]))
    with worker["database"].transaction() as session:
        make = Make(session, keys)
        actor = make.actor(make.member())
        account = make.account(openid="visitor")
        row = image(session, actor)
        row.account_id = account.id
        return row.id


def status_of(worker: dict[str, Any], attachment_id: int) -> Attachment:
    with worker["database"].transaction() as session:
        return session.get_one(Attachment, attachment_id)  # type: ignore[no-any-return]


def test_wechat_is_asked_once_however_often_the_job_runs(
    worker: dict[str, Any], waiting: int, sandbox: Sandbox
) -> None:
    for _ in range(3):
        tasks.ask_wechat(worker, waiting, last=False)

    row = status_of(worker, waiting)
    assert row.trace_id
    assert row.status is S.CHECKING
    assert sandbox.state()["calls"][CHECK] == 1


FAULTS: list[dict[str, Any]] = [
    {"kind": "err", "errcode": -1},
    {"kind": "err", "errcode": 45009},
    {"kind": "err", "errcode": 61010},
    {"kind": "err", "errcode": 87020},
    {"kind": "hang", "seconds": 3},
    {"kind": "http", "status": 502},
    {"kind": "badjson"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
def test_a_fault_of_wechat_s_is_tried_again_and_then_left_to_people(
    worker: dict[str, Any], waiting: int, sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    sandbox.ctl("fault", path=CHECK, times=-1, **fault)

    with pytest.raises(tasks.NotChecked) as failure:
        tasks.ask_wechat(worker, waiting, last=False)
    assert "example" not in str(failure.value)
    assert status_of(worker, waiting).status is S.CHECKING
    tasks.ask_wechat(worker, waiting, last=True)

    row = status_of(worker, waiting)
    assert row.status is S.HELD
    assert row.problem
    assert row.problem == str(failure.value)


def test_a_fault_that_passes_does_no_harm(
    worker: dict[str, Any], waiting: int, sandbox: Sandbox
) -> None:
    sandbox.ctl("fault", path=CHECK, times=1, kind="http", status=502)
    with pytest.raises(tasks.NotChecked):
        tasks.ask_wechat(worker, waiting, last=False)

    tasks.ask_wechat(worker, waiting, last=False)

    assert status_of(worker, waiting).trace_id


def test_somebody_who_has_not_been_there_for_two_hours_is_61010(
    worker: dict[str, Any], waiting: int, sandbox: Sandbox
) -> None:
    tasks.ask_wechat(worker, waiting, last=False)  # a token is there
    with worker["database"].transaction() as session:
        row = session.get_one(Attachment, waiting)
        row.trace_id = None
    sandbox.ctl("skew", seconds=7210)

    tasks.ask_wechat(worker, waiting, last=True)

    assert status_of(worker, waiting).problem == "errcode 61010"


def test_two_at_once_verdict_and_trace_id_do_not_miss_each_other(
    committed: Database, keys: Crypto
) -> None:
    """The push is in its transaction when the job comes: it waits, and finds the verdict."""
    with committed.transaction() as session:
        row_id = image(session, member(Make(session, keys))).id

    meet(
        committed,
        lambda s: checks.media_checked(s, trace_id="t", suggest="risky"),
        lambda s: checks.asked(s, attachment_id=row_id, trace_id="t"),
    )

    with committed.transaction() as session:
        assert session.get_one(Attachment, row_id).status is S.HELD
        assert session.scalars(sa.select(EarlyVerdict)).all() == []
