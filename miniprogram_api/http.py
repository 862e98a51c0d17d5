"""The request's context, and the few HTTP shapes all routes share.

The only module, with `errors`, that knows which API framework we use.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, ClassVar, TypeVar, cast

import flask_smorest
import marshmallow
import sqlalchemy as sa
from flask import current_app, g
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.core.actor import Actor
from backend.core.asker import asked_by
from backend.core.crypto import Crypto
from backend.core.errors import Invalid
from backend.core.settings import Settings
from backend.flows.steps import Reason
from backend.ledger.rulepack import RulePack
from backend.support.attachments.store import Store
from backend.wechat.client import WechatClient
from miniprogram_api import fields
from miniprogram_api.body import Parser
from miniprogram_api.showing import shower

T = TypeVar("T")
# Lists of which each page is built once: far more than there are.
_KEPT = 256
Values = Mapping[str, Any]
# With a statement that is the same object for whoever is alike, and has no parameters but those of
# who asks.
KEPT: Values = {}


@dataclass(frozen=True)
class Services:
    """What the application is built from besides its database."""

    settings: Settings
    crypto: Crypto
    wechat: WechatClient
    rules: RulePack
    store: Store


def session() -> Session:
    """Return the session of this request's transaction."""
    return cast(Session, g.session)


def actor() -> Actor:
    """Return who makes this request."""
    return cast(Actor, g.actor)


def services() -> Services:
    return cast(Services, current_app.extensions["party"])


def outside(call: Callable[[], T]) -> T:
    """Ask WeChat while holding no database connection: end the transaction that read the actor."""
    session().rollback()
    return call()


class Schema(marshmallow.Schema):
    """Refuses unknown fields, in Chinese."""

    error_messages = {"unknown": "不支持的字段。", "type": "请提交 JSON 对象。"}
    # What a body becomes, a dataclass of its capability; what a query asks is told one by one.
    makes: ClassVar[Callable[..., Any]] = dict

    class Meta:
        unknown = marshmallow.RAISE

    @marshmallow.post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """Return what was said as the services take it."""
        return self.makes(**data)

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Show an answer; marshmallow's own way takes three times as long."""
        show = shower(type(self))
        whole_list = self.many if many is None else many
        return [show(one) for one in obj] if whole_list else show(obj)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # ships no type hints
    """flask-smorest's Blueprint with our parser."""

    ARGUMENTS_PARSER = Parser()


class OneIn(Schema):
    """A body of one field, which becomes that field's value."""

    @marshmallow.post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        (value,) = data.values()
        return value


class ChangesIn(Schema):
    """A body of what changes: it becomes `Changes`, for what is left out stays as it is."""


class ReasonIn(Schema):
    """Why something is sent back, declined or taken out: the other side reads it."""

    makes: ClassVar[Callable[..., Any]] = Reason
    reason = fields.Text(200, required=True)


class PageQuery(Schema):
    limit = fields.QueryInt(1, 100, load_default=20)
    cursor = fields.Str(load_default=None)
    with_total = fields.QueryBool(load_default=False)


def paging(query: dict[str, Any]) -> dict[str, Any]:
    """Take the paging arguments out of a list's query, leaving its filters."""
    return {name: query.pop(name) for name in PageQuery._declared_fields}


@dataclass(frozen=True)
class Page:
    items: Sequence[Any]
    next_cursor: str | None
    total: int | None = None


def fetch_page(
    statement: sa.Select[T],
    key: InstrumentedAttribute[int],
    *,
    limit: int,
    cursor: str | None,
    with_total: bool,
    newest_first: bool = True,
    values: Values | None = None,
) -> Page:
    """Run `statement` for one page in the order of the unique `key`; a bad cursor is Invalid.

    Give `values` with a statement that is the same object on each request: those of its parameters.
    """
    total = _count(statement, values) if with_total else None
    given = asked_by(actor()) | dict(values or {}) | {"most": limit + 1}
    if cursor is not None:
        given["last"] = read_cursor(cursor)
    build = _page if values is None else _kept_page
    found = build(statement, key, newest_first, cursor is not None)
    rows = session().scalars(found, given).unique().all()
    items = rows[:limit]
    more = len(rows) > limit
    return Page(items, write_cursor(getattr(items[-1], key.key)) if more else None, total)


def _count(statement: sa.Select[T], values: Values | None) -> int | None:
    counted = sa.select(sa.func.count()).select_from(statement.subquery())
    return session().scalar(counted, asked_by(actor()) | dict(values or {}))


def _page(
    statement: sa.Select[T], key: InstrumentedAttribute[int], newest_first: bool, goes_on: bool
) -> sa.Select[T]:
    """Select `most` rows of a list, beyond `last` where it goes on."""
    if goes_on:
        last = sa.bindparam("last", type_=key.type)
        statement = statement.where(key < last if newest_first else key > last)
    ordered = statement.order_by(key.desc() if newest_first else key.asc())
    return ordered.limit(sa.bindparam("most", type_=sa.Integer()))


_kept_page = lru_cache(_KEPT)(_page)


def fetch_in_order(
    statement: sa.Select[T],
    when: sa.SQLColumnExpression[Any],
    key: InstrumentedAttribute[int],
    *,
    limit: int,
    cursor: str | None,
    with_total: bool,
    newest_first: bool = False,
    values: Values | None = None,
) -> Page:
    """Run `statement` for one page in the order of `when`, a day, moment or text that no row is
    without, and of the unique `key` among those of one; a bad cursor is Invalid. `values` as
    above."""
    total = _count(statement, values) if with_total else None
    given = asked_by(actor()) | dict(values or {}) | {"most": limit + 1}
    if cursor is not None:
        given["last_time"], given["last"] = read_place(cursor, when.label(None).type)
    build = _page_in_order if values is None else _kept_page_in_order
    found = build(statement, when, key, newest_first, cursor is not None)
    rows = session().execute(found, given).unique().all()
    items = [row[0] for row in rows[:limit]]
    more = len(rows) > limit
    after = write_place(rows[limit - 1][1], getattr(items[-1], key.key)) if more else None
    return Page(items, after, total)


def _page_in_order(
    statement: sa.Select[T],
    when: sa.SQLColumnExpression[Any],
    key: InstrumentedAttribute[int],
    newest_first: bool,
    goes_on: bool,
) -> sa.Select[*tuple[Any, ...]]:
    """Select `most` rows of a list with their times, beyond `last_time` and `last` where it goes
    on."""
    placed_by: sa.Label[Any] = when.label("placed_by")
    if goes_on:
        last_time = sa.bindparam("last_time", type_=placed_by.type)
        last = sa.tuple_(last_time, sa.bindparam("last", type_=key.type))
        place = sa.tuple_(when, key)
        statement = statement.where(place < last if newest_first else place > last)
    order = [one.desc() if newest_first else one.asc() for one in (when, key)]
    found = statement.add_columns(placed_by).order_by(*order)
    return found.limit(sa.bindparam("most", type_=sa.Integer()))


_kept_page_in_order = lru_cache(_KEPT)(_page_in_order)


def slice_page(rows: Sequence[Any], *, limit: int, cursor: str | None, with_total: bool) -> Page:
    """Return one page of rows that are in memory, by their place; a bad cursor is Invalid."""
    first = read_cursor(cursor) if cursor is not None else 0
    items, after = rows[first : first + limit], first + limit
    more = write_cursor(after) if after < len(rows) else None
    return Page(items, more, len(rows) if with_total else None)


def write_cursor(value: int) -> str:
    return _coded(str(value))


def _coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    return whole(_decoded(cursor))


def _decoded(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        raise _bad_cursor() from None


def whole(text: str) -> int:
    """Return an id that stands in a cursor; raises Invalid."""
    value = int(text) if text.isdecimal() and len(text) < 20 else -1
    if not 0 <= value <= fields.BIGINT:
        raise _bad_cursor()
    return value


def _bad_cursor() -> Invalid:
    return Invalid("cursor", "分页标记无效，请从第一页重新加载。")


def write_parts(*parts: object) -> str:
    """Return a cursor of several parts, none of which has a bar in it."""
    return _coded("|".join(str(part) for part in parts))


def read_parts(cursor: str, *kinds: Callable[[str], Any]) -> list[Any]:
    """Return what `write_parts` wrote, each part as what its kind makes of it; raises Invalid."""
    parts = _decoded(cursor).split("|")
    if len(parts) != len(kinds):
        raise _bad_cursor()
    try:
        return [kind(part) for kind, part in zip(kinds, parts, strict=True)]
    except ValueError:
        raise _bad_cursor() from None


def write_place(when: date | datetime | str, key: int) -> str:
    """Return the cursor of a row in a list that is in the order of time, or of a text."""
    written = when if isinstance(when, str) else when.isoformat()
    return _coded(f"{written}|{key}")


def read_place(cursor: str, kind: sa.types.TypeEngine[Any]) -> tuple[date | datetime | str, int]:
    """Return the time or text, and the key, that `write_place` wrote; raises Invalid."""
    written, _, key = _decoded(cursor).rpartition("|")
    if isinstance(kind, sa.String):
        if "\0" in written:
            raise _bad_cursor()
        return written, whole(key)
    try:
        moment = (date if isinstance(kind, sa.Date) else datetime).fromisoformat(written)
    except ValueError:
        raise _bad_cursor() from None
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise _bad_cursor()
    return moment, whole(key)


@cache
def page_of(item: type[marshmallow.Schema]) -> type[marshmallow.Schema]:
    """Return the schema of a page of `item`s, named after it: ProjectOut -> ProjectOutPage."""
    return type(
        f"{item.__name__}Page",
        (Schema,),
        {
            "items": fields.ListOf(fields.Part(item), required=True),
            "next_cursor": fields.Str(required=True, allow_none=True),
            "total": fields.Whole(
                allow_none=True, metadata={"description": "Only when asked by `with_total`"}
            ),
        },
    )
