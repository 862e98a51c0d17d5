"""A test client that signs in and insists on the expected status."""

from json import dumps
from typing import Any

from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.members import service as members
from backend.members.models import Account
from miniprogram_api.app import MiniProgramApi


class ApiClient:
    def __init__(self, app: MiniProgramApi, session: Session, keys: Crypto) -> None:
        self._client = app.test_client()
        self._session = session
        self._keys = keys
        self._tokens: dict[int, str] = {}

    def request(
        self,
        method: str,
        path: str,
        *,
        as_: Actor | None,
        expect: int,
        json: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        signed = {"Authorization": f"Bearer {self.token(as_)}"} if as_ else {}
        answer = self._client.open(
            f"/api/v1{path}",
            method=method,
            data=None if json is None else dumps(json),  # ASCII, as clients in the wild send it
            content_type=None if json is None else "application/json",
            headers=signed | (headers or {}),
        )
        assert answer.status_code == expect, answer.get_data(as_text=True)
        return answer.get_json() if answer.data else None

    def token(self, actor: Actor) -> str:
        """Open a session for the actor's account, once."""
        if actor.account_id not in self._tokens:
            account = self._session.get_one(Account, actor.account_id)
            self._tokens[actor.account_id] = members.open_session(self._session, account).token
        return self._tokens[actor.account_id]
