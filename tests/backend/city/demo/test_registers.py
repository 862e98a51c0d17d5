"""The registers of the whole demo city: no figure of it is a desert, and none is without a gap."""

from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.city.demo import city, registers
from backend.city.demo.cast import City
from backend.core import clock
from backend.core.actor import PositionKind
from backend.core.crypto import Crypto
from backend.ledger.models import DutyYear, StandingFact
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area, AreaKind
from backend.people.members import queries as members
from backend.people.members.models import Position
from backend.registers import catalogue, following
from backend.registers.models import RegisterEntry, RegisterReview, RegisterVersion
from tests import ledger
from tests.backend.city.demo.test_city import one_session


@pytest.fixture(scope="module")
def loaded(engine: sa.Engine, keys: Crypto, rules: RulePack) -> Iterator[Session]:
    """The city with its registers; of the year that passed in it that half of the branches chose
    who leads them, and nothing else: the tests read it only."""
    with pytest.MonkeyPatch.context() as patch, one_session(engine) as session:
        patch.setattr(city, "record_a_year", lead_half)
        city.load(session, keys, rules)
        yield session


def lead_half(loading: City, _store: object) -> None:
    for branch in loading.branches[::2]:
        member_id = loading.session.scalars(members.active_members_of(branch.id)).all()[-1].id
        post = {"organization_id": branch.id, "member_id": member_id, "starts_on": city.LONG_AGO}
        loading.session.add(Position(kind=PositionKind.SECRETARY, **post))
        following.leaders_changed(loading.session, loading.rules, branch.id)


def test_each_computed_rule_is_met_by_some_and_not_by_others(
    loaded: Session, rules: RulePack
) -> None:
    open_ = DutyYear.owed.bitwise_and(DutyYear.done.bitwise_not())
    rows = sa.select(
        DutyYear.rule_id,
        sa.func.count().filter(DutyYear.owed != 0, open_ == 0),
        sa.func.count().filter(open_ != 0),
    ).where(DutyYear.year == clock.today().year, DutyYear.place_id.is_not(None))
    grouped = loaded.execute(rows.group_by(DutyYear.rule_id))
    found = {id_: (met, lacking) for id_, met, lacking in grouped}
    served = {id_ for one in catalogue.registers().values() for id_ in one.serves}
    computed = [rules.by_id[id_] for id_ in served if rules.is_computed(rules.by_id[id_])]

    bound = [rule.id for rule in computed if rule.checks]
    assert len(bound) > 25
    assert [id_ for id_ in bound if 0 in found.get(id_, (0, 0))] == []


def test_all_communities_have_their_registers(loaded: Session, rules: RulePack) -> None:
    entries = Counter(loaded.scalars(sa.select(RegisterEntry.register)))
    assert set(entries) == set(catalogue.registers())
    communities = sa.select(sa.func.count()).where(
        Area.kind == AreaKind.RESIDENTS_COMMITTEE, ~Area.hidden
    )
    assert entries["grid"] == 3 * (loaded.scalar(communities) or 0) == 594
    assert (entries["economic_entity"], entries["community_worker"]) == (495, 891)
    assert ledger.differences(loaded, rules) == []


def test_two_entered_without_a_certificate(loaded: Session) -> None:
    values = RegisterVersion.values
    lacking = sa.select(sa.func.count()).where(
        values["entered_on"].astext >= "2020", values["certified_on"].astext.is_(None)
    )
    assert loaded.scalar(lacking) == 2


def test_one_district_has_too_few_demonstration_sites(loaded: Session) -> None:
    sites = sa.select(StandingFact.subject_id).where(StandingFact.kind == "demonstration_site")
    own = Area.kind == AreaKind.RESIDENTS_COMMITTEE
    share = sa.func.count().filter(Area.id.in_(sites)) / sa.func.count()
    districts = sa.select(share).where(own, ~Area.hidden).group_by(Area.district_id)
    found = sorted(float(one) for one in loaded.scalars(districts))

    assert [one < 0.1 for one in found] == [True, False, False, False]
    assert found[0] > 0.07


def test_one_register_of_one_community_was_looked_at_by_nobody(loaded: Session) -> None:
    looked = sa.select(RegisterReview.register, sa.func.count()).group_by(RegisterReview.register)
    numbers = {name: number for name, number in loaded.execute(looked)}  # noqa: C416  # no pairs
    assert {name for name, number in numbers.items() if number != 198} == {registers.UNSEEN}
    assert numbers[registers.UNSEEN] == 197
    unseen = (
        sa.select(Area.id)
        .where(Area.kind == AreaKind.RESIDENTS_COMMITTEE, ~Area.hidden)
        .where(Area.id.not_in(sa.select(RegisterReview.place_id).where(
            RegisterReview.register == registers.UNSEEN)))
    )  # fmt: skip
    (place_id,) = loaded.scalars(unseen)
    there = sa.select(RegisterEntry.id).where(
        RegisterEntry.register == registers.UNSEEN, RegisterEntry.place_id == place_id
    )
    assert loaded.scalars(there).all() == []


def test_who_a_household_is_is_sealed(loaded: Session) -> None:
    rows = loaded.execute(
        sa.select(RegisterVersion.values, RegisterVersion.sealed)
        .join(RegisterEntry, RegisterEntry.id == RegisterVersion.entry_id)
        .where(RegisterEntry.register == "household")
    ).all()
    assert rows
    assert all(not values and sealed for values, sealed in rows)
