"""The rule pack of the notice: all of it, each rule whole, each kind of one meaning."""

import re
from collections import Counter
from itertools import chain
from string import ascii_lowercase

import pytest

from backend.core.settings import DEFAULT_RULE_PACK
from backend.figures.duty_words import SCOPES, asked_by
from backend.ledger import packs
from backend.ledger.models import SubjectKind
from backend.ledger.periods import PeriodLength
from backend.ledger.rulepack import Check, Form, Modality, Rule, Treatment
from backend.ledger.scopes import subject_kind_of

# The last letter of each of the twenty measures, from 1a-1f to 20a-20c.
LAST = (
    "f",
    "k",
    "e",
    "b",
    "d",
    "d",
    "f",
    "e",
    "e",
    "d",
    "d",
    "g",
    "d",
    "e",
    "b",
    "d",
    "b",
    "e",
    "e",
    "c",
)
IDS = [
    f"{measure}{letter}"
    for measure, last in enumerate(LAST, start=1)
    for letter in ascii_lowercase
    if letter <= last
]
NUMERALS = "一二三四五六七八九十"
# What flows recorded before the other rules stood in the pack, and which rules count it.
LANDED = {
    "members_assembly": {"1a"},
    "party_lecture": {"1a"},
    "committee_meeting": {"1a"},
    "group_meeting": {"1a"},
    "organizational_life_meeting": {"1c"},
    "member_appraisal": {"1d"},
    "unit_registration": {"2h"},
    "community_registration": {"2i"},
    "community_registration_unanswered": {"2i"},
    "unit_activity": {"2j"},
    "volunteer_service": {"2k"},
    "demand_list": {"12f"},
    "unit_claim": {"12g"},
    "theme_day": set(),
    "member_claim": set(),
    "branch_committee": {"1a"},
    "party_group": {"1a"},
}
WITHOUT_A_NUMBER = {"5d", "9e", "16c"}
TARGETS = {"8a": 0.9, "8b": 0.9, "8c": 1.0, "8d": 1.0, "9d": 0.5, "20a": 0.1}
CASES = {"3b", "3c", "14b", "14c", "18e"}

PACK = packs.load(DEFAULT_RULE_PACK)
every_rule = pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)


def clause(measure: int) -> str:
    """Return the number of a measure as the notice writes it."""
    tens, ones = divmod(measure, 10)
    ten = "" if not tens else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return f"海组通〔2019〕112号第{ten}{NUMERALS[ones - 1] if ones else ''}条"


def only(rule_id: str) -> Check:
    (check,) = PACK.by_id[rule_id].checks
    return check


def with_check(what: str) -> set[str]:
    return {rule.id for rule in PACK.rules if any(getattr(c, what) for c in rule.checks)}


def test_all_93_stand_there_in_the_order_of_the_notice() -> None:
    assert len(IDS) == 93
    assert [rule.id for rule in PACK.rules] == IDS


@every_rule
def test_a_rule_names_its_measure_and_its_clause(rule: Rule) -> None:
    assert rule.id.startswith(str(rule.measure))
    assert rule.id.removeprefix(str(rule.measure)).isalpha()
    assert rule.source.split("；")[0] == clause(rule.measure)


@every_rule
def test_a_rule_says_in_a_sentence_what_it_asks_and_how_it_is_computed(rule: Rule) -> None:
    for sentence in (rule.text, rule.arithmetic):
        assert sentence.count("。") == 1
        assert sentence.endswith("。")
    assert rule.title
    assert rule.certifier


def test_the_landed_rules_no_longer_quote_the_notice() -> None:
    quoted = "严格落实“三会一课”、民主生活会、组织生活会、民主评议", "每年开展志愿服务不少于2次，"
    texts = "".join(rule.text for rule in PACK.rules)
    assert [piece for piece in quoted if piece in texts] == []


@every_rule
def test_everybody_whom_a_rule_binds_has_a_name(rule: Rule) -> None:
    judged = rule.target.judged if rule.target else ()
    for scope in (*rule.scope, *judged):
        assert subject_kind_of(scope) in (rule.subject, SubjectKind.AREA, None)
        assert scope in SCOPES


@every_rule
def test_a_number_is_asked_for_or_a_sentence_says_why_not(rule: Rule) -> None:
    assert bool(rule.shown) == (rule.id in WITHOUT_A_NUMBER)
    assert (rule.treatment in (Treatment.NONE, Treatment.INVARIANT)) == bool(rule.shown)
    if rule.modality is Modality.MUST and not rule.shown:
        assert rule.checks, "what must be done can be judged"


def test_names_of_whom_a_rule_binds_are_all_used() -> None:
    judged = [rule.target.judged for rule in PACK.rules if rule.target]
    assert set(SCOPES) == {*chain(*judged), *chain(*(rule.scope for rule in PACK.rules))}


def test_a_kind_belongs_to_one_sort_of_subject() -> None:
    owners: dict[str, set[SubjectKind | None]] = {}
    for rule in PACK.rules:
        for kind in rule.kinds | rule.facts | rule.holders:
            owners.setdefault(kind, set()).add(rule.subject)
    assert {kind: owned for kind, owned in owners.items() if len(owned) > 1} == {}


def test_a_kind_is_an_occasion_or_a_state_never_both() -> None:
    checks = [check for rule in PACK.rules for check in rule.checks]
    occasions = {kind for c in checks if c.form is not Form.STANDING for kind in c.posted}
    states = {kind for c in checks if c.form is Form.STANDING for kind in c.posted}
    states |= {c.held for c in checks if c.held}
    states |= set(chain(*(rule.holders for rule in PACK.rules)))
    assert occasions & states == set()


@pytest.mark.parametrize("kind", LANDED)
def test_what_landed_flows_post_is_counted_for_their_rules_alone(kind: str) -> None:
    looking = {r.id for r in PACK.rules if kind in r.kinds | r.facts | r.holders}
    assert looking == LANDED[kind]


def test_every_kind_is_listed_at_the_head_of_the_file() -> None:
    head = DEFAULT_RULE_PACK.read_text(encoding="utf-8").partition("\nname =")[0]
    named = re.findall(r"[a-z_0-9]+", head)
    families = tuple(word for word in named if word.endswith("_") and f"{word}<" in head)
    checks = [check for rule in PACK.rules for check in rule.checks]
    used = {kind for c in checks for kind in (*c.kinds, c.held) if kind}
    used |= set(chain(*(rule.holders for rule in PACK.rules)))
    for figure in chain(*(rule.figures for rule in PACK.rules)):
        source, _, kinds = figure.of.partition(":")
        assert source in ("facts", "postings", "query")
        if source != "query":
            used |= {kind.removesuffix("_met") for kind in kinds.split("/")}
    assert {kind for kind in used if kind not in named and not kind.startswith(families)} == set()


def test_cases_are_dealt_with_under_a_kind_of_the_same_name() -> None:
    assert with_check("fulfilled") == CASES
    for rule_id in CASES:
        check = only(rule_id)
        assert check.form is Form.CASES
        assert check.fulfilled == tuple(f"{kind}_met" for kind in check.kinds)


def test_targets_have_their_shares_and_only_a_must_can_fail_one() -> None:
    found = {rule.id: rule.target.share for rule in PACK.rules if rule.target}
    assert found == TARGETS
    for rule_id in found:
        wanted = Modality.MUST if rule_id == "20a" else Modality.TARGET
        assert PACK.by_id[rule_id].modality is wanted


def test_as_many_as_the_notice_says_bind() -> None:
    assert Counter(rule.modality for rule in PACK.rules) == {
        Modality.MUST: 52,
        Modality.QUALITATIVE: 30,
        Modality.TARGET: 6,
        Modality.MAY: 5,
    }


@pytest.mark.parametrize(
    ("rule_id", "length", "threshold"),
    [
        ("1b", PeriodLength.YEAR, 1),
        ("2b", PeriodLength.HALF_YEAR, 1),
        ("2c", PeriodLength.QUARTER, 1),
        ("2d", PeriodLength.QUARTER, 1),
        ("2f", PeriodLength.YEAR, 2),
        ("2j", PeriodLength.YEAR, 2),
        ("2k", PeriodLength.YEAR, 2),
        ("11d", PeriodLength.YEAR, 1),
        ("12b", PeriodLength.YEAR, 1),
        ("12e", PeriodLength.QUARTER, 1),
        ("12f", PeriodLength.YEAR, 1),
        ("12g", PeriodLength.YEAR, 1),
        ("18b", PeriodLength.YEAR, 1),
        ("18c", PeriodLength.YEAR, 1),
    ],
)
def test_how_often(rule_id: str, length: PeriodLength, threshold: int) -> None:
    check = only(rule_id)
    assert (check.form, check.period, check.threshold) == (Form.COUNT, length, threshold)


@pytest.mark.parametrize(("rule_id", "hours"), [("10a", 56), ("10b", 32)])
def test_training_is_a_sum_of_minutes_of_which_half_may_be_online(rule_id: str, hours: int) -> None:
    check = only(rule_id)
    assert (check.sum, check.threshold, check.per_unit) == ("amount", hours * 45, 45)
    assert check.cap is not None
    assert (check.cap.kind, check.cap.share) == ("training_online", 0.5)
    assert asked_by(check) == f"每年至少{hours}学时"


def test_what_must_not_happen_has_no_threshold() -> None:
    unified, separate = PACK.by_id["14d"].checks
    assert (unified.threshold, unified.most) == (1, None)
    for check in (separate, only("14e")):
        assert (check.threshold, check.most) == (0, 0)
    assert (only("12d").threshold, only("12d").most) == (1, 2)


def test_what_holds_only_under_a_condition() -> None:
    held = {r.id: [c.held for c in r.checks if c.held] for r in PACK.rules}
    assert {rule_id: facts for rule_id, facts in held.items() if facts} == {
        "1a": ["branch_committee", "party_group"],
        "5a": ["members_100"],
        "5b": ["members_50"],
        "13a": ["estate_owners_committee", "estate_property_firm"],
    }
    assert with_check("all") == {"2e", "3a", "14a"}
    assert len(only("3a").kinds) == 5
    first = {r.id for r in PACK.rules if any(c.on == "first_day" for c in r.checks)}
    assert first == {"9a", "9c"}


def test_streets_and_communities_owe_a_list() -> None:
    assert PACK.by_id["12f"].scope == ("area:street", "area:residents_committee")
