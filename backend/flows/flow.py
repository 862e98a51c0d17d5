"""A flow: the whole life of a thing. Its capability declares it; its steps are taken here, always
in the same order: find, lock, may, clock, second tap, guard, move, write, sign, follow, note,
check, tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Any, Generic

import sqlalchemy as sa
from sqlalchemy.orm import Session, with_expression
from sqlalchemy.sql.base import ExecutableOption

from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import Asker, asked_by, asker_of
from backend.core.errors import Conflict, NotFound
from backend.core.states import Machine, Transition
from backend.flows.steps import Nothing, Party, Row, Step, Taken, nothing, standing
from backend.ledger.rulepack import RulePack
from backend.support.text_checks.declared import TextKind


@dataclass(eq=False)
class Flow(Generic[Row]):
    """`model` has `id`, `status` and `parties`, a `query_expression` that `shown` fills.

    `texts`: of which kind what people write on a row is; `area_id`: the community that answers for
    it. `lock_first`: what is locked before the row, so that two steps never cross. `fill`: gives
    rows what answers show beside them. `audited_as`: its noun in the audit log, where that is
    another. `others`: parties that guards or answers ask for and no step is by. `standing_on`:
    where the parties are written, if not on the row itself. `state`: in which one a row is, if
    time goes on before that is written. `beside`: how the asker stands to what is shown with it,
    where that has a flow of its own. `by_clock`: what has come with time since anybody looked, seen
    to as soon as it is locked. `rereads`: its steps change what is computed for its answers, so
    that it is read again after each; after `begin` that is the caller's to do.
    """

    noun: str
    model: type[Row]
    select: Callable[[], sa.Select[Row]]
    visible: Callable[[Asker], sa.ColumnElement[bool]]
    missing: str
    texts: TextKind | None
    area_id: Callable[[Row], int | None]
    steps: Sequence[Step[Row]]
    lock_first: Callable[[Session, Row], object] | None = None
    fill: Callable[[Session, Actor, Sequence[Row]], None] = lambda _session, _actor, _rows: None
    audited_as: str = ""
    others: Sequence[Party] = ()
    standing_on: Callable[[sa.ColumnElement[list[str]]], ExecutableOption] | None = None
    state: Callable[[Row], Any] = lambda row: row.status  # type: ignore[attr-defined]
    beside: Callable[[Asker], Sequence[ExecutableOption]] = lambda _asker: ()
    by_clock: Callable[[Taken[Row]], None] = nothing
    rereads: bool = False

    @cached_property
    def machine(self) -> Machine[Any]:
        return Machine(
            self.noun,
            [
                Transition(
                    source,
                    step.event,
                    target,
                    step.by.name,
                    step.guard,
                    (*step.within, *step.guards),
                )
                for step in self.steps
                for source, target in step.moves.items()
            ],
        )

    @cached_property
    def by_event(self) -> dict[str, Step[Row]]:
        return {step.event: step for step in self.steps}

    @cached_property
    def parties(self) -> tuple[Party, ...]:
        return tuple(dict.fromkeys([*(step.by for step in self.steps), *self.others]))

    # How it is found. Statements are built once for each shape of asker.

    @cache  # noqa: B019  # a flow lives as long as the program
    def selected(self, asker: Asker) -> sa.Select[Row]:
        """Select all, with how the asker stands to each: which of them show is the caller's to
        say."""
        own = (self.standing_on or self._on_row)(self._held(asker))
        return self.select().options(own, *self.beside(asker))

    def _on_row(self, held: sa.ColumnElement[list[str]]) -> ExecutableOption:
        return with_expression(self.model.parties, held)  # type: ignore[attr-defined]

    @cache  # noqa: B019
    def shown(self, asker: Asker) -> sa.Select[Row]:
        """Select what exists for the asker, with how the asker stands to each."""
        return self.selected(asker).where(self.visible(asker))

    def _held(self, asker: Asker) -> sa.ColumnElement[list[str]]:
        return standing(asker, self.parties)

    @cache  # noqa: B019
    def _one(self, asker: Asker) -> sa.Select[Row]:
        one = self.shown(asker).where(self._id == sa.bindparam("id_"))
        # As it is now and for whoever asks, whatever the session has read before.
        return one.execution_options(populate_existing=True)

    @cache  # noqa: B019
    def _one_locked(self, asker: Asker) -> sa.Select[Row]:
        return self._one(asker).with_for_update(of=self.model)

    @property
    def _id(self) -> Any:
        return self.model.id  # type: ignore[attr-defined]

    def show(self, session: Session, actor: Actor, id_: int) -> Row:
        """Return the row if it exists for the actor. Raises NotFound."""
        row = self.find(session, actor, id_)
        self.fill(session, actor, [row])
        return row

    def find(self, session: Session, actor: Actor, id_: int) -> Row:
        """Return the same without what answers show beside it."""
        return self._ask(session, self._one, actor, id_)

    def _ask(
        self, session: Session, statement: Callable[[Asker], sa.Select[Row]], actor: Actor, id_: int
    ) -> Row:
        told = asked_by(actor) | {"id_": id_}
        row = session.scalars(statement(asker_of(actor)), told).unique().first()
        if row is None:
            raise NotFound(f"{self.noun}_not_found", self.missing)
        return row

    def locked(self, session: Session, actor: Actor, id_: int, by: Party) -> Row:
        """Return it locked and as it is now, if it is the actor's to act on. Raises NotFound,
        and what the party says to others."""
        if self.lock_first is not None:
            self.lock_first(session, self._ask(session, self._one, actor, id_))
        row = self._ask(session, self._one_locked, actor, id_)
        by.check(row)
        return row

    # What may be done.

    def can(self, row: Row) -> list[str]:
        """Return the nouns of the steps that whoever the row was read for may take on it now; of
        several that one address leads to, the one noun."""
        nouns = (step.noun for step in self.steps if step.noun and self._may(step, row))
        return list(dict.fromkeys(nouns))

    def next_step(self, row: Row) -> str | None:
        """Return the noun of the step that waits for whoever the row was read for."""
        due = (step.noun for step in self.steps if step.awaited and self._may(step, row))
        return next(due, None)

    def _may(self, step: Step[Row], row: Any) -> bool:
        here = self.state(row) in step.moves and step.by.stands(row)
        return here and all(guard.allows(row) for guard in (*step.within, *step.guards))

    # How a step is taken.

    def take(
        self,
        session: Session,
        actor: Actor,
        id_: int,
        event: str,
        said: Any = Nothing(),  # noqa: B008  # has no state
        rules: RulePack | None = None,
    ) -> Row:
        """Take a step. The same again by the same person is no change; with other words it is a
        Conflict `<noun>_done_otherwise`."""
        by = self.by_event[event].by
        return self.go(event, self.held(session, actor, id_, by, said, rules))

    def go(self, event: str, taken: Taken[Row]) -> Row:
        """Take a step on a row that `held` has returned."""
        step = self.by_event[event]
        if not self._is_done(step, taken):
            self.apply(step, taken)
        if self.rereads:
            self.reread(taken)
        self.fill(taken.session, taken.actor, [taken.row])
        return taken.row

    def reread(self, taken: Taken[Row]) -> Row:
        """Return a row as it is after what was done, locked as it was."""
        row: Any = taken.row
        taken.session.flush()
        return self._ask(taken.session, self._one_locked, taken.actor, row.id)

    def _is_done(self, step: Step[Row], taken: Taken[Row]) -> bool:
        if step.again is not None:
            return step.again(taken)
        row: Any = taken.row
        state = self.state(row)
        there = state in step.moves.values() and state not in step.moves
        if not there or (step.writes and not (step.signs or step.by.alone)):
            return False  # it may be somebody else's words
        if step.signs and getattr(row, f"{step.signs}_by") != taken.actor.account_id:
            return False
        said = asdict(taken.said)
        if any(getattr(row, column) != said[name] for name, column in step.writes.items()):
            raise self.done_otherwise()
        return True

    def done_otherwise(self) -> Conflict:
        """Return what is said to whoever takes a step a second time with other words."""
        return Conflict(
            f"{self.noun}_done_otherwise", "您已办理过这一步，内容与这次不同，未作更改。"
        )

    def turn(
        self,
        session: Session,
        row: Row,
        event: str,
        rules: RulePack | None = None,
        *,
        actor: Actor | None = None,
        said: Any = Nothing(),  # noqa: B008  # has no state
    ) -> Taken[Row]:
        """Take a step that comes with time, or with what happened to something else, on a row that
        is locked. `actor`: who did that, if anybody."""
        taken = self.taken(session, row, actor, said, rules)
        self.apply(self.by_event[event], taken)
        return taken

    def apply(self, step: Step[Row], taken: Taken[Row]) -> None:
        """Take a step on a row that is locked, whoever may."""
        row: Any = taken.row
        for guard in step.within:
            guard.check(row)
        status = self.machine.after(self.state(row), step.event)
        for guard in step.guards:
            guard.check(row)
        step.first(taken)
        row.status = status
        texts = self._write(step, taken)
        self._sign(step, taken)
        step.then(taken)
        self._note(taken.session, taken.by, step.past, row, **step.details(taken))
        for column, text in texts.items():
            taken.check(column, text)
        step.tells(taken.session, row)
        step.afterwards(taken)

    def _note(
        self, session: Session, actor: Actor | None, past: str, row: Row, **detail: object
    ) -> None:
        if past:
            audit.record(session, actor, f"{self.audited_as or self.noun}.{past}", row, **detail)

    @staticmethod
    def _write(step: Step[Row], taken: Taken[Row]) -> dict[str, str]:
        """Write what is said; return the texts by column."""
        values = {column: getattr(taken.said, name) for name, column in step.writes.items()}
        for column, value in values.items():
            setattr(taken.row, column, value)
        return {column: value for column, value in values.items() if type(value) is str}

    @staticmethod
    def _sign(step: Step[Row], taken: Taken[Row]) -> None:
        if not step.signs:
            return
        setattr(taken.row, f"{step.signs}_by", taken.actor.account_id)
        for suffix, now in (("at", clock.now), ("on", clock.today)):
            if hasattr(taken.row, f"{step.signs}_{suffix}"):
                setattr(taken.row, f"{step.signs}_{suffix}", now())

    def step(self, event: str, named: str) -> Callable[..., Row]:
        """Return a step as a function: `(session, rules, *, actor, <named>, **said)`, without rules
        where it needs none; `named` is what the id is called."""
        says = self.by_event[event].says

        def taken(
            session: Session, rules: RulePack | None = None, *, actor: Actor, **said: Any
        ) -> Row:
            id_ = said.pop(named)
            return self.take(session, actor, id_, event, says(**said), rules)

        return taken

    def begin(
        self,
        session: Session,
        actor: Actor,
        row: Row,
        past: str,
        rules: RulePack | None = None,
        **detail: object,
    ) -> Taken[Row]:
        """Let a new thing be there for whoever made it, with `detail` in the audit log; what
        follows is the caller's."""
        session.add(row)
        self._note(session, actor, past, row, **detail)
        if not self.rereads:
            self.stand(session, actor, row)
        return self.taken(session, row, actor, rules=rules)

    def held(
        self,
        session: Session,
        actor: Actor,
        id_: int,
        by: Party,
        said: Any = Nothing(),  # noqa: B008  # has no state
        rules: RulePack | None = None,
    ) -> Taken[Row]:
        """Return a row locked for a step, for one of several, or for what is none, as it is today:
        see `locked`."""
        taken = self.taken(session, self.locked(session, actor, id_, by), actor, said, rules)
        self.by_clock(taken)
        return taken

    def stand(self, session: Session, actor: Actor, row: Any) -> None:
        """Ask anew how the actor stands to a row: it is new, or a step has changed that."""
        told = asked_by(actor) | {"id_": row.id}
        row.parties = session.scalars(self._standing(asker_of(actor)), told).one()

    @cache  # noqa: B019
    def _standing(self, asker: Asker) -> sa.Select[list[str]]:
        held = self.select().with_only_columns(self._held(asker), maintain_column_froms=True)
        return held.where(self._id == sa.bindparam("id_"))

    def taken(
        self,
        session: Session,
        row: Row,
        actor: Actor | None,
        said: Any = Nothing(),  # noqa: B008  # has no state
        rules: RulePack | None = None,
    ) -> Taken[Row]:
        """Return a row that is locked already as a step takes it."""
        return Taken(session, row, actor, said, rules, self.texts, self.area_id(row))
