"""Answers are shown by plain functions; what comes out is what marshmallow would dump."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import marshmallow
import pytest
from marshmallow import fields as plain
from marshmallow.fields import Field

from backend.support.text_checks import policy
from miniprogram_api import fields
from miniprogram_api.http import Schema
from miniprogram_api.showing import shower
from miniprogram_api.support.text_checks import schemas as checked
from tests.http_client import ApiClient
from tests.miniprogram_api.rights_scene import Things
from tests.random_cases import LONG

# Made up for each schema.
ROWS = 25 if LONG else 5


def all_schemas() -> list[type[Schema]]:
    found: list[type[Schema]] = []
    waiting: list[type[Schema]] = [Schema]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__name__.endswith(("Out", "OutPage")):
                found.append(one)
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def dumped(schema: type[Schema], row: Any) -> Any:
    """Return what marshmallow makes of a row, with nothing of ours in between."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(Schema, "dump")
        return marshmallow.Schema.dump(schema(), row)


class Rows:
    """Made-up rows for schemas: with nulls, with parts missing, as objects and as dicts."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def row(self, schema: type[marshmallow.Schema]) -> Any:
        root: dict[str, Any] = {"allowed": self.random.random() < 0.5}
        for name, field in schema().dump_fields.items():
            # A dict without it would show its method of that name: marshmallow asks for both.
            if self.random.random() < 0.9 or hasattr(
                dict, (field.attribute or name).split(".")[-1]
            ):
                self._put(root, (field.attribute or name).split("."), self.value(field))
        if "withheld" not in root:
            root["withheld"] = self._withheld(schema)
        return self._made(root)

    def _put(self, root: dict[str, Any], path: list[str], value: Any) -> None:
        *above, last = path
        for part in above:
            root = root.setdefault(part, Branch())
            if not isinstance(root, Branch):
                return
        root[last] = value

    def _made(self, root: dict[str, Any]) -> Any:
        for name, value in root.items():
            if isinstance(value, Branch):
                root[name] = self._made(dict(value))
        return root if self.random.random() < 0.3 else SimpleNamespace(**root)

    def _withheld(self, schema: type[marshmallow.Schema]) -> list[dict[str, Any]] | None:
        parts = [part for one in schema().fields.values() if (part := getattr(one, "_part", None))]
        if self.random.random() < 0.5:
            return None
        part = self.random.choice([*parts, "elsewhere"])
        return [{"part": part, "status": "held", "account_id": 1, "area_id": 1}]

    def value(self, field: Field[Any]) -> Any:
        if self.random.random() < 0.15:
            return None
        if isinstance(field, plain.Nested):
            return self.row(type(field.schema))
        if isinstance(field, plain.List):
            return [self.value(field.inner) for _ in range(self.random.randrange(4))]
        if isinstance(field, plain.Enum):
            return self.random.choice(list(field.enum.__members__.values()))
        return self._simple(field)

    def _simple(self, field: Field[Any]) -> Any:
        number = self.random.randrange(10**9)
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number / 7)
        makers: tuple[tuple[type, Any], ...] = (
            (plain.String, f"字{number}"),
            (plain.Integer, self.random.choice([number, True, number / 3])),
            (plain.Float, self.random.choice([number, number / 3])),
            (plain.Boolean, number % 2 == 0),
            (plain.AwareDateTime, moment),
            (plain.Date, date(2026, 1, 1) + timedelta(days=number % 999)),
            (plain.Dict, {"a": number}),
        )
        return next((value for kind, value in makers if isinstance(field, kind)), None)


class Branch(dict[str, Any]):
    """What several attributes lie below, until it is made a row."""


@pytest.fixture
def without_policies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have everything that judges a real row go by the made-up one."""
    rows = Rows(0)
    monkeypatch.setattr(policy, "may_read", lambda *_: False)
    monkeypatch.setattr(checked, "actor", lambda: None)
    for schema in all_schemas():
        for field in schema._declared_fields.values():
            if isinstance(field, plain.Function):
                monkeypatch.setattr(field, "serialize_func", lambda row: repr(type(row)))
            if isinstance(field, fields._Guarded):
                monkeypatch.setattr(field, "_allowed", _allowed)
            if type(field).get_value is not Field.get_value:
                monkeypatch.setattr(type(field), "get_value", _always(rows.value(field)))
    shower.cache_clear()
    yield
    shower.cache_clear()


def _allowed(row: Any) -> bool:
    return bool(marshmallow.utils.get_value(row, "allowed", True))


def _always(value: Any) -> Any:
    return lambda *_args, **_given: value


@pytest.mark.usefixtures("every_route", "without_policies")
def test_made_up_rows_are_shown_as_marshmallow_dumps_them() -> None:
    found = all_schemas()
    assert len(found) > 60
    for number, schema in enumerate(found):
        for turn in range(ROWS):
            row = Rows(number * ROWS + turn).row(schema)
            ours, theirs = schema().dump(row), dumped(schema, row)
            assert json.dumps(ours) == json.dumps(theirs), (schema.__name__, row)
            assert schema(many=True).dump([row, row]) == [theirs, theirs]


DETAILS = (
    "/registrations/{registration}", "/service-records/{record}", "/projects/{reviewed}",
    "/meetings/{meeting}", "/demands/{demand}", "/activities/{activity}", "/me/duties/2k/evidence",
    "/organizations/{branch}/members", "/organizations/{branch}/groups",
    "/learning-materials/{material}", "/statistics/areas/460100",
)  # fmt: skip


def test_rows_of_the_database_are_shown_as_marshmallow_dumps_them(
    client: ApiClient, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    ours = Schema.dump

    def both(self: Schema, row: Any, *, many: bool | None = None) -> Any:
        shown = ours(self, row, many=many)
        assert json.dumps(shown) == json.dumps(dumped(type(self), row)), type(self).__name__
        seen.append(type(self))
        return shown

    monkeypatch.setattr(Schema, "dump", both)
    lists = [path for path in client.paths("get") if "{" not in path]
    for actor in things.people.values():
        for path in (*lists, *DETAILS):
            client.status("GET", path.format(**things.ids), as_=actor)

    assert len(set(seen)) > 35
