"""A test client that signs in and insists on the expected status, and on documented ones."""

import re
from collections.abc import Callable
from io import BytesIO
from json import dumps
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse, encode_multipart

from backend.core import clock, crypto
from backend.core.actor import Actor, SessionKind
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.people.members.acting import TERMS
from backend.people.members.models import LoginSession
from miniprogram_api.app import MiniProgramApi

# Puts a database below the application.
Serve = Callable[[Database], MiniProgramApi]

# Statuses by method and rule, as the document names them; the routes are the same in all tests.
_DOCUMENTED: dict[tuple[str, str], set[int]] = {}


class ApiClient:
    def __init__(self, app: MiniProgramApi, session: Session, keys: Crypto) -> None:
        self.app = app
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
        answer = self._open(method, path, as_, json, headers)
        assert answer.status_code == expect, answer.get_data(as_text=True)
        return answer.get_json() if answer.data else None

    def upload(
        self, data: bytes, *, as_: Actor | None, name: str = "a.jpg", expect: int = 201,
        path: str = "/attachments", **more: Any,
    ) -> Any:  # fmt: skip
        """Send one file as `wx.uploadFile` does; `more` are further fields."""
        # Encoded here: the client would use a temporary file and leave it to the collector.
        boundary, body = encode_multipart({"file": FileStorage(BytesIO(data), name), **more})
        answer = self._client.post(
            f"/api/v1{path}",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Authorization": f"Bearer {self.token(as_)}"} if as_ else {},
        )
        assert answer.status_code == expect, answer.get_data(as_text=True)
        self._insist_on_document("POST", f"/api/v1{path}", answer.status_code)
        return answer.get_json()

    def open_link(self, url: str) -> TestResponse:
        """Follow an address handed out, with nobody signed in."""
        return self._client.get(url)

    def answer(
        self,
        method: str,
        path: str,
        *,
        as_: Actor,
        json: Any = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """Return the whole answer, whatever its status."""
        return self._open(method, path, as_, json, headers)

    def status(self, method: str, path: str, *, as_: Actor, json: Any = None) -> int:
        """Return the status alone, for tests of what is open to whom."""
        return self._open(method, path, as_, json, None).status_code

    def request_status(self, method: str, path: str, headers: dict[str, str]) -> int:
        """Return what somebody is answered who is not signed in."""
        return self._open(method, path, None, None, headers).status_code

    def paths(self, method: str) -> list[str]:
        """Return the paths of the OpenAPI document that know `method`, without their base."""
        document = self._client.get("/api/v1/openapi.json").get_json()
        return [
            path.removeprefix("/api/v1")
            for path, operations in document["paths"].items()
            if method in operations
        ]

    def _open(
        self,
        method: str,
        path: str,
        as_: Actor | None,
        json: Any,
        headers: dict[str, str] | None,
    ) -> TestResponse:
        signed = {"Authorization": f"Bearer {self.token(as_)}"} if as_ else {}
        answer = self._client.open(
            f"/api/v1{path}",
            method=method,
            data=None if json is None else dumps(json),  # ASCII, as clients in the wild send it
            content_type=None if json is None else "application/json",
            headers=signed | (headers or {}),
        )
        self._insist_on_document(method, answer.request.path, answer.status_code)
        return answer

    def _insist_on_document(self, method: str, path: str, status: int) -> None:
        """Fail on an answer the OpenAPI document does not name for the operation."""
        try:
            rule, _ = self.app.url_map.bind("").match(path, method, return_rule=True)
        except HTTPException:
            return  # no operation
        documented = self._documented().get((method, rule.rule))
        if documented is not None:
            assert status in documented, f"{method} {rule.rule}: {status} is not documented"

    def _documented(self) -> dict[tuple[str, str], set[int]]:
        if not _DOCUMENTED:
            document = self._client.get("/api/v1/openapi.json").get_json()["paths"]
            for rule in self.app.url_map.iter_rules():
                path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
                for method, operation in document.get(path, {}).items():
                    if "responses" in operation:
                        statuses = {int(status) for status in operation["responses"]}
                        _DOCUMENTED[method.upper(), rule.rule] = statuses
        return _DOCUMENTED

    def hold(self, actor: Actor, token: str) -> None:
        """Let the actor ask with this session from now on."""
        self._tokens[actor.account_id] = token

    def token(self, actor: Actor) -> str:
        """Let the actor be signed in, once: only the row, no trail and no older ones to end."""
        if actor.account_id not in self._tokens:
            token, now = crypto.new_token(), clock.now()
            lasts = TERMS[SessionKind.PHONE]
            terms = {
                "expires_at": now + lasts.lasts,
                "extended_at": now,
                "ends_at": now + lasts.ends_after,
            }
            row = {"account_id": actor.account_id, "token_hash": crypto.token_hash(token)}
            self._session.add(LoginSession(**row, **terms))
            self._session.flush()
            self._tokens[actor.account_id] = token
        return self._tokens[actor.account_id]
