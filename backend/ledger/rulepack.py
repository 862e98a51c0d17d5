"""The rule pack: what each rule counts, how often, for whom.

Plain data; `packs` reads it from files. Rules that only show something, and those whose facts come
from nowhere yet, stand in the pack too: they bind nobody and are in no rate.
"""

import enum
import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from backend.core import clock
from backend.core.actor import Role
from backend.ledger.models import SubjectKind
from backend.ledger.periods import Period, PeriodLength, period_of
from backend.ledger.scopes import subject_kind_of


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Form(enum.StrEnum):
    """`count`: occasions (or a sum) within a period; `standing`: facts that hold on a day;
    `cases`: whatever came up, each of which had to be dealt with in a certain way."""

    COUNT = "count"
    STANDING = "standing"
    CASES = "cases"


class Modality(enum.StrEnum):
    """`qualitative`: an obligation without a number; it, a target and what may be done are never
    overdue (spec 1.4)."""

    MUST = "must"
    QUALITATIVE = "qualitative"
    TARGET = "target"
    MAY = "may"


class Treatment(enum.StrEnum):
    """How the software goes about a rule (spec 1.4, last column)."""

    AUTO = "auto"
    EVENT = "event"
    WORKFLOW = "workflow"
    REGISTER = "register"
    DERIVED = "derived"
    RULE_PACK = "rule_pack"
    INVARIANT = "invariant"
    NONE = "none"


def kind_for(kind: str, holder: int) -> str:
    """Return the kind under which something is posted that each of several holders owes."""
    return f"{kind}:{holder}"


def base_of(kind: str) -> str:
    """Return the kind as rules name it, whoever of several holders it is posted for."""
    return kind.partition(":")[0]


def holder_of(kind: str) -> int | None:
    """Return the holder for whom something of that kind is posted."""
    holder = kind.partition(":")[2]
    return int(holder) if holder else None


def exemption_kind(rule_id: str) -> str:
    """Return the kind of standing fact that exempts from a rule."""
    return f"exemption_{rule_id}"


class Cap(Strict):
    """Of one kind at most a share of the threshold counts (spec 1.2, A10)."""

    kind: str
    share: Annotated[float, Field(gt=0, le=1)]


class Check(Strict):
    """One thing a rule asks for; which fields go with which form stands in `_fits_the_form`.

    `threshold`: at least so many; `most`: at most so many. `sum`: amounts are added up instead of
    occasions, `per_unit` of which make one `unit`. `held`: owed only in periods that a standing
    fact of this kind covers; `each`: by every source of such a fact for itself. `all`: every one of
    the kinds must stand. `on`: judged on the day from which the subject is bound. `fulfilled`: the
    kinds posted for a case that was dealt with as it had to be.
    """

    title: str = ""
    source: str = ""
    form: Form
    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    threshold: Annotated[int, Field(ge=0)] = 1
    most: Annotated[int, Field(ge=0)] | None = None
    # What counts as fully done where the text gives a range ("at least 1-2").
    full: int | None = None
    sum: Literal["amount"] | None = None
    per_unit: Annotated[int, Field(ge=1)] = 1
    cap: Cap | None = None
    held: str | None = None
    each: bool = False
    all: bool = False
    on: Literal["today", "first_day"] = "today"
    fulfilled: tuple[str, ...] = ()
    period: PeriodLength = PeriodLength.YEAR
    unit: str

    @model_validator(mode="after")
    def _fits_the_form(self) -> Self:
        problems = {
            "sum, per_unit and cap go with form count": self.form is not Form.COUNT
            and (self.sum or self.cap or self.per_unit > 1),
            "cap and per_unit go with sum": not self.sum and (self.cap or self.per_unit > 1),
            "cap names one of the kinds": self.cap and self.cap.kind not in self.kinds,
            "a count has a threshold or most, not both": self.form is Form.COUNT
            and (self.threshold > 0) == (self.most is not None),
            "all and on go with form standing": self.form is not Form.STANDING
            and (self.all or self.on != "today"),
            "most is not below the threshold": self.most is not None and self.most < self.threshold,
            "only a count has periods": self.form is not Form.COUNT
            and self.period is not PeriodLength.YEAR,
            "fulfilled goes with form cases": (self.form is Form.CASES) != bool(self.fulfilled),
            "each needs held": self.each and self.held is None,
        }
        for problem, found in problems.items():
            if found:
                raise ValueError(problem)
        return self

    @property
    def at_once(self) -> bool:
        """Whether it is short as soon as it is not so, and not only when a period has ended."""
        return self.form is not Form.COUNT or self.most is not None

    @property
    def posted(self) -> frozenset[str]:
        """The kinds of postings and facts that are counted for it."""
        return frozenset(self.kinds) | frozenset(self.fulfilled)


class Target(Strict):
    """The rate itself is judged, in each area of the levels `judged`: `share` of the subjects, or
    `over` it."""

    share: Annotated[float, Field(gt=0, le=1)]
    over: bool = False
    judged: Annotated[tuple[str, ...], Field(min_length=1)]

    def needed(self, subjects: int) -> int:
        """Return how many of so many subjects are enough."""
        # A share is written in decimals, which no binary fraction hits.
        wanted = round(self.share * subjects, 6)
        return math.floor(wanted) + 1 if self.over else math.ceil(wanted)


class Step(Strict):
    """What is to be done next where a duty is not met, and who of those it concerns can do it."""

    name: str
    by: Annotated[tuple[Role | Literal["member"], ...], Field(min_length=1)]


class Figure(Strict):
    """A number with numerator and denominator that is shown and not judged; `of` says which."""

    title: str
    of: str = ""


def _a_scope(value: str) -> str:
    subject_kind_of(value)
    return value


ScopeName = Annotated[str, AfterValidator(_a_scope)]
BITS = 63


class Rule(Strict):
    """`scope`: whom it binds, any of several; from `valid_from` until before `valid_to`."""

    id: str
    measure: Annotated[int, Field(ge=1, le=20)]
    title: str
    text: str
    source: str
    modality: Modality
    treatment: Treatment
    subject: SubjectKind | None = None
    scope: tuple[ScopeName, ...] = ()
    certifier: str
    arithmetic: str
    checks: Annotated[tuple[Check, ...], Field(alias="check")] = ()
    target: Target | None = None
    step: Step | None = None
    figures: Annotated[tuple[Figure, ...], Field(alias="figure")] = ()
    # Why there is no number, where there is none.
    shown: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        kinds = {subject_kind_of(name) for name in self.scope} - {None}
        problems = {
            "checks bind somebody: subject and scope": bool(self.checks)
            != bool(self.scope and self.subject),
            "scopes are of the subject": bool(kinds - {self.subject}),
            "something is checked, shown as a figure or said": not (
                self.checks or self.figures or self.shown
            ),
            "target needs a check": self.target and not self.checks,
            "valid_to is after valid_from": self.valid_from
            and self.valid_to
            and self.valid_to <= self.valid_from,
            "too many periods for one year's bits": sum(12 // c.period for c in self.checks) > BITS,
        }
        for problem, found in problems.items():
            if found:
                raise ValueError(problem)
        return self

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for check in self.checks for kind in check.posted)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The kinds of postings that it counts."""
        counts = (check for check in self.checks if check.form is not Form.STANDING)
        return frozenset(kind for check in counts for kind in check.posted)

    @cached_property
    def facts(self) -> frozenset[str]:
        """The kinds of standing facts that change what it asks of a subject or how that stands."""
        held = {check.held for check in self.checks if check.held}
        stand = {k for c in self.checks if c.form is Form.STANDING for k in c.kinds}
        return frozenset(held | stand | {exemption_kind(self.id)})

    @property
    def holders(self) -> frozenset[str]:
        """The kinds of facts whose holders it binds."""
        found = (name.partition(":") for name in self.scope)
        return frozenset(fact for kind, _, fact in found if kind == "holders")

    @cached_property
    def standing(self) -> bool:
        return all(check.form is Form.STANDING for check in self.checks)

    @cached_property
    def has_periods(self) -> bool:
        """Whether something has to be done anew in each part of the year."""
        return any(check.period is not PeriodLength.YEAR for check in self.checks)

    @cached_property
    def sums(self) -> bool:
        return any(check.sum for check in self.checks)

    @cached_property
    def asks_each(self) -> bool:
        """Whether it asks something of each of several holders."""
        return any(check.each for check in self.checks)

    @cached_property
    def looks_back(self) -> bool:
        """Whether it looks at a day that may lie before the year."""
        return any(check.on == "first_day" for check in self.checks)

    @property
    def judged(self) -> bool:
        """Whether a subject of it can fall short."""
        return self.modality is Modality.MUST and self.target is None

    def in_force(self, year: int) -> bool:
        """Say whether it asks for anything in some part of a year."""
        begun = self.valid_from is None or self.valid_from <= date(year, 12, 31)
        return begun and (self.valid_to is None or self.valid_to > date(year, 1, 1))

    def day_of(self, year: int, today: date) -> date:
        """Return a day as the rule sees it in a year: before it is in force the year has not begun,
        and when it is no more the year is over."""
        if self.valid_from is not None and today < self.valid_from:
            return min(today, date(year - 1, 12, 31))
        if self.valid_to is not None and today >= self.valid_to:
            return max(today, date(year + 1, 1, 1))
        return today


class Frequency(Check):
    """How often something happens that the notice does not ask for: shown, in no verdict."""


class Counting(Strict):
    late_after_working_days: int
    at_risk_share: float
    service_least_minutes: int
    registration_answer_working_days: int
    attendance_late_working_days: int
    service_confirm_working_days: int
    claim_answer_working_days: int
    claim_retry_working_days: int
    claim_start_days: int
    project_evaluation_days: int
    demand_listed_days: int


class PackFile(Strict):
    name: str
    source: str
    valid_from: date
    counting: Counting
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, alias="rule")]
    frequencies: Annotated[tuple[Frequency, ...], Field(alias="frequency")] = ()


def _is_known(check: Check, posted: frozenset[str]) -> bool:
    """Say whether enough of what is posted can meet a check: one of its kinds, or all of them."""
    every = check.all or check.form is Form.CASES
    met = check.posted <= posted if every else bool(check.posted & posted)
    return met and (check.held is None or check.held in posted)


@dataclass(frozen=True)
class RulePack:
    """`posted`: the kinds that some capability states; None: all of them. `hash` is that of what
    was read, overlay included (SHA-256, hex)."""

    file: PackFile
    posted: frozenset[str] | None = None
    hash: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.file.rules

    @property
    def counting(self) -> Counting:
        return self.file.counting

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def computed(self) -> tuple[Rule, ...]:
        """The rules for which there is something to compute from, in the order of the notice."""
        return tuple(rule for rule in self.rules if self.is_computed(rule))

    def is_computed(self, rule: Rule) -> bool:
        """Say whether facts come in for everything a rule asks, and for whom it binds."""
        if not rule.checks:
            return False
        if self.posted is None:
            return True
        posted = self.posted
        scoped = not rule.holders or bool(rule.holders & posted)
        return scoped and all(_is_known(check, posted) for check in rule.checks)

    def touched_by(self, kind: str, subject: SubjectKind) -> list[Rule]:
        """Return, in order of id, the rules for such subjects that look at postings or facts of
        `kind`."""
        base = base_of(kind)
        found = [r for r in self.computed if r.subject is subject and base in r.kinds | r.facts]
        return sorted(found, key=lambda rule: rule.id)

    def bound_by(self, kind: str, subject: SubjectKind) -> list[Rule]:
        """Return, in order of id, the rules that bind whoever holds such a fact."""
        found = [r for r in self.computed if r.subject is subject and kind in r.holders]
        return sorted(found, key=lambda rule: rule.id)

    def period_closed_by(self, kind: str, occurred_on: date, binding: Collection[str] = ()) -> date:
        """Return the last day on which an entry of `kind` for that day is in time.

        `binding`: the rules that bind the subject; without any, all that look at the kind.
        """
        looking = [rule for rule in self.rules if not binding or rule.id in binding]
        checks = [*(c for r in looking for c in r.checks), *self.file.frequencies]
        lengths = [c.period for c in checks if base_of(kind) in c.posted]
        shortest: Period = period_of(min(lengths, default=PeriodLength.YEAR), occurred_on)
        return clock.add_working_days(shortest.last, self.counting.late_after_working_days)
