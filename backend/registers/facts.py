"""What the ledger holds of an entry, told from its versions and those of what it belongs to.

No database and no clock: the same versions give the same facts on any day.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from backend.forms import conditions
from backend.ledger.models import SubjectKind
from backend.ledger.restating import Held
from backend.ledger.subjects import Subject
from backend.people.areas.models import AreaLevel
from backend.registers.declared import WORDS, FactOf, Of, Register, SlotName, apart


class Span(NamedTuple):
    """From a day up to, not including, another (None: still)."""

    starts_on: date
    ends_on: date | None

    def within(self, other: "Span") -> "Span | None":
        """Return what both have in common; None for nothing."""
        ends = [day for day in (self.ends_on, other.ends_on) if day is not None]
        found = Span(max(self.starts_on, other.starts_on), min(ends, default=None))
        return found if found.lasts else None

    @property
    def lasts(self) -> bool:
        return self.ends_on is None or self.ends_on > self.starts_on


@dataclass(frozen=True)
class Stated:
    """A version as the ledger sees it. `slots`: ids by name; `lapsed`: from which day what a slot
    points to is no more; `led`: while somebody leads its organisation."""

    span: Span
    place_id: int
    level: AreaLevel
    values: Mapping[str, Any]
    parent_id: int | None = None
    slots: Mapping[SlotName, int] = field(default_factory=dict)
    lapsed: Mapping[str, date] = field(default_factory=dict)
    led: Sequence[Span] = ()


Lives = Mapping[int, Sequence[Stated]]
_SUBJECTS: dict[Of, SubjectKind] = {
    Of.ENTRY: SubjectKind.ENTRY,
    Of.PARENT: SubjectKind.ENTRY,
    Of.PLACE: SubjectKind.AREA,
    Of.AREA: SubjectKind.AREA,
    Of.ORGANIZATION: SubjectKind.ORGANIZATION,
    Of.UNIT: SubjectKind.UNIT,
    Of.MEMBER: SubjectKind.MEMBER,
}
_Key = tuple[str, Subject, int]


def of(register: Register, entry_id: int, versions: Sequence[Stated], parents: Lives) -> list[Held]:
    """Return the facts of an entry that was never a mistake; what meets is one fact."""
    held: dict[_Key, list[Span]] = defaultdict(list)
    for version in versions:
        for span, above in _beside_parent(register, version, parents):
            for fact in register.facts:
                for lasting in _lasting(fact, version, span, above):
                    for key in _keys(register, fact, entry_id, version, above):
                        held[key].append(lasting)
    return [
        Held(kind, subject, *span, area_id)
        for (kind, subject, area_id), spans in sorted(held.items(), key=repr)
        for span in _joined(spans)
    ]


def _beside_parent(
    register: Register, version: Stated, parents: Lives
) -> Iterator[tuple[Span, Stated | None]]:
    """Yield the parts of a version in which what it belongs to stands alike."""
    if register.parent is None or version.parent_id is None:
        yield version.span, None
        return
    for above in parents.get(version.parent_id, ()):
        if (span := version.span.within(above.span)) is not None:
            yield span, above


def _lasting(fact: FactOf, version: Stated, span: Span, above: Stated | None) -> Iterator[Span]:
    """Yield the parts of a span in which a fact stands."""
    whole = _whole(fact, version, span, above)
    if whole is None:
        return
    if not fact.led:
        yield whole
        return
    for led in version.led:
        if (part := whole.within(led)) is not None:
            yield part


def _whole(fact: FactOf, version: Stated, span: Span, above: Stated | None) -> Span | None:
    """Return in which part of a span a fact stands, whoever leads."""
    for slot in _leaning_on(fact):
        if slot in version.lapsed:
            span = Span(span.starts_on, min(version.lapsed[slot], span.ends_on or date.max))
    slots = {str(slot): id_ for slot, id_ in version.slots.items()}
    own = {**version.values, **slots}
    upper = above.values if above else {}
    if not _so(fact.when, own, upper) or (fact.unless and _so(fact.unless, own, upper)):
        return None
    if fact.starts and own.get(fact.starts) is None:
        return None
    span = _as_told(fact, own, span)
    return span if span.lasts else None


def _as_told(fact: FactOf, own: Mapping[str, Any], span: Span) -> Span:
    """Return a span with the days that stand in fields: where it begins, and its last day."""
    starts, last = own.get(fact.starts), own.get(fact.ends)
    begins = date.fromisoformat(str(starts)) if starts else span.starts_on
    over = date.fromisoformat(str(last)) + timedelta(days=1) if last else date.max
    ends = min(over, span.ends_on or date.max)
    return Span(begins, None if ends == date.max else ends)


def _leaning_on(fact: FactOf) -> list[str]:
    """Return the slots without which a fact is not so."""
    filled = [name for name, wanted in fact.when.items() if wanted == conditions.FILLED]
    led = [str(SlotName.ORGANIZATION)] if fact.led else []
    slots = {str(one) for one in SlotName}
    return [name for name in (*filled, *led, str(fact.of)) if name in slots]


def _so(condition: Mapping[str, Any], own: Mapping[str, Any], upper: Mapping[str, Any]) -> bool:
    of_own, of_parent = apart(dict(condition))
    return conditions.holds(of_own, own) and conditions.holds(of_parent, upper)


def _keys(
    register: Register, fact: FactOf, entry_id: int, version: Stated, above: Stated | None
) -> Iterator[_Key]:
    id_ = _subject_id(fact.of, entry_id, version)
    if id_ is None:
        return
    subject = Subject(_SUBJECTS[fact.of], id_)
    # What a register holds stands where the register says; of a parent, where that lies.
    area_id = above.place_id if fact.of is Of.PARENT and above else version.place_id
    for kind in _kinds(register, fact, version):
        yield kind, subject, area_id


def _subject_id(of: Of, entry_id: int, version: Stated) -> int | None:
    if of is Of.ENTRY:
        return entry_id
    if of is Of.PLACE:
        return version.place_id
    return version.parent_id if of is Of.PARENT else version.slots.get(SlotName(of))


def _kinds(register: Register, fact: FactOf, version: Stated) -> list[str]:
    if not fact.each:
        return [fact.kind]
    if fact.each == "place":
        return [f"{fact.kind}_{WORDS.get(version.level, version.level)}"]
    told = version.values.get(fact.each)
    chosen = told if isinstance(told, list) else [] if told is None else [told]
    known = register.by_name[fact.each].choices
    return [f"{fact.kind}_{one}" for one in chosen if one in known]


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return spans of which none meets another, in order."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.starts_on):
        before = found[-1] if found else None
        if before is None or (before.ends_on is not None and before.ends_on < span.starts_on):
            found.append(span)
        elif before.ends_on is not None:
            ends = None if span.ends_on is None else max(before.ends_on, span.ends_on)
            found[-1] = Span(before.starts_on, ends)
    return found
