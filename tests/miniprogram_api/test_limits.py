"""How often what is dear or may be guessed is answered, and what of it stays on record."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.community.demands import service as demands
from backend.community.demands.models import Demand
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Invalid, TooFast, Unauthenticated, Unavailable
from backend.core.settings import Settings
from backend.people.members import acting
from backend.people.members import service as members
from backend.people.members.models import LoginSession
from backend.wechat.client import WechatClient
from backend.wechat.errors import WechatNotAsked
from miniprogram_api.app import MiniProgramApi
from miniprogram_api.support.documents import papers
from miniprogram_api.throttle import BINDINGS, SIGN_INS
from tests.backend.test_races import world  # noqa: F401  # the fixture of real transactions
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.community.test_receipts import Scene, scene  # noqa: F401  # the fixture

World = tuple[Database, Make, Session]


class Wechat:
    """WeChat, saying what a test wants and counting how often it was asked."""

    def __init__(self, says: Callable[[], str]) -> None:
        self.says, self.asked = says, 0

    def code_to_session(self, _code: str, *, asker: str) -> str:
        assert asker
        self.asked += 1
        return self.says()

    def phone_number(self, _code: str, _openid: str) -> str:
        self.asked += 1
        return self.says()


def wechat(app: MiniProgramApi, says: Callable[[], str]) -> Wechat:
    found = Wechat(says)
    app.extensions["party"] = replace(app.extensions["party"], wechat=found)
    return found


def junk() -> str:
    raise Unauthenticated("wechat_code_invalid", "微信登录凭证无效或已过期，请重新登录。")


def used_up() -> str:
    raise Invalid("phone_code", "手机号授权已失效，请重新点击授权。", code="phone_code_invalid")


def down() -> str:
    raise Unavailable("wechat_unavailable", "微信暂时没有响应，请稍后再试。")


def sign_in(client: ApiClient, expect: int) -> Any:
    return client.request("POST", "/sessions", as_=None, expect=expect, json={"code": "a-code"})


def test_junk_sign_ins_do_not_reach_wechat_without_end(
    app: MiniProgramApi, client: ApiClient
) -> None:
    asked = wechat(app, junk)
    for _ in range(SIGN_INS.misses):
        sign_in(client, 401)

    refusal = sign_in(client, 429)

    assert asked.asked == SIGN_INS.misses
    assert "登录失败的次数过多，请1分钟后再试" in refusal["message"]


@pytest.mark.parametrize(("says", "status"), [(lambda: "openid", 201), (down, 503)])
def test_neither_success_nor_an_outage_counts(
    app: MiniProgramApi, client: ApiClient, says: Callable[[], str], status: int
) -> None:
    wechat(app, says)
    for _ in range(SIGN_INS.misses + 2):
        sign_in(client, status)


def test_one_asker_leaves_places_at_wechat_to_others(
    settings: Settings, database: Database, keys: Crypto
) -> None:
    client = WechatClient(settings.model_copy(update={"wechat_concurrency": 4}), database, keys)
    with client._sign_in_place("junk"), client._sign_in_place("junk"):
        with pytest.raises(WechatNotAsked), client._sign_in_place("junk"):
            pass
        with client._sign_in_place("somebody else"):
            with pytest.raises(WechatNotAsked), client._sign_in_place("a third"):
                pass
            with client._operation():  # those who are signed in have theirs
                pass


def test_a_number_is_proven_some_times_an_hour_and_failing_is_on_record(
    app: MiniProgramApi, client: ApiClient, make: Make, session: Session
) -> None:
    asked = wechat(app, used_up)
    newcomer = make.unlinked()
    body = {"phone_code": "a-code"}
    for _ in range(BINDINGS.misses):
        client.request("POST", "/me/member-link", as_=newcomer, expect=422, json=body)

    client.request("POST", "/me/member-link", as_=newcomer, expect=429, json=body)

    assert asked.asked == BINDINGS.misses
    client.request("POST", "/me/member-link", as_=make.unlinked(), expect=422, json=body)
    failed = noted(session, "member.link_failed")
    assert len(failed) == BINDINGS.misses + 1
    assert failed[0].actor_id == newcomer.account_id
    assert failed[0].detail == {"why": "phone_code_invalid"}


def noted(session: Session, action: str) -> list[AuditEntry]:
    found = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(session.scalars(found))


def test_signing_in_and_out_is_on_record_without_any_secret(
    app: MiniProgramApi, client: ApiClient, session: Session
) -> None:
    wechat(app, lambda: "openid-of-somebody")
    token = sign_in(client, 201)["token"]
    out = app.test_client().delete(
        "/api/v1/sessions/current", headers={"Authorization": f"Bearer {token}"}
    )

    assert out.status_code == 204
    (opened,), (closed,) = (noted(session, f"session.{name}") for name in ("opened", "closed"))
    assert opened.actor_id == closed.actor_id
    assert opened.subject == closed.subject == f"account:{opened.actor_id}"
    assert (opened.detail, closed.detail) == ({"kind": "phone"}, {})


def test_an_account_has_so_many_sessions_and_the_oldest_goes(session: Session, make: Make) -> None:
    account = make.account(make.member())
    tokens = [
        members.open_session(session, account).token for _ in range(members.MOST_SESSIONS + 2)
    ]

    assert len(session.scalars(sa.select(LoginSession)).all()) == members.MOST_SESSIONS
    assert acting.actor_of(session, tokens[-1]).account_id == account.id
    assert acting.actor_of(session, tokens[2]).account_id == account.id
    with pytest.raises(Unauthenticated):
        acting.actor_of(session, tokens[1])


def test_demands_sent_at_once_are_counted_one_after_the_other(
    world: World,  # noqa: F811  # the fixture
) -> None:
    database, make, session = world
    community, actor = make.community(), make.unlinked()
    session.commit()

    def bring(_number: int) -> bool:
        try:
            with database.transaction() as own:
                demands.bring(
                    own,
                    actor=actor,
                    said=demands.Bringing(community_code=community.code, title="修路灯"),
                )
        except TooFast:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        brought = list(pool.map(bring, range(demands.A_DAY + 10)))

    assert sum(brought) == demands.A_DAY
    with database.transaction() as after:
        assert len(after.scalars(sa.select(Demand)).all()) == demands.A_DAY


def test_papers_of_one_account_do_not_keep_others_waiting(
    client: ApiClient,
    scene: Scene,  # noqa: F811  # the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = scene.accept().id
    monkeypatch.setattr(papers, "draw", lambda *_: b"%PDF-")
    monkeypatch.setattr(papers, "PLACES", replace(papers.PLACES, patience=0.1))

    def status(who: Actor) -> int:
        return client.status("GET", f"/registrations/{number}/receipt", as_=who)

    with papers.PLACES.one(str(scene.member.account_id)):
        refusal = client.answer("GET", f"/registrations/{number}/receipt", as_=scene.member)
        assert status(scene.secretary) == 200
    assert (refusal.status_code, refusal.get_json()["code"]) == (503, "documents_busy")
    assert refusal.headers["Retry-After"] == "3"
    assert status(scene.member) == 200
