"""The made-up city on the first day of a year."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.city.demo import city, names, registers
from backend.community.demands.models import DemandList
from backend.core import clock
from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack


def test_the_list_is_this_years_however_young_the_year(
    session: Session, keys: Crypto, rules: RulePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city, "COMMUNITIES", city.COMMUNITIES[:1])
    monkeypatch.setattr(names, "BUREAUS", names.BUREAUS[:1])
    monkeypatch.setattr(registers, "MOST", 1)
    with clock.at(clock.now().replace(month=1, day=1, hour=1)):
        city.load(session, keys, rules)
        (listed,) = session.scalars(sa.select(DemandList))
        assert listed.year == clock.today().year
