"""Which texts of a thing are withheld: asked within the statement that reads the thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute

from backend.support.text_checks.models import TextCheck, TextCheckStatus

SENTENCES = {
    TextCheckStatus.HELD: "内容正在核查，暂不显示。",
    TextCheckStatus.REMOVED: "内容未通过核查，已隐藏。",
}


@dataclass(frozen=True)
class Withheld:
    """A text that others may not read, and what stands in its place."""

    part: str
    sentence: str
    account_id: int
    area_id: int


@cache
def of(table: str, id_: InstrumentedAttribute[int]) -> sa.ScalarSelect[Any]:
    """Select what is withheld of the row with that id, for a `query_expression` of its model."""
    subject = sa.literal(f"{table}:").concat(sa.cast(id_, sa.Text))
    return _where(TextCheck.subject == subject)


def together(own: sa.ScalarSelect[Any], *others: sa.ScalarSelect[Any]) -> sa.ColumnElement[Any]:
    """Select what is withheld of a row and of what it repeats."""
    nothing = sa.literal([], JSONB())
    found: sa.ColumnElement[Any] = sa.func.coalesce(own, nothing)
    for other in others:
        found = found.concat(sa.func.coalesce(other, nothing))
    return found


@cache
def repeated(
    table: str, id_: InstrumentedAttribute[int | None], part: str, *, shown_as: str
) -> sa.ScalarSelect[Any]:
    """Select what is withheld of a text of another row, where this one shows it as `shown_as`."""
    subject = sa.literal(f"{table}:").concat(sa.cast(id_, sa.Text))
    return _where(TextCheck.subject == subject, TextCheck.part == part, shown_as=shown_as)


@cache
def quoted(texts: InstrumentedAttribute[list[str]]) -> sa.ScalarSelect[Any]:
    """Ask the same for whatever names the texts it quotes, each as `table:id#part`."""
    text = sa.func.unnest(texts).column_valued("text")
    named = sa.select(*(sa.func.split_part(text, "#", field) for field in (1, 2)))
    return _where(sa.tuple_(TextCheck.subject, TextCheck.part).in_(named))


def _where(*named: sa.ColumnElement[bool], shown_as: str | None = None) -> sa.ScalarSelect[Any]:
    found = sa.func.jsonb_build_object(
        "part", TextCheck.part if shown_as is None else sa.literal(shown_as),
        "status", TextCheck.status,
        "account_id", TextCheck.account_id,
        "area_id", TextCheck.area_id,
    )  # fmt: skip
    return (
        sa.select(sa.func.jsonb_agg(found))
        .where(*named, TextCheck.status.in_(list(SENTENCES)))
        .correlate_except(TextCheck)
        .scalar_subquery()
    )


def read(found: Iterable[dict[str, Any]] | None) -> list[Withheld]:
    """Return what `of` selected; a row that was only just written has nothing withheld."""
    return [
        Withheld(
            one["part"],
            SENTENCES[TextCheckStatus(one["status"])],
            one["account_id"],
            one["area_id"],
        )
        for one in found or ()
    ]


def text_for_all(found: Iterable[dict[str, Any]] | None, part: str, text: str) -> str:
    """Return a text as everybody may read it, where nobody asks who reads."""
    return next((one.sentence for one in read(found) if one.part == part), text)
