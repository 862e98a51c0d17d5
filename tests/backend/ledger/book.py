"""A few subjects under made-up rules, whose ledger is written directly: postings, facts, scopes."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.settings import DEFAULT_RULE_PACK
from backend.figures import ledger_check
from backend.ledger import binding, packs, service
from backend.ledger.evidence import Fact, Sources
from backend.ledger.models import DutyYear, SubjectKind
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from tests.backend.ledger.made_up import check, rule

SOURCE = "made_up"


def pack(*rules: Rule) -> RulePack:
    """Return a pack of rules of our own, with the numbers of the notice's."""
    file = packs.load(DEFAULT_RULE_PACK).file
    return RulePack(file.model_copy(update={"rules": rules}))


def street(id_: int) -> Subject:
    return Subject(SubjectKind.AREA, id_)


# Each form once, under scopes that differ: all streets; who holds a fact; either of both.
RULES = pack(
    rule(check(period="quarter"), id="quarterly"),
    rule(check(threshold=2), check("standing", kinds=["stands"], held="held"), id="twice"),
    rule(check(period="month", held="held"), id="monthly", valid_from="2026-03-15"),
    rule(check("standing", kinds=["stands"]), id="stands", scope=["holders:named"]),
    rule(
        check("standing", kinds=["stands", "more"], all=True, on="first_day"),
        id="first_day",
        scope=["holders:named", "area:district"],
    ),
    rule(check("cases", kinds=["case"], fulfilled=["case_met"]), id="cases"),
    rule(
        check(kinds=["done", "other"], sum="amount", threshold=90, per_unit=45,
              cap={"kind": "other", "share": 0.5}),
        check(kinds=["other"], threshold=0, most=2),
        id="amount",
    ),
)  # fmt: skip
POSTED = ("done", "other", "case", "case_met", "unheard_of")
FACTS = ("stands", "more", "held", "named")


class Book:
    """Writes the ledger of made-up sources, each with a number of its own."""

    def __init__(self, session: Session, rules: RulePack) -> None:
        self.session, self.rules = session, rules
        self.sources = 0

    def post(
        self, kind: str, subject: Subject, day: date, *, occasion: str = "", amount: int = 1
    ) -> Source:
        source = self.source()
        entry = Entry(
            kind=kind,
            subject=subject,
            source=source,
            occurred_on=day,
            recorded_on=clock.today(),
            occasion=occasion or f"{SOURCE}:{source.id}",
            amount=amount,
        )
        service.post(self.session, self.rules, entry)
        return source

    def hold(self, kind: str, subject: Subject, first: date) -> Source:
        source = self.source()
        service.hold(self.session, self.rules, kind, subject, source, starts_on=first)
        return source

    def source(self) -> Source:
        self.sources += 1
        return Source(SOURCE, self.sources)

    def row(self, rule_id: str, subject: Subject, year: int | None = None) -> Any:
        """Return (place, done, owed, exempt) as stored."""
        columns = (DutyYear.place_id, DutyYear.done, DutyYear.owed, DutyYear.exempt)
        return self.session.execute(
            sa.select(*columns).where(
                DutyYear.rule_id == rule_id,
                DutyYear.subject_kind == subject.kind,
                DutyYear.subject_id == subject.id,
                DutyYear.year == (year or clock.today().year),
            )
        ).one_or_none()


def sources(session: Session) -> list[Sources]:
    """State what is posted and held as its own source: what is proved is what comes of it."""

    def entries(*_: object) -> Iterator[Entry]:
        return _entries(session)

    def facts(*_: object) -> Iterator[Fact]:
        return _facts(session)

    return [Sources(frozenset(), entries, facts, lambda *_: [])]


def _entries(session: Session) -> Iterator[Entry]:
    for key, (day, occasion, amount) in ledger_check.actual_postings(session).items():
        kind, subject_kind, id_, type_, source_id = key
        subject, source = Subject(subject_kind, id_), Source(type_, source_id)
        yield Entry(kind, subject, source, day, day, occasion, amount)


def _facts(session: Session) -> Iterator[Fact]:
    for key, end in ledger_check.actual_facts(session).items():
        kind, subject_kind, id_, type_, source_id, first = key
        yield Fact(kind, Subject(subject_kind, id_), Source(type_, source_id), first, end)


def differences(session: Session, rules: RulePack) -> list[str]:
    """Return what the ledger check finds, as things are: nobody is bound anew before."""
    session.flush()
    return ledger_check.run_in(session, rules, sources(session)).differences


def bind(session: Session, rules: RulePack) -> None:
    session.flush()
    binding.rebind_year(session, rules, *binding.open_years())
