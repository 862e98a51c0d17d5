"""The ledger of grants: an answer counts once, however and in whatever order one hears of it."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import clock
from backend.support.notifications import grants
from backend.support.notifications.models import GrantReason, MessageGrant, MessageGrantEntry
from tests.factories import Make
from tests.random_cases import cases

TEMPLATE = "TPL"
REPORTED, PUSHED = GrantReason.REPORTED, GrantReason.PUSHED
NOON = datetime(2026, 11, 25, 12, tzinfo=clock.SHANGHAI)


class Ledger:
    def __init__(self, session: Session, account_id: int) -> None:
        self.session, self.account_id = session, account_id

    def accept(self, reason: GrantReason, minutes: float = 0) -> None:
        at = NOON + timedelta(minutes=minutes)
        grants.accept(self.session, self.account_id, TEMPLATE, reason, at)

    def empty(self, minutes: float = 0) -> None:
        at = NOON + timedelta(minutes=minutes)
        grants.empty(self.session, self.account_id, TEMPLATE, GrantReason.REJECTED, at)

    def spend(self) -> None:
        grants.spend(self.session, self.account_id, TEMPLATE)

    @property
    def balance(self) -> int:
        return grants.balances(self.session, self.account_id).get(TEMPLATE, 0)

    @property
    def exhausted(self) -> bool:
        return grants.is_exhausted(self.session, self.account_id, TEMPLATE)


@pytest.fixture
def ledger(session: Session, make: Make) -> Ledger:
    return Ledger(session, make.account().id)


@pytest.mark.parametrize("order", [(REPORTED, PUSHED), (PUSHED, REPORTED)])
def test_an_answer_of_which_app_and_wechat_tell_counts_once(
    ledger: Ledger, order: tuple[GrantReason, GrantReason]
) -> None:
    for reason in order:
        ledger.accept(reason)

    assert ledger.balance == 1


def test_two_answers_count_twice_though_both_are_told_of_twice(ledger: Ledger) -> None:
    for reason in (REPORTED, REPORTED, PUSHED, PUSHED):
        ledger.accept(reason)

    assert ledger.balance == 2


def test_an_answer_of_which_only_one_side_tells_counts(ledger: Ledger) -> None:
    ledger.accept(PUSHED)
    ledger.accept(REPORTED, minutes=30)

    assert ledger.balance == 2


def test_a_message_spends_one_and_never_what_is_not_there(ledger: Ledger) -> None:
    ledger.accept(REPORTED)
    for left in (0, 0):
        ledger.spend()
        assert ledger.balance == left
    assert not ledger.exhausted, "only WeChat knows that nothing is left"


def test_a_refusal_empties_and_the_next_answer_opens_again(ledger: Ledger) -> None:
    ledger.accept(REPORTED)
    ledger.empty(minutes=1)
    assert (ledger.balance, ledger.exhausted) == (0, True)

    ledger.accept(REPORTED, minutes=2)
    assert (ledger.balance, ledger.exhausted) == (1, False)


def test_an_answer_from_before_the_refusal_grants_nothing_when_it_comes_late(
    ledger: Ledger,
) -> None:
    ledger.empty(minutes=5)
    ledger.accept(PUSHED, minutes=1)

    assert (ledger.balance, ledger.exhausted) == (0, True)


def test_a_refusal_from_before_the_answer_takes_nothing_when_it_comes_late(ledger: Ledger) -> None:
    ledger.accept(REPORTED, minutes=5)
    ledger.empty(minutes=1)

    assert (ledger.balance, ledger.exhausted) == (1, False)


def test_nobody_is_believed_to_accept_without_end(ledger: Ledger) -> None:
    for _ in range(grants.MOST + 5):
        ledger.accept(REPORTED)

    assert ledger.balance == grants.MOST


STEPS = st.one_of(
    st.tuples(st.just("accept"), st.sampled_from([REPORTED, PUSHED]), st.integers(0, 60)),
    st.tuples(st.just("empty"), st.none(), st.integers(0, 60)),
    st.tuples(st.just("spend"), st.none(), st.none()),
)


@given(st.lists(STEPS, max_size=25))
@cases(8)
def test_whatever_happens_the_balance_is_the_sum_of_the_ledger(
    session: Session, make: Make, steps: list[tuple[str, GrantReason | None, int | None]]
) -> None:
    ledger = Ledger(session, make.account().id)
    for step, reason, minutes in steps:
        if step == "accept" and reason is not None:
            ledger.accept(reason, minutes or 0)
        elif step == "empty":
            ledger.empty(minutes or 0)
        else:
            ledger.spend()
        entered = session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(MessageGrantEntry.delta), 0)).where(
                MessageGrantEntry.account_id == ledger.account_id
            )
        )
        row = session.get(MessageGrant, (ledger.account_id, TEMPLATE))
        assert row is not None
        assert ledger.balance == entered
        assert ledger.balance >= 0
        assert not (row.exhausted and row.balance)
