"""`/wechat/push`: signed and sealed as WeChat does it, taken once, refused from anybody else."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core import clock
from backend.core.actor import Actor
from backend.core.settings import Settings
from backend.people.members.models import Account
from backend.support.attachments.models import Attachment, AttachmentKind, AttachmentStatus
from backend.support.notifications import grants
from backend.wechat.models import WechatPush
from miniprogram_api import compose
from miniprogram_api.app import MiniProgramApi, create_app
from tests.backend.support.attachments.scene import image
from tests.factories import Make
from wechat_sandbox.push_crypto import encrypt, sign

TOKEN, KEY = "token-of-the-tests", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID, OPENID, TEMPLATE = "wx0000000000test01", "openid-of-a-member", "TPL-OF-THE-TESTS"


def popup(openid: str = OPENID, answer: str = "accept", **changed: Any) -> dict[str, Any]:
    entry = {"TemplateId": TEMPLATE, "SubscribeStatusString": answer, "PopupScene": "0"}
    return {
        "ToUserName": "gh_1",
        "FromUserName": openid,
        "CreateTime": str(int(clock.now().timestamp())),
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "List": entry,
    } | changed


POPUP_XML = """<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName>
<CreateTime>{now}</CreateTime><MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event>
<SubscribeMsgPopupEvent><List><TemplateId>TPL-OF-THE-TESTS</TemplateId>
<SubscribeStatusString>accept</SubscribeStatusString><PopupScene>0</PopupScene></List>
<List><TemplateId>TPL-2</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>
</SubscribeMsgPopupEvent></xml>"""


@dataclass
class Sender:
    """WeChat, as it would push; every part can be spoilt."""

    app: MiniProgramApi
    session: Session
    sent: list[tuple[str, bytes, str]] = field(default_factory=list)

    def push(self, plain: str | dict[str, Any], **spoilt: str) -> TestResponse:
        text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
        key, appid = spoilt.pop("key", KEY), spoilt.pop("appid", APPID)
        sealed = encrypt(text.encode(), key, appid)
        stamp = spoilt.pop("timestamp", str(int(clock.now().timestamp())))
        nonce = str(secrets.randbits(31))
        query = {
            "signature": sign(TOKEN, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": sign(TOKEN, stamp, nonce, sealed),
        } | spoilt
        if text.startswith("<"):
            body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()
            kind = "text/xml"
        else:
            body = json.dumps({"ToUserName": "gh_1", "Encrypt": sealed}).encode()
            kind = "application/json"
        self.sent.append((urlencode(query), body, kind))
        return self.again()

    def again(self) -> TestResponse:
        query, body, kind = self.sent[-1]
        return self.app.test_client().post(f"/wechat/push?{query}", data=body, content_type=kind)

    def heard(self) -> int:
        return int(self.session.scalar(sa.select(sa.func.count(WechatPush.key))) or 0)


@pytest.fixture
def sender(app: MiniProgramApi, session: Session) -> Sender:
    return Sender(app, session)


@pytest.fixture
def account(make: Make) -> Account:
    return make.account(openid=OPENID)


def balance(session: Session, account: Account) -> int:
    session.expire_all()
    return grants.balances(session, account.id).get(TEMPLATE, 0)


def test_the_address_is_proved_by_sending_the_echo_back(app: MiniProgramApi) -> None:
    query = {"timestamp": "1", "nonce": "2", "echostr": "987654321"}
    client = app.test_client()
    right = client.get("/wechat/push", query_string=query | {"signature": sign(TOKEN, "1", "2")})
    assert (right.status_code, right.data) == (200, b"987654321")
    for wrong in ("", "0" * 40, sign("another", "1", "2")):
        answer = client.get("/wechat/push", query_string=query | {"signature": wrong})
        assert answer.status_code == 403
        assert b"987654321" not in answer.data


def test_a_push_in_json_is_taken(sender: Sender, session: Session, account: Account) -> None:
    answer = sender.push(popup())

    assert (answer.status_code, answer.data) == (200, b"success")
    assert balance(session, account) == 1


def test_a_push_in_xml_with_several_entries_is_taken(
    sender: Sender, session: Session, account: Account
) -> None:
    now = int(clock.now().timestamp())
    assert sender.push(POPUP_XML.format(openid=OPENID, now=now)).status_code == 200

    assert grants.balances(session, account.id) == {TEMPLATE: 1, "TPL-2": 1}


def test_a_push_that_comes_again_counts_once(
    sender: Sender, session: Session, account: Account
) -> None:
    message = popup()
    sender.push(message)
    assert sender.again().data == b"success"
    assert sender.push(message).data == b"success"  # sealed anew, but the same message

    assert balance(session, account) == 1
    assert sender.heard() == 1


@pytest.mark.parametrize(
    "spoilt",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"timestamp": "1700000000", "msg_signature": "0" * 40},
        {"key": "B" * 43},
        {"appid": "wx-of-somebody-else"},
    ],
    ids=["no signature of ours", "none", "of another time", "another key", "another app"],
)
def test_what_wechat_did_not_seal_for_us_is_refused_and_changes_nothing(
    sender: Sender, session: Session, account: Account, spoilt: dict[str, str]
) -> None:
    assert sender.push(popup(), **spoilt).status_code == 403

    assert balance(session, account) == 0
    assert sender.heard() == 0


def test_the_signature_of_the_address_alone_is_not_enough(
    app: MiniProgramApi, account: Account, session: Session
) -> None:
    """`signature` covers neither body nor message: whoever saw one address could write anything."""
    query = {"signature": sign(TOKEN, "1", "2"), "timestamp": "1", "nonce": "2"}
    for body in (popup(), {"ToUserName": "gh_1", "Encrypt": "AAAA"}):
        answer = app.test_client().post("/wechat/push", query_string=query, json=body)
        assert answer.status_code == 403
    assert balance(session, account) == 0


def test_a_recording_of_an_old_push_is_answered_and_ignored(
    sender: Sender, session: Session, account: Account
) -> None:
    old = str(int((clock.now() - timedelta(hours=3)).timestamp()))

    assert sender.push(popup(), timestamp=old).data == b"success"
    assert balance(session, account) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"<xml>",
        b"<a/>",
        b"\xff\xfe",
        b'{"Encrypt": 5}',
        b"[" * 5000,
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
    ],
)
def test_bodies_that_are_none_are_refused_not_failed(app: MiniProgramApi, body: bytes) -> None:
    answer = app.test_client().post("/wechat/push?timestamp=1&nonce=2&msg_signature=x", data=body)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "changed",
    [
        {"MsgType": None},
        {"FromUserName": 5},
        {"CreateTime": "yesterday"},
        {"CreateTime": 10**30},
        {"FromUserName": "a\x00b"},
        {"List": None},
        {"List": "x"},
        {"List": [5, {"TemplateId": None}]},
        {"Event": "something_new_of_2030"},
    ],
    ids=repr,
)
@pytest.mark.usefixtures("account")
def test_odd_messages_within_the_seal_never_fail(sender: Sender, changed: dict[str, Any]) -> None:
    assert sender.push(popup(**changed)).status_code in (200, 403)


def test_too_large_a_push_is_refused(app: MiniProgramApi) -> None:
    answer = app.test_client().post("/wechat/push", data=b"x" * 70_000)

    assert answer.status_code == 413


def test_pushes_that_come_in_the_wrong_order_end_in_the_right_state(
    sender: Sender, session: Session, account: Account
) -> None:
    now = int(clock.now().timestamp())
    off = popup(answer="reject", Event="subscribe_msg_change_event", CreateTime=str(now))
    sender.push(off)
    sender.push(popup(CreateTime=str(now - 60)))

    assert balance(session, account) == 0
    assert grants.is_exhausted(session, account.id, TEMPLATE)


def test_a_refused_question_takes_nothing_away(
    sender: Sender, session: Session, account: Account
) -> None:
    sender.push(popup())
    sender.push(popup(answer="reject", CreateTime=str(int(clock.now().timestamp()) + 1)))

    assert balance(session, account) == 1


def test_a_push_about_nobody_we_know_is_taken_and_does_nothing(sender: Sender) -> None:
    assert sender.push(popup("openid-of-nobody")).data == b"success"


def test_without_token_and_key_there_is_no_such_address(
    settings: Settings, app: MiniProgramApi
) -> None:
    empty = SecretStr("")
    bare = settings.model_copy(update={"wechat_push_token": empty, "wechat_push_aes_key": empty})
    client = create_app(app.database, compose.services_for(bare, app.database)).test_client()
    for answer in (client.get("/wechat/push"), client.post("/wechat/push")):
        assert answer.status_code == 404


def test_pictures_whose_permission_is_taken_back_are_deleted_but_for_the_branch_s(
    sender: Sender, session: Session, make: Make
) -> None:
    member = make.member()
    account = make.account(member, openid=OPENID)
    actor = Actor(account.id, member_id=member.id)
    community = make.community()
    own = image(session, actor, AttachmentStatus.AVAILABLE, community=community)
    unused = image(session, actor, AttachmentStatus.AVAILABLE)
    kept = image(session, actor, AttachmentStatus.AVAILABLE, community=community)
    kept.subject, kept.of_branch = "meeting:1", True
    session.flush()
    gone = {own.id, unused.id}
    event = {"OpenID": OPENID, "FromUserName": "gh_platform", "RevokeInfo": "14"}

    assert sender.push(popup(Event="user_authorization_revoke", **event)).data == b"success"

    session.expire_all()
    left = set(session.scalars(sa.select(Attachment.id)).all())
    assert left == {kept.id}
    assert not left & gone


@pytest.mark.parametrize(
    ("info", "left"),
    [("14", {"file"}), ("15", {"image"}), ("14,15", set()), ("8", {"file", "image"})],
)
def test_files_whose_permission_is_taken_back_go_as_pictures_do(
    sender: Sender, session: Session, make: Make, info: str, left: set[str]
) -> None:
    member = make.member()
    actor = Actor(make.account(member, openid=OPENID).id, member_id=member.id)
    available, community = AttachmentStatus.AVAILABLE, make.community()
    picture, file = (image(session, actor, available) for _ in "ab")
    of_branch = image(session, actor, available, community=community)
    file.kind = of_branch.kind = AttachmentKind.PDF
    of_branch.subject, of_branch.of_branch = "meeting:1", True
    session.flush()
    named = {picture.id: "image", file.id: "file", of_branch.id: "of the branch"}
    event = {"OpenID": OPENID, "FromUserName": "gh_platform", "RevokeInfo": info}

    assert sender.push(popup(Event="user_authorization_revoke", **event)).data == b"success"

    session.expire_all()
    found = {named[id_] for id_ in session.scalars(sa.select(Attachment.id))}
    assert found == left | {"of the branch"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"Event": "event_of_tomorrow"}, "event_of_tomorrow"),
        ({"Event": "user_authorization_revoke", "RevokeInfo": "99"}, "99"),
    ],
)
def test_what_is_not_acted_on_is_told_in_the_log(
    sender: Sender, make: Make, caplog: pytest.LogCaptureFixture, changed: Any, told: str
) -> None:
    make.account(make.member(), openid=OPENID)

    assert sender.push(popup(**changed)).data == b"success"

    (warning,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert told in (warning.__dict__.get("event"), warning.__dict__.get("revoke_info"))
    assert OPENID not in caplog.text
