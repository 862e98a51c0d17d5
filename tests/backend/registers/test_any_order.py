"""Whatever is written, corrected, ended and voided in whatever order: on each day one version is so
at most, what was written is not lost, and the ledger holds what the registers say."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.errors import Conflict, Invalid
from backend.registers.models import RegisterEntry, RegisterVersion
from tests.backend.registers.scene import Scene
from tests.random_cases import cases

TODAY = clock.today()
DAYS = st.integers(-400, 200).map(lambda days: TODAY + timedelta(days=days))
ENDS = st.one_of(st.none(), DAYS)
WRITTEN = st.tuples(st.just("change"), st.integers(0, 3), DAYS, ENDS, st.booleans())
STEPS = st.one_of(
    st.tuples(st.just("enter"), st.integers(0, 3), DAYS, ENDS, st.booleans()),
    WRITTEN,
    WRITTEN,
    st.tuples(st.just("end"), st.integers(0, 3), DAYS, st.none(), st.just(False)),
    st.tuples(st.just("void"), st.integers(0, 3), DAYS, st.none(), st.just(False)),
)
Step = tuple[str, int, date, date | None, bool]


@cases(12)
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_any_order(scene: Scene, session: Session, steps: list[Step]) -> None:
    with session.begin_nested() as undone:
        made: list[int] = []
        for step in steps:
            _take(scene, made, step)
        _check(session, made)
        assert scene.differences() == []
        undone.rollback()


def _take(scene: Scene, made: list[int], step: Step) -> None:
    what, which, day, until, linked = step
    said: dict[str, Any] = {"name": f"网格{which}", "starts_on": day, "ends_on": until}
    if linked:
        said["organization_id"] = scene.branch.id
    with scene.session.begin_nested() as one:
        try:
            if what == "enter":
                made.append(scene.enter("grid", **said).id)
            elif which < len(made):
                _change(scene, made[which], what, said | {"place_code": scene.community.code}, day)
        except (Conflict, Invalid):
            one.rollback()


def _change(scene: Scene, id_: int, what: str, said: dict[str, Any], day: date) -> None:
    # As columns: a row that a refusal expired is read again for nobody.
    asked = sa.select(RegisterEntry.id, RegisterEntry.revision).where(RegisterEntry.id == id_)
    row: Any = scene.session.execute(asked).one()
    if what == "change":
        scene.change(row, **said)
    elif what == "end":
        scene.end(row, ends_on=day)
    else:
        scene.void(row)


def _check(session: Session, made: list[int]) -> None:
    for id_ in made:
        counted = session.execute(
            sa.select(RegisterVersion.starts_on, RegisterVersion.ends_on)
            .where(RegisterVersion.entry_id == id_, RegisterVersion.superseded_at.is_(None))
            .order_by(RegisterVersion.starts_on)
        ).all()
        for before, after in pairwise(counted):
            assert before.ends_on is not None
            assert before.ends_on <= after.starts_on
        ends_on = session.scalars(
            sa.select(RegisterEntry.ends_on).where(RegisterEntry.id == id_)
        ).one()
        assert counted[-1].ends_on == ends_on
