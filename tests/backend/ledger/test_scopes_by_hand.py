"""Whom the rules of the notice bind, and what of that which is posted counts: worked by hand."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.settings import DEFAULT_RULE_PACK
from backend.figures import my_duties
from backend.ledger import binding, packs, service
from backend.ledger.models import DutyYear, Posting, SubjectKind, Tally
from backend.ledger.rulepack import RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject, bound_subjects, bounds_of
from backend.ledger.verdicts import Verdict
from backend.people.areas.models import Area, AreaKind
from backend.people.organizations.models import OrganizationKind, UnitKind
from tests.backend.ledger import book
from tests.factories import Make


@pytest.fixture(scope="session")
def whole() -> RulePack:
    """The notice's rules, as if all that they count came in."""
    return packs.load(DEFAULT_RULE_PACK)


def bound(session: Session, rules: RulePack, rule_id: str) -> set[int]:
    session.flush()
    return set(session.scalars(sa.select(bound_subjects(rules.by_id[rule_id]).subquery().c[0])))


def test_members_of_organs_are_bound_and_nobody_else(
    session: Session, whole: RulePack, make: Make
) -> None:
    """A2: city and district organs; no firm, no other unit, nobody inactive; 3.5: no resident's."""
    crew = {kind: make.member(make.branch(make.unit(kind=kind))) for kind in UnitKind}
    gone = make.member(make.branch(make.unit()), active=False)
    organ = make.unit()
    residents = make.member(make.branch(organ, unit_id=None), unit_id=organ.id)
    organs = {crew[UnitKind.CITY_ORGAN].id, crew[UnitKind.DISTRICT_ORGAN].id}

    for rule_id in ("2i", "2k"):
        assert bound(session, whole, rule_id) == organs
    assert {gone.id, residents.id}.isdisjoint(organs)


def test_organ_units_register_once_each_whatever_their_branches(
    session: Session, whole: RulePack, make: Make
) -> None:
    """A3: per unit, not per branch."""
    unit, firm = make.unit(), make.unit(kind=UnitKind.ENTERPRISE)
    for _ in range(3):
        make.branch(unit)
    make.branch(firm)

    assert bound(session, whole, "2h") == {unit.id}
    assert bound(session, whole, "2j") == {unit.id}


def test_only_units_that_joined_are_member_units(
    session: Session, whole: RulePack, make: Make
) -> None:
    """A15; and 2f binds both these and the organs, since the day of joining or always."""
    organ, joined, resident, left = (
        make.unit(kind=kind) for kind in (UnitKind.CITY_ORGAN, *[UnitKind.ENTERPRISE] * 3)
    )
    make.member_unit(joined, date(2026, 2, 2))
    make.member_unit(left, until=date(2026, 1, 1))
    make.member_unit(organ, date(2026, 5, 5))

    assert bound(session, whole, "12g") == {joined.id, organ.id}
    rows = session.execute(bound_subjects(whole.by_id["2f"])).all()
    since = {row.subject_id: row.since for row in rows}
    assert since == {organ.id: None, joined.id: date(2026, 2, 2)}
    assert resident.id not in since


def test_areas_are_bound_by_their_kind(session: Session, whole: RulePack, make: Make) -> None:
    """A12: residents' committees, no villages; 1.1: streets and not towns, but where the text says
    so; nothing hidden, nothing closed."""
    district = make.district()
    street, town = make.township(district), make.township(district)
    town.kind = AreaKind.TOWN
    committee = make.community(street)
    make.community(street, kind=AreaKind.VILLAGE)
    make.community(street, hidden=True)
    make.community(street, valid_to=date(2026, 1, 1))

    expected = {
        "20a": {committee.id},
        "2d": {committee.id},
        "2c": {street.id},
        "3a": {street.id},
        "12f": {street.id, committee.id},
        "19b": {street.id, town.id},
        "18a": {district.id, street.id, town.id, committee.id},
        "14a": {district.id},
        "18b": {make.city().id},
    }
    assert {rule_id: bound(session, whole, rule_id) for rule_id in expected} == expected


def test_a_street_and_its_communities_owe_a_list_each_by_itself(
    session: Session, rules: RulePack, make: Make
) -> None:
    """A8, 12f: per organisation."""
    township = make.township()
    community = make.community(township)
    book.bind(session, rules)
    writing = book.Book(session, rules)
    subject = Subject(SubjectKind.AREA, community.id)

    writing.post("demand_list", subject, clock.today())

    assert writing.row("12f", subject).done == 1
    assert writing.row("12f", Subject(SubjectKind.AREA, township.id)).done == 0


def test_a_year_that_is_over_keeps_who_was_bound_in_it(
    session: Session, rules: RulePack, make: Make
) -> None:
    """Who has moved to another unit since still has the year that was, and what was missing."""
    member = make.member(make.branch(), unit_since=date(2024, 5, 1))
    actor = make.actor(member)
    bind_in(session, rules, date(2025, 12, 20))
    member.unit_since = date(2026, 3, 1)
    bind_in(session, rules, date(2026, 3, 1))

    with clock.at(datetime(2026, 4, 1, 9, tzinfo=clock.SHANGHAI)):
        duties = my_duties.duties(session, rules, actor=actor, year=2025)
        assert binding.unbound_years(session) == set()

    told = {duty.rule.id: duty.judgement for duty in duties}
    assert (told["2k"].verdict, told["2k"].required) == (Verdict.OVERDUE, 2)


def test_who_comes_later_is_bound_later(session: Session, whole: RulePack, make: Make) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    member = make.member(make.branch(), unit_since=tomorrow)
    branch = make.branch(founded_on=tomorrow)
    unit = make.unit(kind=UnitKind.ENTERPRISE)
    make.member_unit(unit, tomorrow)

    assert member.id not in bound(session, whole, "2i")
    assert branch.id not in bound(session, whole, "1a")
    assert unit.id not in bound(session, whole, "12g")


def test_a_rule_is_computed_when_all_it_needs_comes_in() -> None:
    """3a needs all five powers; a case rule what came up and what was dealt with."""
    powers = [f"street_power_{n}" for n in
              ("appraisal", "consent", "planning", "management", "proposal")]  # fmt: skip

    def computed(rule_id: str, *kinds: str) -> bool:
        pack = packs.load(DEFAULT_RULE_PACK, posted=frozenset(kinds))
        return pack.is_computed(pack.by_id[rule_id])

    assert computed("3a", *powers)
    assert not computed("3a", *powers[:4])
    assert not computed("18e", "criticism_notice")
    assert computed("18e", "criticism_notice", "criticism_notice_met")
    assert computed("2i", "community_registration")
    assert not computed("5a", "community_greater_committee")


class Desk:
    """Enters something of a subject on a day, as if it were that day."""

    def __init__(self, session: Session, rules: RulePack) -> None:
        self.session, self.rules, self.sources = session, rules, 0

    def enter(
        self, kind: str, subject: Subject, day: date, entered: date, occasion: str = ""
    ) -> Posting:
        self.sources += 1
        source = Source(book.SOURCE, self.sources)
        occasion = occasion or str(self.sources)
        with clock.at(datetime.combine(entered, time(9), clock.SHANGHAI)):
            return service.post(
                self.session, self.rules, Entry(kind, subject, source, day, entered, occasion)
            )


@pytest.fixture
def desk(session: Session, whole: RulePack) -> Desk:
    return Desk(session, whole)


def bind_in(session: Session, rules: RulePack, day: date) -> None:
    with clock.at(datetime.combine(day, time(9), clock.SHANGHAI)):
        book.bind(session, rules)


@pytest.mark.parametrize(
    ("what", "level", "day", "entered", "late"),
    [
        # 2c: the first quarter of 2026 ends on 31 March; Qingming is on 4 to 6 April; the tenth
        # working day after it is 15 April.
        ("joint_meeting", "street", date(2026, 3, 31), date(2026, 4, 15), False),
        ("joint_meeting", "street", date(2026, 3, 31), date(2026, 4, 16), True),
        ("joint_meeting", "street", date(2026, 1, 5), date(2026, 4, 15), False),
        # 2b: the same thing of a district has until the half-year is over: the tenth working day
        # after 30 June is 14 July.
        ("joint_meeting", "district", date(2026, 1, 5), date(2026, 4, 16), False),
        ("joint_meeting", "district", date(2026, 1, 5), date(2026, 7, 14), False),
        ("joint_meeting", "district", date(2026, 1, 5), date(2026, 7, 15), True),
        # 12b: a year; 4 January 2026 is a make-up day, 15 January the tenth working day.
        ("household_visit", "street", date(2025, 2, 3), date(2026, 1, 15), False),
        ("household_visit", "street", date(2025, 12, 31), date(2026, 1, 16), True),
    ],
)
def test_late_is_later_than_ten_working_days_after_the_period_of_whose_duty_it_is(
    session: Session,
    whole: RulePack,
    make: Make,
    desk: Desk,
    what: str,
    level: str,
    day: date,
    entered: date,
    late: bool,
) -> None:
    township = make.township()
    area = township if level == "street" else session.get_one(type(township), township.parent_id)
    bind_in(session, whole, day)

    posting = desk.enter(what, Subject(SubjectKind.AREA, area.id), day, entered)

    assert posting.late == late


def test_what_is_one_occasion_counts_once_and_in_time_if_one_of_them_was(
    session: Session, whole: RulePack, make: Make, desk: Desk
) -> None:
    """1.3 counting "次": several shifts of a day are one; A14: wherever in the city it was."""
    member = Subject(SubjectKind.MEMBER, make.member().id)
    day = date(2025, 3, 3)
    bind_in(session, whole, day)
    desk.enter("volunteer_service", member, day, date(2026, 2, 1), "one")
    desk.enter("volunteer_service", member, day, day, "one")
    desk.enter("volunteer_service", member, day, date(2026, 2, 1), "two")

    tally = session.scalars(sa.select(Tally)).one()
    session.refresh(tally)
    assert (tally.occasions, tally.occasions_late) == (2, 1)
    done = sa.select(DutyYear.done).where(DutyYear.rule_id == "2k", DutyYear.year == 2025)
    assert session.scalar(done) == 1


def test_a_leading_body_stands_in_the_area_it_governs_wherever_it_lies(
    session: Session, whole: RulePack, make: Make
) -> None:
    community = make.community()
    street = session.get_one(Area, community.township_id)
    governing = make.branch(
        area_id=community.id, governs_id=street.id, kind=OrganizationKind.COMMITTEE
    )
    of_a_unit = make.branch(area_id=community.id, kind=OrganizationKind.COMMITTEE)
    rule = whole.by_id["1b"]
    asked = [Subject(SubjectKind.ORGANIZATION, one.id) for one in (governing, of_a_unit)]

    found = bounds_of(session, [rule], asked)

    assert [found[rule.id, one].place_id for one in asked] == [street.id, community.id]
