"""The rule pack: what each rule counts, how often, for whom. Read once, checked on reading."""

import enum
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backend.core import clock
from backend.ledger.models import SubjectKind
from backend.ledger.periods import Period, PeriodLength, period_of


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Form(enum.StrEnum):
    """`count`: occasions within a period; `standing`: a fact that holds on a day."""

    COUNT = "count"
    STANDING = "standing"


class Modality(enum.StrEnum):
    MUST = "must"
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


class Scope(enum.StrEnum):
    """Which subjects a rule binds; `subjects.py` knows how to find them."""

    ORGAN_MEMBER = "organ_member"
    BRANCH = "branch"
    MEMBER_UNIT = "member_unit"
    ORGAN_UNIT = "organ_unit"
    COMMUNITY = "community"


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


class Check(Strict):
    """`held`: owed only in periods that a standing fact of this kind covers; `each`: by every
    source of such a fact for itself."""

    title: str = ""
    source: str = ""
    held: str | None = None
    each: bool = False
    form: Form
    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    threshold: Annotated[int, Field(ge=1)]
    # What counts as fully done where the text gives a range ("at least 1-2").
    full: int | None = None
    period: PeriodLength
    unit: str


class Rule(Strict):
    id: str
    measure: int
    title: str
    text: str
    modality: Modality
    treatment: Treatment
    subject: SubjectKind
    scope: Scope
    certifier: str
    arithmetic: str
    checks: Annotated[tuple[Check, ...], Field(min_length=1, alias="check")]

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for check in self.checks for kind in check.kinds)

    @property
    def standing(self) -> bool:
        return all(check.form is Form.STANDING for check in self.checks)


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


@dataclass(frozen=True)
class RulePack:
    file: PackFile

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.file.rules

    @property
    def counting(self) -> Counting:
        return self.file.counting

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def counting_rules(self, kind: str, subject: SubjectKind) -> list[Rule]:
        """Return, in order of id, the rules for such subjects that count postings of `kind`."""
        base = base_of(kind)
        found = [r for r in self.rules if r.subject is subject and base in r.kinds]
        return sorted(found, key=lambda rule: rule.id)

    def rules_bound_by(self, held: str) -> list[Rule]:
        """Return, in order of id, the rules of which a part is owed while such a fact stands."""
        found = [rule for rule in self.rules if any(c.held == held for c in rule.checks)]
        return sorted(found, key=lambda rule: rule.id)

    def period_closed_by(self, kind: str, occurred_on: date) -> date:
        """Return the last day on which an entry of `kind` for that day is in time."""
        checks = [*(c for r in self.rules for c in r.checks), *self.file.frequencies]
        lengths = [c.period for c in checks if base_of(kind) in c.kinds]
        shortest: Period = period_of(min(lengths, default=PeriodLength.YEAR), occurred_on)
        return clock.add_working_days(shortest.last, self.counting.late_after_working_days)


def load(path: Path) -> RulePack:
    """Read a pack; raises pydantic's ValidationError naming the entry that is wrong."""
    return RulePack(PackFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))
