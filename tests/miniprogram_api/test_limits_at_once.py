"""Many at the same moment are no more than many in a row: what is limited is counted first."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import Database
from backend.core.rotating_code import WRONG
from backend.ledger.rulepack import RulePack
from backend.people.members import look_ups
from backend.people.members import service as members
from backend.people.members.models import Account
from miniprogram_api.app import MiniProgramApi
from miniprogram_api.support.documents import papers
from miniprogram_api.throttle import BINDINGS, NUMBERS, SIGN_INS
from tests.backend.test_races import world  # noqa: F401  # the fixture of real transactions
from tests.factories import Make
from tests.http_client import Serve
from tests.miniprogram_api.community.test_receipts import Scene
from tests.miniprogram_api.test_limits import Wechat, junk, used_up

World = tuple[Database, Make, Session]
ASKED = 100


@pytest.fixture
def live(serve: Serve, world: World) -> MiniProgramApi:  # noqa: F811
    """The application on real transactions: one rolled-back connection takes one at a time."""
    return serve(world[0])


def at_once(ask: Callable[[], int]) -> Counter[int]:
    with ThreadPoolExecutor(10) as pool:
        return Counter(pool.map(lambda _: ask(), range(ASKED)))


def asker(app: MiniProgramApi, session: Session, actor: Actor | None) -> Callable[..., int]:
    """Return what asks as somebody and gives the status."""
    headers = {}
    if actor is not None:
        account = session.get_one(Account, actor.account_id)
        token = members.open_session(session, account).token
        headers = {"Authorization": f"Bearer {token}"}
    session.commit()

    def ask(method: str, path: str, body: Any = None) -> int:
        asked = app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers)
        return asked.status_code

    return ask


def test_wrong_check_in_codes(live: MiniProgramApi, world: World) -> None:  # noqa: F811
    _, make, session = world
    branch = make.branch()
    ask, now = asker(live, session, make.actor(make.member(branch))), clock.now()
    meeting = make.meeting(branch, starts_at=now, ends_at=now + timedelta(hours=1))
    session.commit()
    path = f"/meetings/{meeting.id}/attendance"

    found = at_once(lambda: ask("POST", path, {"code": "00000000"}))

    assert found == {422: WRONG.misses, 429: ASKED - WRONG.misses}


def test_look_ups_of_nobody(live: MiniProgramApi, world: World) -> None:  # noqa: F811
    _, make, session = world
    community = make.community()
    ask = asker(live, session, make.community_secretary(community))
    body = {
        "community_code": community.code,
        "name": "查无此人",
        "phone": "10000000009",
        "slip_no": "2026-001",
    }

    found = at_once(lambda: ask("POST", "/assisted-registrations", body))

    limit = look_ups.THROTTLE.misses
    assert found == {404: limit, 429: ASKED - limit}


def test_numbers_of_no_paper(live: MiniProgramApi, world: World) -> None:  # noqa: F811
    ask = asker(live, world[2], None)

    found = at_once(lambda: ask("GET", "/receipts/BD2026AAAAAAAAAA"))

    assert found == {404: NUMBERS.misses, 429: ASKED - NUMBERS.misses}


def test_sign_ins_with_junk(live: MiniProgramApi, world: World) -> None:  # noqa: F811
    wechat = Wechat(junk)
    live.extensions["party"] = replace(live.extensions["party"], wechat=wechat)
    ask = asker(live, world[2], None)

    found = at_once(lambda: ask("POST", "/sessions", {"code": "a-code"}))

    assert found == {401: SIGN_INS.misses, 429: ASKED - SIGN_INS.misses}
    assert wechat.asked == SIGN_INS.misses


def test_proofs_of_a_number(live: MiniProgramApi, world: World) -> None:  # noqa: F811
    _, make, session = world
    wechat = Wechat(used_up)
    live.extensions["party"] = replace(live.extensions["party"], wechat=wechat)
    ask = asker(live, session, make.unlinked())

    found = at_once(lambda: ask("POST", "/me/member-link", {"phone_code": "a-code"}))

    assert found == {422: BINDINGS.misses, 429: ASKED - BINDINGS.misses}
    assert wechat.asked == BINDINGS.misses


class Drawing:
    """Draws papers once it may go on, and counts how many at once."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.may_go_on = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, *_: object) -> bytes:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.may_go_on.wait(10)
        with self._lock:
            self.now -= 1
        return b"%PDF-"


def test_papers_of_one_account(
    live: MiniProgramApi,
    world: World,  # noqa: F811
    rules: RulePack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One is drawn, few wait for it, the others are refused; somebody else's is drawn beside."""
    _, make, session = world
    scene, drawing = Scene(session, rules, make), Drawing()
    path = f"/registrations/{scene.accept().id}/receipt"
    mine, other = (asker(live, session, who) for who in (scene.member, scene.secretary))
    monkeypatch.setattr(papers, "draw", drawing)

    with ThreadPoolExecutor(10) as pool:
        asked = [pool.submit(mine, "GET", path) for _ in range(20)]
        first = next(as_completed(asked)).result()
        drawing.may_go_on.set()
        found = other("GET", path)

    assert (first, found) == (503, 200)
    assert {one.result() for one in asked} == {200, 503}
    assert drawing.most <= 2
