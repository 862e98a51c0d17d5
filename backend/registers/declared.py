"""What a register declares: what stands in it, where, who keeps and reads it, and what the ledger
learns from an entry.

A register is a file in `kinds/`, named after it. Nothing in it is evaluated: words are closed, and
what needs more is a capability of its own.
"""

import enum
from typing import Annotated, Any, Literal, Self

from pydantic import Field as Given
from pydantic import model_validator

from backend.forms import conditions
from backend.forms.conditions import Condition
from backend.forms.fields import FieldType, Label, Name, Strict
from backend.forms.loading import MOST_REQUIRED, Declared
from backend.people.areas.models import AreaLevel
from backend.people.organizations.models import OrganizationKind


class Relation(enum.StrEnum):
    """How somebody may stand to an entry (spec 8.5).

    `own`: acts for its place; `next`: for what lies right above that, `above`: for any;
    `counterpart`: acts for the area it is linked with; `unit`: the contact of its unit; `person`:
    the member it is about; `grid`: a grid worker of its community; `recorder`: who entered it;
    `everyone`: whoever is signed in. `above_counts` reads no entry, figures only.
    """

    OWN = "own"
    NEXT = "next"
    ABOVE = "above"
    ABOVE_COUNTS = "above_counts"
    COUNTERPART = "counterpart"
    UNIT = "unit"
    PERSON = "person"
    GRID = "grid"
    RECORDER = "recorder"
    EVERYONE = "everyone"


# Who may write: nobody by being written about, nor by having written before.
KEEPERS = frozenset({Relation.OWN, Relation.NEXT, Relation.ABOVE, Relation.UNIT, Relation.GRID})


class SlotName(enum.StrEnum):
    """What an entry may point to, beside the entry it belongs to."""

    ORGANIZATION = "organization"
    UNIT = "unit"
    MEMBER = "member"
    AREA = "area"


class Of(enum.StrEnum):
    """Of what a fact is held."""

    ENTRY = "entry"
    PLACE = "place"
    PARENT = "parent"
    ORGANIZATION = "organization"
    UNIT = "unit"
    MEMBER = "member"
    AREA = "area"


# Through which slot somebody stands to an entry, where not through its place.
THROUGH = {
    Relation.COUNTERPART: SlotName.AREA,
    Relation.UNIT: SlotName.UNIT,
    Relation.PERSON: SlotName.MEMBER,
}


class Slot(Strict):
    """A slot: `kinds` bounds the organisation, `levels` the area. The name of a member ends at the
    street, whatever the entry is about."""

    label: Label
    required: bool = False
    kinds: tuple[OrganizationKind, ...] = ()
    levels: tuple[AreaLevel, ...] = ()
    hint: Annotated[str, Given(max_length=80)] = ""


class Parent(Strict):
    """The register to whose entries those of this one belong."""

    # Pydantic's own models have a `register`.
    kind: Annotated[Name, Given(alias="register")]
    label: Label
    required: bool = True


class Named(Strict):
    """What an entry is called: written under `label`, or taken from a choice, a slot or its code
    (`of`), where nothing else may name it."""

    label: Label = "名称"
    of: str = ""
    most: Annotated[int, Given(ge=1, le=120)] = 60
    example: str = ""
    hint: str = ""
    # Names of persons are read as such, and never found by who may not read the entry.
    person: bool = False


class Code(Strict):
    """What its keeper calls it in its own files. Where nobody gives one, `prefix` and a number are
    given to it."""

    label: Label = "编号"
    required: bool = False
    check: Literal["credit_code"] | None = None
    prefix: Annotated[str, Given(pattern=r"^[A-Z]{2,4}$")]
    example: str = ""
    hint: Annotated[str, Given(max_length=80)] = ""


class FactOf(Strict):
    """What the ledger holds while an entry is so. `each`: one kind for each choice of a field, or
    for the level of its place. `starts`: from the day in that field on, though it was entered
    later, and not without one; `ends`: to the day in that field, its last, where there is one.
    `led`: while somebody leads its organisation, as secretary or as leader of a group. Conditions
    may name a field of the parent as `parent.<field>`."""

    kind: Name
    of: Of = Of.ENTRY
    when: Condition = {}
    unless: Condition = {}
    each: str = ""
    starts: str = ""
    ends: str = ""
    led: bool = False


class Register(Declared):
    """`place`: of which levels of areas an entry may be, or whence its place follows. `noun`: what
    one entry is called. `counts`: what it counts for, in one sentence. `occasions`: the kinds of
    postings that others make about its entries. `key`: by what an import knows an entry again that
    came without a code; `unique`: of which only one stands at a time. `person`: it is about
    persons, whose names end at the street. `keep_years`: after its end. `restated_by`: the
    migration that stated its facts anew when what they ask for changed last."""

    noun: Label
    counts: Annotated[str, Given(min_length=1, max_length=120)]
    person: bool = False
    place: tuple[AreaLevel, ...] | Literal["parent", "unit"]
    parent: Parent | None = None
    keep: Annotated[tuple[Relation, ...], Given(min_length=1)] = (Relation.OWN,)
    read: Annotated[tuple[Relation, ...], Given(min_length=1)] = (Relation.OWN, Relation.ABOVE)
    # To whom sealed parts open, with a reason; each opening is logged.
    unseal: tuple[Relation, ...] = ()
    called: Named = Named()
    code: Code
    slots: Annotated[dict[SlotName, Slot], Given(alias="slot")] = {}
    facts: Annotated[tuple[FactOf, ...], Given(alias="fact")] = ()
    occasions: tuple[Name, ...] = ()
    key: Annotated[tuple[str, ...], Given(min_length=1)] = ("place", "name")
    unique: bool = False
    # How its time is asked for: most stand from today until they end.
    until_label: Label = "有效期至"
    until: bool = False
    # Of what is made for one year: without a last day it would count for ever.
    until_required: bool = False
    keep_years: Annotated[int, Given(ge=1, le=30)] = 10
    restated_by: Annotated[str, Given(pattern=r"^([0-9]{4})?$")] = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        required, taken = self.required, sorted(NAMES_TAKEN & self.by_name.keys())
        problems = {
            f"more than {MOST_REQUIRED} things are required: {required}": required > MOST_REQUIRED,
            "a place that follows a parent needs one": self.place == "parent"
            and not (self.parent and self.parent.required),
            "a place that follows a unit needs one": self.place == "unit"
            and not self.slot_needed(SlotName.UNIT),
            "place: there is none": self.place == (),
            f"a field has a name that is taken: {', '.join(taken)}": bool(taken),
            "kinds go with organization, levels with area": any(
                (slot.kinds and name is not SlotName.ORGANIZATION)
                or (slot.levels and name is not SlotName.AREA)
                for name, slot in self.slots.items()
            ),
            f"called: nothing is called after {self.called.of}": self.called.of
            and not self._names(self.called.of),
            f"key: there is none of {', '.join(self.key)}": not self._keys.issuperset(self.key),
            "until_required needs until": self.until_required and not self.until,
            "grid workers are of communities": isinstance(self.place, tuple)
            and AreaLevel.COMMUNITY not in self.place
            and Relation.GRID in {*self.keep, *self.read, *self.unseal},
        }
        for problem, found in (problems | self._wrong_rights()).items():
            if found:
                raise ValueError(problem)
        for fact in self.facts:
            if wrong := self._wrong_fact(fact):
                raise ValueError(f"fact {fact.kind}: {wrong}")
        return self

    def _wrong_rights(self) -> dict[str, bool]:
        sealed = any(field.sealed for field in self.fields)
        problems = {
            "keep: these may not write": not KEEPERS.issuperset(self.keep),
            "what is sealed opens to somebody, and nothing else does": sealed != bool(self.unseal),
            "it opens to nobody who may not read it": not {*self.read}.issuperset(self.unseal),
            "names of persons are not for everyone": (self.person or self.called.person)
            and Relation.EVERYONE in self.read,
        }
        for relation in (*self.keep, *self.read, *self.unseal):
            slot = THROUGH.get(relation)
            problems[f"{relation} needs a slot {slot}"] = slot is not None and (
                slot not in self.slots
            )
        return problems

    def slot_needed(self, name: SlotName) -> bool:
        """Return whether an entry must have that slot filled."""
        return name in self.slots and self.slots[name].required

    def _names(self, source: str) -> bool:
        field = self.by_name.get(source)
        if field is not None:
            return field.type is FieldType.CHOICE and field.required and not field.sealed
        return source == CODE or (source in self.slots and self.slot_needed(SlotName(source)))

    @property
    def required(self) -> int:
        """How many things somebody has to fill in."""
        slots = sum(slot.required for slot in self.slots.values())
        written = not self.called.of
        return (
            sum(field.required for field in self.asked)
            + slots
            + written
            + self.code.required
            + bool(self.parent and self.parent.required)
            + self.until_required
        )

    @property
    def _keys(self) -> set[str]:
        parent = {"parent"} if self.parent else set()
        open_ = {field.name for field in self.asked if not field.sealed}
        return {"place", "name", *parent, *self.slots, *open_}

    def _wrong_fact(self, fact: FactOf) -> str:
        of_slot = str(fact.of) in {str(slot) for slot in SlotName}
        if of_slot and SlotName(fact.of) not in self.slots:
            return f"there is no slot {fact.of}"
        if fact.led and SlotName.ORGANIZATION not in self.slots:
            return "there is no slot organization"
        if fact.of is Of.PARENT and self.parent is None:
            return "there is no parent"
        if self.parent is None and (apart(fact.when)[1] or apart(fact.unless)[1]):
            return "there is no parent"
        if wrong := self._wrong_each(fact.each) or self._wrong_days(fact):
            return wrong
        slots = [str(slot) for slot in self.slots]
        for condition in (apart(fact.when)[0], apart(fact.unless)[0]):
            if problem := conditions.problems(condition, self.fields, slots):
                return problem
        return ""

    def _wrong_each(self, each: str) -> str:
        if each == "place":
            return "" if isinstance(self.place, tuple) else "its place has no levels of its own"
        field = self.by_name.get(each)
        if each and (field is None or not field.choices or field.sealed):
            return f"{each} has no choices"
        return ""

    def _wrong_days(self, fact: FactOf) -> str:
        days = {f.name for f in self.asked if f.type is FieldType.DATE and not f.sealed}
        return next(
            (f"{day} is no day" for day in (fact.starts, fact.ends) if day and day not in days), ""
        )

    def kinds_of(self, fact: FactOf) -> list[str]:
        """Return the kinds that a fact may be of."""
        if not fact.each:
            return [fact.kind]
        if fact.each == "place":
            levels = self.place if isinstance(self.place, tuple) else ()
            return [f"{fact.kind}_{WORDS.get(level, level)}" for level in levels]
        return [f"{fact.kind}_{name}" for name in self.by_name[fact.each].choices]

    @property
    def fact_kinds(self) -> frozenset[str]:
        """All kinds of facts that its entries may hold."""
        return frozenset(kind for fact in self.facts for kind in self.kinds_of(fact))


CODE = "code"
# How rules name the levels, where not as the territory does.
WORDS: dict[str, str] = {AreaLevel.TOWNSHIP: "street"}
PARENT = "parent."
# What else an entry has, and what it points to.
NAMES_TAKEN = frozenset({"place", "name", "code", "parent", "starts_on", "ends_on", *SlotName})


def apart(condition: Condition) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a condition asks of an entry itself, and of its parent."""
    own = {name: wanted for name, wanted in condition.items() if not name.startswith(PARENT)}
    parents = {
        name.removeprefix(PARENT): wanted
        for name, wanted in condition.items()
        if name.startswith(PARENT)
    }
    return own, parents
