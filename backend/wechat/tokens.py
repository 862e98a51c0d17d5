"""The stable access token, one for all workers, kept encrypted in PostgreSQL."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.crypto import Crypto, DecryptionFailed
from backend.core.db import Database
from backend.core.settings import REAL_WECHAT, Settings
from backend.wechat.errors import WechatUnavailable
from backend.wechat.models import WechatToken
from backend.wechat.transport import Deadline, Transport

# WeChat's answers last at least 300 s; with less than this left the next one is fetched.
RENEW_BEFORE = timedelta(seconds=60)
PURPOSE = "wechat_token"
# WeChat refreshes by force once in 30 s and 20 times a day, and takes the token from all others.
FORCED_APART = timedelta(seconds=30)
LONGEST_SECONDS = 24 * 3600


class TokenStore:
    """Reads in one statement; whoever renews holds the row, and others read what it wrote."""

    def __init__(
        self, settings: Settings, database: Database, keys: Crypto, transport: Transport
    ) -> None:
        self._settings = settings
        self._database = database
        self._keys = keys
        self._transport = transport

    def token(self, deadline: Deadline, *, refused: str | None = None) -> str:
        """Return a token other than `refused`, fetching one if need be.

        Raises WechatUnavailable, also when the row stays locked beyond the deadline.
        """
        try:
            with self._database.transaction() as session:
                row = session.get(WechatToken, self._settings.wechat_appid)
                if (token := self._usable(row, refused)) is not None:
                    return token
            return self._renew(deadline, refused)
        except SQLAlchemyError as error:
            raise WechatUnavailable(type(error).__name__) from None

    def _renew(self, deadline: Deadline, refused: str | None) -> str:
        with self._database.transaction() as session:
            row = self._lock(session, deadline)
            if (token := self._usable(row, refused)) is not None:
                return token  # somebody else renewed it while we waited
            token, lasts = self._fetch(deadline)
            if token == refused and clock.now() - row.updated_at >= FORCED_APART:
                token, lasts = self._fetch(deadline, force=True)
            if token == refused:
                raise WechatUnavailable("token refused")
            row.token_encrypted = self._keys.encrypt(token, purpose=PURPOSE)
            row.expires_at = clock.now() + lasts
            return token

    def _lock(self, session: Session, deadline: Deadline) -> WechatToken:
        appid = self._settings.wechat_appid
        _limit(session, deadline)
        session.execute(insert(WechatToken).values(appid=appid).on_conflict_do_nothing())
        _limit(session, deadline)
        return session.get_one(WechatToken, appid, with_for_update=True, populate_existing=True)

    def _usable(self, row: WechatToken | None, refused: str | None) -> str | None:
        if row is None or row.token_encrypted is None or row.expires_at is None:
            return None
        if row.expires_at - clock.now() < RENEW_BEFORE:
            return None
        try:
            token = self._keys.decrypt(row.token_encrypted, purpose=PURPOSE)
        except DecryptionFailed:
            return None  # the keys were changed: fetch it again
        return None if token == refused else token

    def _fetch(self, deadline: Deadline, *, force: bool = False) -> tuple[str, timedelta]:
        """POST /cgi-bin/stable_token: the same token until shortly before its end, or by force."""
        answer = self._transport.exchange(
            "POST",
            f"{REAL_WECHAT}/cgi-bin/stable_token",
            deadline,
            json={
                "grant_type": "client_credential",
                "appid": self._settings.wechat_appid,
                "secret": self._settings.wechat_secret.get_secret_value(),
                "force_refresh": force,
            },
        )
        if errcode := int(answer.get("errcode") or 0):
            # Not WechatRefused: this says nothing about what the caller wanted to do.
            raise WechatUnavailable(f"token errcode {errcode}")
        return _read(answer)


def _limit(session: Session, deadline: Deadline) -> None:
    """Bound the next statement as a whole; `lock_timeout` would begin anew with each lock."""
    milliseconds = f"{max(1, int(deadline.left() * 1000))}"
    session.execute(sa.select(sa.func.set_config("statement_timeout", milliseconds, True)))


def _read(answer: dict[str, Any]) -> tuple[str, timedelta]:
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise WechatUnavailable("malformed answer")
    if not 0 < seconds <= LONGEST_SECONDS:
        raise WechatUnavailable("malformed answer")
    return token, timedelta(seconds=seconds)
