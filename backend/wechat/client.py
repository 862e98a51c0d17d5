"""What the product asks of WeChat: who somebody is, their number, and to pass a message on."""

import enum
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Forbidden, Invalid, Unauthenticated
from backend.core.places import NoPlace, Places
from backend.core.settings import Settings
from backend.wechat.api import BUSY, STALE_TOKEN, MiniProgramClient
from backend.wechat.errors import WechatNotAsked, WechatRefused, WechatUnavailable
from backend.wechat.tokens import TokenStore
from backend.wechat.transport import Deadline, Transport

log = logging.getLogger("wechat")

# Invalid, used before, missing.
BAD_CODE = frozenset({40029, 40163, 41008})
BLOCKED_USER = 40226
# The user accepts no (further) message of this template.
NO_GRANT = 43101
# Nothing was sent and the same message may go later: a rejected token, the day's and the minute's
# quota.
LATER = STALE_TOKEN | {45009, 45011}


# Characters msgSecCheck takes at once.
LONGEST_TEXT = 2500


class Outcome(enum.StrEnum):
    """What became of a message. UNKNOWN may have arrived, so it is never sent again; NOT_SENT has
    certainly not, so it may."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    NO_GRANT = "no_grant"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sent:
    """`msgid` is WeChat's number of the message, by which a later push speaks of it."""

    outcome: Outcome
    problem: str | None = None
    msgid: str | None = None


@dataclass(frozen=True)
class TextVerdict:
    """What the content check says. Whatever is not plainly passed is for a person to look at."""

    passed: bool
    label: int | None = None


class WechatClient:
    """At most `wechat_concurrency` operations at once in this process, each with one deadline."""

    def __init__(self, settings: Settings, database: Database, keys: Crypto) -> None:
        self._settings = settings
        self._transport = Transport(settings.wechat_api_base, threads=settings.wechat_concurrency)
        self._tokens = TokenStore(settings, database, keys, self._transport)
        places = settings.wechat_concurrency
        self._places = threading.BoundedSemaphore(places)
        # Anybody may try to sign in: that leaves places to those who have, and to other addresses.
        self._sign_ins = Places(total=places - places // 4, each=max(1, places // 2))

    def answers(self) -> bool:
        """Say whether WeChat has given a token for these settings that holds, or gives one now."""
        try:
            with self._operation():
                deadline = Deadline.within(self._settings.wechat_deadline_seconds)
                return bool(self._tokens.token(deadline))
        except (WechatUnavailable, WechatRefused):
            return False

    def code_to_session(self, code: str, *, asker: str = "") -> str:
        """Return the openid behind a login code. The session key is dropped here.

        One `asker` has half of the places at most. Raises Unauthenticated `wechat_code_invalid`,
        Forbidden `wechat_user_blocked`, WechatUnavailable.
        """
        with self._sign_in_place(asker), self._operation() as api:
            try:
                answer = api.wxa.code_to_session(code)
            except WechatRefused as refusal:
                raise _sign_in_refused(refusal) from None
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise WechatUnavailable("malformed answer")
        return openid

    def phone_number(self, code: str, openid: str) -> str:
        """Return the number a user agreed to show, digits only, without 86.

        Raises Invalid `phone_code_invalid`, WechatUnavailable.
        """
        with self._operation() as api:
            try:
                info = api.wxa.get_phone_number(code, openid).get("phone_info")
            except WechatRefused as refusal:
                if refusal.errcode in BAD_CODE:
                    raise Invalid(
                        "phone_code",
                        "手机号授权已失效，请重新点击授权。",
                        code="phone_code_invalid",
                    ) from None
                raise WechatUnavailable(str(refusal)) from None
        return _normalised(info)

    def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, object], page: str | None = None
    ) -> Sent:
        """Try once to pass a subscription message on; never raises for WeChat's sake."""
        values = {name: {"value": str(value)} for name, value in data.items()}
        try:
            with self._operation(repeat_when_busy=False) as api:
                answer = api.wxa.send_subscribe_message(openid, template_id, values, page)
        except WechatRefused as refusal:
            return Sent(_send_refused(refusal.errcode), str(refusal))
        except WechatNotAsked as failure:
            return Sent(Outcome.NOT_SENT, failure.problem)
        except WechatUnavailable as unavailable:
            return Sent(Outcome.UNKNOWN, unavailable.problem)
        return Sent(Outcome.SENT, msgid=_text(answer.get("msgid")))

    def check_text(self, content: str, openid: str) -> TextVerdict:
        """Ask about a text its author has just written, in pieces of what WeChat takes at once.

        Raises WechatRefused (61010: no visit within two hours), WechatUnavailable.
        """
        with self._operation() as api:
            pieces = range(0, len(content), LONGEST_TEXT)
            verdicts = (
                _verdict(api.wxa.check_text(content[at : at + LONGEST_TEXT], openid))
                for at in pieces
            )
            return next((one for one in verdicts if not one.passed), TextVerdict(passed=True))

    def check_image(self, openid: str, url: str) -> str:
        """Have WeChat fetch an image of that user's and look at it; return its trace id.

        The verdict is pushed later. Raises WechatRefused, WechatUnavailable.
        """
        with self._operation() as api:
            trace_id = api.wxa.check_image(url, openid).get("trace_id")
        if not isinstance(trace_id, str) or not trace_id:
            raise WechatUnavailable("malformed answer")
        return trace_id

    @contextmanager
    def _sign_in_place(self, asker: str) -> Iterator[None]:
        try:
            with self._sign_ins.one(asker):
                yield
        except NoPlace:
            raise WechatNotAsked("too many calls at once") from None

    @contextmanager
    def _operation(self, *, repeat_when_busy: bool = True) -> Iterator[MiniProgramClient]:
        if not self._places.acquire(blocking=False):
            raise WechatNotAsked("too many calls at once")
        try:
            yield MiniProgramClient(
                self._settings, self._tokens, self._transport, repeat_when_busy=repeat_when_busy
            )
        finally:
            self._places.release()


def _verdict(answer: Mapping[str, object]) -> TextVerdict:
    """`errcode` is 0 for a risky text, too: only `result.suggest` tells."""
    result = answer.get("result")
    if not isinstance(result, dict):
        return TextVerdict(passed=False)
    label = result.get("label")
    return TextVerdict(
        passed=result.get("suggest") == "pass", label=label if isinstance(label, int) else None
    )


def _send_refused(errcode: int) -> Outcome:
    if errcode == BUSY:
        return Outcome.UNKNOWN
    if errcode == NO_GRANT:
        return Outcome.NO_GRANT
    return Outcome.NOT_SENT if errcode in LATER else Outcome.REFUSED


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and value else None


def _sign_in_refused(refusal: WechatRefused) -> Exception:
    if refusal.errcode in BAD_CODE:
        return Unauthenticated("wechat_code_invalid", "微信登录凭证无效或已过期，请重新登录。")
    if refusal.errcode == BLOCKED_USER:
        return Forbidden("wechat_user_blocked", "微信限制了此账号登录，请在微信中查看原因。")
    return WechatUnavailable(str(refusal))


def _normalised(info: object) -> str:
    """`countryCode` is documented as text, samples show a number."""
    if not isinstance(info, dict):
        raise WechatUnavailable("malformed answer")
    country, number = (_digits(info.get(name)) for name in ("countryCode", "purePhoneNumber"))
    if not number:
        raise WechatUnavailable("malformed answer")
    return number if country in ("", "86") else country + number


def _digits(value: object) -> str:
    return "".join(c for c in str(value) if c.isascii() and c.isdigit())
