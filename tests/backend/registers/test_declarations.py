"""The 25 registers as they are declared: what they state, for which rules, and who may see it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.settings import DEFAULT_RULE_PACK
from backend.figures.duty_words import SCOPES
from backend.forms import json_schema, types
from backend.forms import values as forms
from backend.forms.loading import MOST_REQUIRED
from backend.ledger import packs
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Rule
from backend.people.areas.models import AreaLevel
from backend.registers import catalogue
from backend.registers.declared import Of, Register, Relation
from tests.backend.registers import strategies
from tests.random_cases import cases

REGISTERS = catalogue.registers()
RULES = packs.load(DEFAULT_RULE_PACK).by_id
# The rules that registers carry, and those that are derived with what registers state.
CARRIED = {
    *("1f", "2a", "2e", "3a", "3d", "3e", "4b", "5a", "5b", "5c", "6a", "6b", "6c"),
    *("7a", "7b", "7c", "7d", "8a", "8b", "8c", "8d", "8e", "9c", "9d", "10c", "10d"),
    *("12a", "12c", "12d", "13a", "13b", "13c", "13d", "14a", "15b", "16a", "17b"),
    *("19a", "19b", "19c", "19d", "19e", "20a"),
}
# Derived from head counts and from who leads the organisation of a grid.
DERIVED = {"members_100", "members_50"}
# Of what a subject's facts are held.
HOLDERS = {
    SubjectKind.AREA: {Of.PLACE, Of.AREA},
    SubjectKind.ENTRY: {Of.ENTRY, Of.PARENT},
    SubjectKind.UNIT: {Of.UNIT},
}
EACH = pytest.mark.parametrize("register", list(REGISTERS.values()), ids=list(REGISTERS))


def stated() -> dict[str, set[Of]]:
    """Return all kinds of facts, and of what they are held."""
    found: dict[str, set[Of]] = defaultdict(set)
    for register in REGISTERS.values():
        for fact in register.facts:
            for kind in register.kinds_of(fact):
                found[kind].add(fact.of)
    return found


def asked(rule: Rule) -> set[str]:
    """Return the kinds of facts by which a rule binds and judges."""
    held = {check.held for check in rule.checks if check.held}
    return {kind for check in rule.checks for kind in check.kinds} | held | rule.holders


def figured(rule: Rule) -> Iterator[str]:
    for figure in rule.figures:
        family, _, which = figure.of.partition(":")
        if family == "facts":
            yield from which.split("/")


def test_there_are_25_and_they_serve_rules_that_look_at_them() -> None:
    assert len(REGISTERS) == 25
    catalogue.check(packs.load(DEFAULT_RULE_PACK))


@pytest.mark.parametrize("id_", sorted(CARRIED))
def test_all_that_a_carried_rule_asks_for_is_stated_of_what_it_binds(id_: str) -> None:
    rule, kinds = RULES[id_], stated()
    assert asked(rule) | set(figured(rule)) <= kinds.keys() | DERIVED
    for kind in asked(rule) - DERIVED:
        assert rule.subject is not None
        assert kinds[kind] <= HOLDERS[rule.subject], kind


def test_every_carried_rule_is_served_by_a_register() -> None:
    served = {id_ for register in REGISTERS.values() for id_ in register.serves}
    assert served >= CARRIED


def test_no_fact_is_stated_for_nothing() -> None:
    looked_at = {kind for rule in RULES.values() for kind in asked(rule) | set(figured(rule))}
    # Whom the rules about member units bind.
    assert stated().keys() - looked_at == {"member_unit"}


def test_shares_of_figures_are_of_one_sort_of_things() -> None:
    kinds = stated()
    for rule in RULES.values():
        for figure in rule.figures:
            family, _, which = figure.of.partition(":")
            if family == "facts" and set(which.split("/")) & kinds.keys():
                holders = [frozenset(kinds[kind]) for kind in which.split("/")]
                assert len(set(holders)) == 1, figure.of


def test_every_scope_of_holders_is_filled_by_a_register() -> None:
    holders = {scope.removeprefix("holders:") for scope in SCOPES if scope.startswith("holders:")}
    assert holders <= stated().keys()


@EACH
def test_little_is_required(register: Register) -> None:
    assert register.required <= 3 < MOST_REQUIRED


@EACH
def test_people_are_told_in_words_they_know(register: Register) -> None:
    assert register.counts.endswith("。")
    hints = [field.hint for field in register.fields] + [s.hint for s in register.slots.values()]
    assert all(hint.endswith("。") for hint in hints if hint)
    labels = [field.label for field in register.asked]
    assert len(labels) == len(set(labels))


@EACH
def test_groups_hold_all_fields_or_none(register: Register) -> None:
    grouped = {bool(field.group) for field in register.asked}
    assert len(grouped) <= 1
    names = [field.group for field in register.asked]
    assert names == sorted(names, key=names.index)


@EACH
def test_examples_are_what_a_cell_takes(register: Register) -> None:
    for field in register.asked:
        if field.example:
            assert types.parse(field, types.read(field, field.example)) is not None


@EACH
def test_names_of_persons_are_read_near_them_alone(register: Register) -> None:
    near = {Relation.OWN, Relation.NEXT, Relation.PERSON, Relation.GRID, Relation.COUNTERPART}
    if register.person or register.called.person:
        assert register.person
        assert {*register.read} <= near


def test_nobody_above_a_community_reads_a_household() -> None:
    household = REGISTERS["household"]
    assert household.place == (AreaLevel.COMMUNITY,)
    assert set(household.keep) == set(household.read) == set(household.unseal) == {Relation.OWN}
    assert all(field.sealed for field in household.fields)
    assert household.called.of == "code"
    assert not household.facts


@EACH
@given(data=st.data())
@cases(25)
def test_what_is_drawn_from_a_declaration_is_accepted_and_kept(
    register: Register, data: st.DataObject
) -> None:
    told = data.draw(strategies.values(register.asked))
    stored, problems = forms.parse(register.asked, told)
    assert not problems
    assert forms.parse(register.asked, stored) == (stored, {})
    cells = {f.name: types.text_of(f, stored.get(f.name)) for f in register.asked}
    read = {field.name: types.read(field, cells[field.name]) for field in register.asked}
    assert forms.parse(register.asked, read) == (stored, {})
    jsonschema_rs.validate(json_schema.of(register.asked), stored)


WITH_FIELDS = [register for register in REGISTERS.values() if register.fields]


@pytest.mark.parametrize("register", WITH_FIELDS, ids=lambda register: register.name)
@given(data=st.data())
@cases(25)
def test_what_is_wrong_is_told_field_by_field(register: Register, data: st.DataObject) -> None:
    told, spoilt = data.draw(strategies.wrong_values(register.asked))
    _stored, problems = forms.parse(register.asked, told)
    assert problems.keys() == spoilt
    assert all(sentence.endswith("。") for sentence in problems.values())


@EACH
@given(data=st.data())
@cases(25)
def test_whatever_is_sent_is_told_in_words(register: Register, data: st.DataObject) -> None:
    names = st.sampled_from([field.name for field in register.fields] or ["x"]) | st.text()
    told: dict[str, Any] = data.draw(st.dictionaries(names, strategies.ANYTHING, max_size=5))
    stored, problems = forms.parse(register.asked, told)
    assert stored.keys() | problems.keys() >= {f.name for f in register.asked if f.required}
    assert all(sentence.endswith("。") for sentence in problems.values())
