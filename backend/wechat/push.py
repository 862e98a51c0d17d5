"""WeChat's message push: whose it is, what it says, and whether it has been heard before.

Safe mode only: `msg_signature` covers the encrypted body, and inside stands the appid. The body is
JSON or XML, as the account is set up; the message inside likewise.
"""

import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

import sqlalchemy as sa
import xmltodict
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.utils import WeChatSigner

from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.settings import Settings
from backend.wechat.models import WechatPush

# WeChat tries three times within seconds. What is older was recorded by somebody.
FRESH = timedelta(hours=1)

Values = dict[str, Any]


class PushRefused(Exception):
    """Not signed by WeChat, or not readable. The text names the step, never the content."""


@dataclass(frozen=True)
class Push:
    """One message: `event` is its name (`MsgType` where it is no event), `at` when it happened."""

    event: str
    openid: str
    at: datetime
    values: Values
    # By what a repetition is known.
    key: str


class PushReader:
    """Checks and opens what comes to the push address. Without token and key nothing is taken."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.wechat_push_token.get_secret_value()
        self._key = settings.wechat_push_aes_key.get_secret_value()
        self._appid = settings.wechat_appid

    @property
    def configured(self) -> bool:
        return bool(self._token and self._key)

    def verify(self, query: Mapping[str, str]) -> str:
        """Return the `echostr` to send back when the address is entered. Raises PushRefused."""
        self._check(query, "signature", query.get("timestamp", ""), query.get("nonce", ""))
        return query.get("echostr", "")

    def read(self, query: Mapping[str, str], body: bytes) -> Push | None:
        """Return the message; None for a recording of an old one. Raises PushRefused."""
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        sealed = _parsed(body).get("Encrypt")
        if not isinstance(sealed, str):
            raise PushRefused("not encrypted")
        self._check(query, "msg_signature", stamp, nonce, sealed)
        if abs(clock.now() - _moment(stamp)) > FRESH:
            return None
        return _push_of(_parsed(self._open(sealed, query["msg_signature"], stamp, nonce)))

    def _check(self, query: Mapping[str, str], name: str, *parts: str) -> None:
        signer = WeChatSigner()
        signer.add_data(self._token, *parts)
        if not hmac.compare_digest(signer.signature.encode(), query.get(name, "").encode()):
            raise PushRefused("signature")

    def _open(self, sealed: str, signature: str, stamp: str, nonce: str) -> bytes:
        crypto = WeChatCrypto(self._token, self._key, self._appid)
        try:
            text: str = crypto.decrypt_message({"Encrypt": sealed}, signature, stamp, nonce)
        except (WeChatException, ValueError, IndexError, struct.error):
            raise PushRefused("encryption") from None
        return text.encode()


def first_time(session: Session, keys: Crypto, push: Push) -> bool:
    """Remember the push; False when it was heard before. A parallel repetition waits here."""
    key = keys.lookup(push.key, purpose="wechat_push")
    heard = insert(WechatPush).values(key=key).on_conflict_do_nothing().returning(WechatPush.key)
    return session.scalar(heard) is not None


def purge(session: Session) -> None:
    """Forget the pushes whose recording would be refused by its age anyway."""
    session.execute(sa.delete(WechatPush).where(WechatPush.heard_at < clock.now() - 2 * FRESH))


def _parsed(body: bytes) -> Values:
    """Return the object in `body`. xmltodict declares no entities and resolves none."""
    try:
        if body.lstrip().startswith(b"<"):
            found = xmltodict.parse(body.decode())["xml"]
        else:
            found = json.loads(body)
    except (ValueError, KeyError, TypeError, ExpatError, RecursionError):
        raise PushRefused("format") from None
    if not isinstance(found, dict):
        raise PushRefused("format")
    return found


def _push_of(values: Values) -> Push:
    kind = str(values.get("MsgType", ""))
    event = str(values.get("Event", "")) if kind == "event" else kind
    # Events about privacy name the user here; `FromUserName` may be the platform itself.
    openid = values.get("OpenID") or values.get("FromUserName")
    if not event or not isinstance(openid, str) or not _storable(values):
        raise PushRefused("format")
    return Push(event, openid, _moment(values.get("CreateTime")), values, _key_of(event, values))


def _storable(values: Values) -> bool:
    """Whether the database can hold every text in it: neither NUL nor half a surrogate pair."""
    try:
        return "\\u0000" not in json.dumps(values, ensure_ascii=False).encode().decode()
    except UnicodeEncodeError:
        return False


def _key_of(event: str, values: Values) -> str:
    """A user's message has a number, a check its trace; an event is known by all that it says."""
    for name in ("MsgId", "trace_id"):
        if values.get(name):
            return f"{name}:{values[name]}"
    said = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return f"{event}:{hashlib.sha256(said.encode()).hexdigest()}"


def _moment(stamp: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(stamp)), UTC)
    except (ValueError, OverflowError, OSError):
        raise PushRefused("timestamp") from None


def entries(values: Values) -> list[Values]:
    """Return the `List` of a subscription event: one or several, bare or within an element."""
    holder = next((v for v in values.values() if isinstance(v, dict) and "List" in v), values)
    found = holder.get("List")
    listed = found if isinstance(found, list) else [found]
    return [entry for entry in listed if isinstance(entry, dict)]
