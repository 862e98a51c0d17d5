"""Every operation, asked by somebody with every right in words meant to break it: in `make test`
in one to three of them, each operation in the next ones, in `make test-long` in all."""

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.actor import Actor
from backend.people.organizations.models import Organization
from miniprogram_api.app import MiniProgramApi
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api import hidden_scene
from tests.miniprogram_api.outsiders import (
    Outsiders,
    each_apart,
    fields_of,
    operations,
    query_names,
    sample,
)
from tests.miniprogram_api.rights_scene import Things
from tests.miniprogram_api.test_outsiders import Walk, _bodies
from tests.random_cases import LONG

Word = TypeVar("Word")

IDS = ("9" * 5000, "9" * 20, "-1", "0", "\u0663", "\uff11", "1%00", "%ED%A0%80", "1e3", "x" * 5000)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


WORDS = (
    "%00",
    "%ED%A0%80",
    "%FF",
    "9" * 5000,
    "-" + "9" * 30,
    "\u0663",
    "NaN",
    "1e400",
    "a" * 9000,
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00%2B14:00",
    "0000-00-00",
    cursor("9" * 5000),
    cursor("0001-01-01T00:00:00+14:00|1"),
    cursor("9999-12-31|" + "9" * 18),
    cursor("\u0663"),
    "%25%5C_%27%22",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0.5,
    2**63,
    10**400,
    1e308,
    float("nan"),
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202e\u200b",
    "\u0663",
    "9" * 5000,
    "%\\_'\"",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31",
    [],
    {},
    [[None]],
    [{"a": [1]}],
    {"\x00": "\x00"},
    [2**63],
    ["\x00"],
    ["a"] * 3000,
)
RAW = (
    b"[" * 50_000,
    b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b"9" * 5000,
    b"NaN",
    b"null",
    b'"a"',
    b"[]",
    b"\xff\xfe",
    b'{"a": "\\ud800"}',
    b'{"\\u0000": 1}',
)
HEADERS = (
    {"Idempotency-Key": "\xe9", "If-Match": '"\xb2"'},
    {"Idempotency-Key": "a" * 5000, "If-Match": '"' + "9" * 5000 + '"'},
    {"Idempotency-Key": "k", "If-Match": '"-1"'},
    {"Idempotency-Key": "k", "If-Match": 'W/"' + "9" * 30 + '"'},
    {"Authorization": "Bearer " + "\xe9" * 300},
    {"Authorization": "Basic \xff", "X-Forwarded-For": "\xe9, ::1%", "X-Request-Id": "\xe9" * 70},
)


class Turns(Generic[Word]):
    """Hands out the next few of many words, to one after the other."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._next, self._all = cycle(words), len(words)

    def few(self, count: int) -> Iterator[Word]:
        return islice(self._next, self._all if LONG else count)


class Attack:
    """Asks each operation and keeps what it broke at."""

    def __init__(self, client: ApiClient, walk: Walk, document: dict[str, Any]) -> None:
        self.client, self.walk, self.document = client, walk, document
        self.faults: list[str] = []
        self.tried = 0

    def operations(self, app: MiniProgramApi) -> Iterator[tuple[str, str, Any]]:
        return each_apart(self.walk.outsiders.session, operations(app, self.document))

    def anybody(self) -> Actor:
        """One who may do everything here, anew for each operation: no limit ends the walk."""
        return self.walk.outsiders.all_rights()

    def ask(self, what: str, call: Callable[[], TestResponse]) -> int:
        self.tried += 1
        try:
            status = call().status_code
        except Exception as error:  # whatever it is, it would be a 500
            self.faults.append(f"{what}: {type(error).__name__} {str(error)[:300]}")
            return 500
        if status >= 500 and status != 503:
            self.faults.append(f"{what}: {status}")
        return status

    def send(self, method: str, path: str, raw: bytes, as_: Actor) -> TestResponse:
        return self.client.app.test_client().open(
            f"/api/v1{path}",
            method=method,
            data=raw,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.client.token(as_)}"},
        )


@pytest.fixture
def attack(
    app: MiniProgramApi,
    client: ApiClient,
    session: Session,
    make: Make,
    things: Things,
) -> Iterator[Attack]:
    branch = session.get_one(Organization, things.ids["branch"])
    assert branch.unit is not None
    things.ids |= hidden_scene.fill(session, things, branch.unit.community_id)
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    found = Attack(
        client, Walk(client, things, "anybody", Outsiders(session, make, branch)), document
    )
    yield found
    assert not found.faults, "\n".join(found.faults)
    assert found.tried > 300


def test_ids_no_row_can_have_name_nothing(app: MiniProgramApi, attack: Attack) -> None:
    ids = Turns(IDS)
    for method, rule, _ in attack.operations(app):
        if "{" not in rule:
            continue
        actor = attack.anybody()
        for one in ids.few(3):
            path = re.sub(r"{(\w+)}", quote(one, safe="%"), rule)
            status = attack.ask(
                f"{method} {rule} {one[:10]}",
                lambda m=method, p=path, a=actor: attack.client.answer(  # type: ignore[misc]
                    m, p, as_=a, json={} if m != "GET" else None, headers={"If-Match": '"0"'}
                ),
            )
            if "_id}" in rule and status not in {404, 422}:  # or the body was read first
                attack.faults.append(f"{method} {rule} {one[:10]}: {status} is no 404")


def test_queries_break_nothing(app: MiniProgramApi, attack: Attack) -> None:
    words = Turns(WORDS)
    for method, rule, _ in attack.operations(app):
        actor, path = attack.anybody(), attack.walk.path(rule)
        for name in query_names(method, rule, attack.document) or ["%00"]:
            for word in words.few(1):
                asked = f"{path}?{name}={quote(word, safe='%')}"
                attack.ask(
                    f"{method} {rule} {name}={word[:20]}",
                    lambda m=method, p=asked, a=actor: attack.client.answer(  # type: ignore[misc]
                        m, p, as_=a
                    ),
                )


def test_bodies_break_nothing(
    app: MiniProgramApi,
    attack: Attack,
    things: Things,
) -> None:
    known, values, texts = _bodies(things), Turns(VALUES), Turns(RAW)
    for method, rule, schema in operations(app, attack.document):
        if method == "GET":
            continue
        actor, path = attack.anybody(), attack.walk.path(rule)
        for raw in texts.few(1):
            attack.ask(
                f"{method} {rule} {raw[:10]!r}",
                lambda m=method, p=path, r=raw, a=actor: attack.send(m, p, r, a),  # type: ignore[misc]
            )
        fitting = known.get(re.sub(r"{.*?}", "{}", rule)) or (
            schema and sample(schema, attack.document, attack.walk.ids)
        )
        for name in fields_of(schema, attack.document) if schema else ():
            for value in values.few(1):
                body = {**(fitting or {}), name: value}
                attack.ask(
                    f"{method} {rule} {name}={str(value)[:20]!r}",
                    lambda m=method, p=path, b=body, a=actor: attack.client.answer(  # type: ignore[misc]
                        m, p, as_=a, json=b, headers={"If-Match": '"0"'}
                    ),
                )


def test_headers_break_nothing(app: MiniProgramApi, attack: Attack) -> None:
    odd = Turns(HEADERS)
    for method, rule, schema in attack.operations(app):
        actor, path = attack.anybody(), attack.walk.path(rule)
        body = schema and sample(schema, attack.document, attack.walk.ids)
        for headers in odd.few(2):
            attack.ask(
                f"{method} {rule} {list(headers)}",
                lambda m=method, p=path, b=body, h=headers, a=actor: attack.client.answer(  # type: ignore[misc]
                    m, p, as_=a, json=b, headers=h
                ),
            )
