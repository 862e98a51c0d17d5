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
from backend.wechat.errors import WechatRefused, WechatUnavailable
from backend.wechat.models import WechatToken
from backend.wechat.transport import Deadline, Transport

# WeChat's answers last at least 300 s; with less than this left the next one is fetched.
RENEW_BEFORE = timedelta(seconds=60)
PURPOSE = "wechat_token"


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
            answer = self._fetch(deadline, force=refused is not None)
            row.token_encrypted = self._keys.encrypt(answer["access_token"], purpose=PURPOSE)
            row.expires_at = clock.now() + timedelta(seconds=int(answer["expires_in"]))
            return str(answer["access_token"])

    def _lock(self, session: Session, deadline: Deadline) -> WechatToken:
        appid = self._settings.wechat_appid
        milliseconds = max(1, int(deadline.left() * 1000))
        session.execute(sa.select(sa.func.set_config("lock_timeout", f"{milliseconds}", True)))
        session.execute(insert(WechatToken).values(appid=appid).on_conflict_do_nothing())
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

    def _fetch(self, deadline: Deadline, *, force: bool) -> dict[str, Any]:
        """POST /cgi-bin/stable_token; `force` kills the present token (20 times a day)."""
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
            raise WechatRefused(errcode)
        if not answer.get("access_token") or not str(answer.get("expires_in", "")).isdecimal():
            raise WechatUnavailable("malformed answer")
        return answer
