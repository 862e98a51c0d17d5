"""What others see of a check and of writing while these last: a number and nothing else."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from backend.core.actor import Role
from backend.core.db import Database
from backend.imports import progress
from backend.imports.models import Import
from backend.imports.models import ImportStatus as S
from backend.imports.progress import Progress
from backend.imports.targets.members import MemberComparison
from backend.people.members.models import Member
from tests.backend.imports.scene import HEAD, Scene
from tests.backend.imports.tables import text
from tests.backend.imports.test_races import ready, state

ROWS = 8


class Watch:
    """Somebody who looks from outside each time the worker comes by one of its parts."""

    def __init__(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scene, self.seen = scene, list[tuple[str, int, int]]()
        for part in ("judge", "write", "follow"):
            self._at(monkeypatch, part, getattr(MemberComparison, part))

    def _at(self, monkeypatch: pytest.MonkeyPatch, part: str, act: Any) -> None:
        def looked(comparison: MemberComparison, given: Sequence[Any]) -> None:
            self.look(part)
            act(comparison, given)

        monkeypatch.setattr(MemberComparison, part, looked)

    def look(self, part: str) -> None:
        with self.scene.database.transaction() as session:
            done = session.scalar(sa.select(sa.func.max(Import.rows_done))) or 0
            people = sa.select(sa.func.count()).where(Member.name.like("黄%"))
            self.seen.append((part, done, session.scalar(people) or 0))


def test_it_moves_for_others_while_nothing_of_it_is_there_for_them(
    town: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch = town.make.branch(name="机关党支部")
    town.session.commit()
    watch = Watch(town, monkeypatch)
    numbers = [str(10_000_000_000 + n) for n in range(ROWS)]
    worker = ready(
        town, [(f"黄{sign}", numbers[n], branch.name) for n, sign in enumerate("甲乙丙丁戊己庚辛")]
    )
    worker.commit()

    assert watch.seen == [
        ("judge", 3, 0),
        ("judge", 3, 0),
        ("write", 4, 0),
        ("follow", 6, 0),
    ]
    assert state(town, worker) == (S.COMMITTED, None)
    watch.look("over")
    assert watch.seen[-1] == ("over", ROWS, ROWS)


def test_what_somebody_holds_is_not_waited_for(committed: Database, town: Scene) -> None:
    row = town.begin(
        town.make.officer(Role.CITY_OFFICER, town.make.city()),
        text([HEAD, ("黄小梅", "1", "支部")]),
    )
    town.session.commit()
    held = sa.select(Import).where(Import.id == row.id).with_for_update()
    with committed.transaction() as session:
        session.scalars(held).one()
        Progress(committed, row.id, 10).at(0.5)
        assert session.scalars(held).one().rows_done == 0
    Progress(committed, row.id, 10).at(0.5)
    with committed.transaction() as session:
        assert session.scalars(held).one().rows_done == 5


def test_a_long_list_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 2)
    told: list[float] = []
    one = Progress(Any, 0, 4)  # type: ignore[arg-type]  # tells nobody
    monkeypatch.setattr(one, "at", told.append)

    assert list(one.over("abcd", begin=0.2, end=0.6)) == ["a", "b", "c", "d"]
    assert told == pytest.approx([0.2, 0.4, 0.6])
