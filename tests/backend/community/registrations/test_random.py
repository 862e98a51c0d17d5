"""Whatever several people do, in whatever order: what must always be true stays true."""

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.community.registrations import queries, requests, service
from backend.community.registrations.applying import Application
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationPause,
    RegistrationRequest,
    RegistrationStatus,
    RejectionCode,
    RequestKind,
    RequestStatus,
)
from backend.core.actor import Actor, Role
from backend.core.errors import DomainError
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.support.notifications.models import Notification
from tests import ledger
from tests.factories import Make
from tests.random_cases import cases

S, R = RegistrationStatus, RequestStatus

PLACES = 2
# What keeps things going comes up more often than what ends them.
ACTIONS = (
    *("submit", "accept", "pause", "resume", "confirm", "confirm") * 3,
    *("end", "withdraw", "resubmit", "refuse", "take_back") * 2,
    "submit_additional", "return", "reject", "end_unasked", "void",
)  # fmt: skip
# An action, a number for who takes it, and which thing it is about (modulo what there is).
EVENTS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 11), st.integers(0, 3)),
    min_size=6,
    max_size=30,
)
BOTH_SIDES = frozenset({"pause", "resume", "end"})
OF_MEMBERS = frozenset({"submit", "submit_additional", "withdraw", "resubmit", "take_back"})


class Town:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules = session, rules
        self.places = [make.community() for _ in range(PLACES)]
        secretaries = [make.community_secretary(place) for place in self.places]
        members = [make.actor(make.member()) for _ in range(3)]
        members[1] = secretaries[0]  # a secretary registers like others, and not with herself
        township = session.get_one(Area, self.places[0].township_id)
        street = make.officer(Role.STREET_OFFICER, township)
        self.members, self.everybody = members, [*members, *secretaries, street]
        self.deciders = dict(zip((place.id for place in self.places), secretaries, strict=True))
        self.street = street
        for number in (0, 2):
            self.submit(members[number], number // 2)
            self.accept(secretaries[number // 2], 0)

    def actor(self, action: str, number: int, which: int) -> Actor:
        """Return mostly whoever may take the step, now and then anybody."""
        row = self._row(action, which)
        if number == 0 or row is None or action.startswith("submit"):
            people = self.members if action.startswith("submit") else self.everybody
            return people[(number or which) % len(people)]
        owner = next(one for one in self.members if one.member_id == row.member_id)
        if action in OF_MEMBERS or (action in BOTH_SIDES and number > 3):
            return owner
        decider = self.deciders[row.community_id or 0]
        return self.street if decider is owner else decider

    def _row(self, action: str, which: int) -> CommunityRegistration | None:
        if action in ("refuse", "take_back", "confirm"):
            asked = self.session.get(RegistrationRequest, self._asked(which)["request_id"])
            return asked.registration if asked else None
        return self.session.get(CommunityRegistration, self._one(which)["registration_id"])

    def take(self, action: str, number: int, which: int) -> bool:
        """Take one step and say whether it was taken; what is refused leaves nothing behind."""
        actor = self.actor(action, number, which)
        step = getattr(self, action.replace("return", "send_back"))
        try:
            with self.session.begin_nested():
                step(actor, which)
                self.session.flush()
        except DomainError:
            self.session.expire_all()
            return False
        return True

    def _one(self, which: int) -> dict[str, Any]:
        ids = list(self.session.scalars(sa.select(CommunityRegistration.id).order_by(-_ID)))
        return {"registration_id": ids[which % len(ids)] if ids else 1}

    def _asked(self, which: int) -> dict[str, Any]:
        newest = sa.select(RegistrationRequest.id).order_by(-RegistrationRequest.id)
        ids = list(self.session.scalars(newest))
        return {"request_id": ids[which % 2 % len(ids)] if ids else 1}

    def submit(
        self, actor: Actor, which: int, kind: RegistrationKind = RegistrationKind.PRIMARY
    ) -> None:
        code = self.places[which % PLACES].code
        service.submit(
            self.session,
            self.rules,
            actor=actor,
            said=Application(community_code=code, kind=kind),
        )

    def submit_additional(self, actor: Actor, which: int) -> None:
        self.submit(actor, which, RegistrationKind.ADDITIONAL)

    def accept(self, actor: Actor, which: int) -> None:
        service.accept(self.session, self.rules, actor=actor, **self._one(which))

    def send_back(self, actor: Actor, which: int) -> None:
        service.send_back(
            self.session, self.rules, actor=actor, reason="请补充", **self._one(which)
        )

    def reject(self, actor: Actor, which: int) -> None:
        reason: dict[str, Any] = {"reason_code": RejectionCode.DUPLICATE, "reason": "重复"}
        service.reject(self.session, self.rules, actor=actor, **reason, **self._one(which))

    def withdraw(self, actor: Actor, which: int) -> None:
        service.withdraw(self.session, self.rules, actor=actor, **self._one(which))

    def resubmit(self, actor: Actor, which: int) -> None:
        service.resubmit(self.session, self.rules, actor=actor, **_OFFER, **self._one(which))

    def pause(self, actor: Actor, which: int) -> None:
        said = requests.Asking(PauseReason.LEAVE)
        requests.pause(self.session, self.rules, actor=actor, said=said, **self._one(which))

    def resume(self, actor: Actor, which: int) -> None:
        requests.resume(self.session, self.rules, actor=actor, **self._one(which))

    def end(self, actor: Actor, which: int) -> None:
        """Ask as the member; confirm as anybody else."""
        one = self._one(which)
        row = self.session.get(CommunityRegistration, one["registration_id"])
        own = row is not None and row.member_id == actor.member_id
        said = requests.Asking(EndReason.WITHDRAWN if own else None)
        requests.end(self.session, self.rules, actor=actor, said=said, **one)

    def _end_because(self, actor: Actor, which: int, code: EndReason) -> None:
        said = requests.Asking(code, "已核实")
        requests.end(self.session, self.rules, actor=actor, said=said, **self._one(which))

    def end_unasked(self, actor: Actor, which: int) -> None:
        self._end_because(actor, which, EndReason.DECEASED)

    def void(self, actor: Actor, which: int) -> None:
        self._end_because(actor, which, EndReason.DATA_ERROR)

    def confirm(self, actor: Actor, which: int) -> None:
        asked = self.session.get(RegistrationRequest, self._asked(which)["request_id"])
        if asked is not None:
            given: dict[str, Any] = {"actor": actor, "registration_id": asked.registration_id}
            if asked.kind is RequestKind.RESUMPTION:
                requests.resume(self.session, self.rules, **given)
            else:
                step = requests.pause if asked.kind is RequestKind.PAUSE else requests.end
                step(self.session, self.rules, said=requests.Asking(), **given)

    def refuse(self, actor: Actor, which: int) -> None:
        requests.refuse(self.session, actor=actor, reason="请先联系", **self._asked(which))

    def take_back(self, actor: Actor, which: int) -> None:
        requests.withdraw(self.session, actor=actor, **self._asked(which))

    # What must always be true.

    def check(self) -> None:
        self.session.flush()
        rows = self._rows()
        for actor in self.members:
            self._check_member(actor, [r for r in rows if r.member_id == actor.member_id])
        self._check_requests(rows)
        self._check_news(rows)
        assert ledger.differences(self.session, self.rules) == []

    def _rows(self) -> list[CommunityRegistration]:
        everything = sa.select(CommunityRegistration).execution_options(populate_existing=True)
        return list(self.session.scalars(everything.order_by(_ID)))

    def _check_member(self, actor: Actor, rows: list[CommunityRegistration]) -> None:
        primary = [row for row in rows if row.kind is RegistrationKind.PRIMARY]
        standing = [row for row in primary if row.status in queries.STANDING]
        waiting = [row for row in primary if row.status in queries.WAITING]
        assert len(standing) <= 1
        assert len(waiting) <= 1
        member = self.session.get_one(Member, actor.member_id, populate_existing=True)
        assert member.community_id == (standing[0].community_id if standing else None)
        besides = [row for row in rows if row.kind is RegistrationKind.ADDITIONAL]
        there = [row.community_id for row in besides if row.status in queries.STANDING]
        assert sorted(member.also_in) == sorted(filter(None, there))
        pending = bool(standing) and standing[0].status is S.TRANSFER_PENDING
        assert pending == bool(standing and waiting)
        live = [
            row.community_id for row in rows if row.status in queries.STANDING + queries.WAITING
        ]
        assert len(live) == len(set(live))

    def _check_requests(self, rows: list[CommunityRegistration]) -> None:
        status = {row.id: row.status for row in rows}
        asked = self.session.scalars(sa.select(RegistrationRequest)).all()
        waiting = [one.registration_id for one in asked if one.status is R.SUBMITTED]
        assert len(waiting) == len(set(waiting))
        assert all(status[id_] in (S.ACTIVE, S.PAUSED) for id_ in waiting)
        open_ones = sa.select(RegistrationPause.registration_id).where(
            RegistrationPause.ends_on.is_(None)
        )
        paused = {id_ for id_, state in status.items() if state is S.PAUSED}
        assert set(self.session.scalars(open_ones)) == paused

    def _check_news(self, rows: list[CommunityRegistration]) -> None:
        """Each kind of news has so many causes, and nobody hears of one twice."""
        told = self.session.execute(sa.select(Notification.kind, Notification.business_id)).all()
        heard = Counter(kind for kind, _ in set(told))
        requests = Counter(
            one.status for one in self.session.scalars(sa.select(RegistrationRequest))
        )
        accepted = sum(row.accepted_on is not None for row in rows)
        assert heard["registrations.accepted"] <= accepted
        assert heard["registrations.rejected"] <= sum(row.status is S.REJECTED for row in rows)
        assert heard["registrations.request_confirmed"] == requests[R.CONFIRMED]
        assert heard["registrations.request_refused"] == requests[R.REFUSED]
        assert heard["registrations.request_submitted"] <= sum(requests.values())
        assert heard["registrations.ended"] == sum(row.end_note is not None for row in rows)


_ID = CommunityRegistration.id
_OFFER: dict[str, Any] = {"skills": [], "interests": [], "availability": ""}


@pytest.fixture
def town(session: Session, rules: RulePack, make: Make) -> Town:
    return Town(session, rules, make)


@given(events=EVENTS)
@cases(5)
def test_no_order_of_events_breaks_what_must_be_true(
    town: Town, events: list[tuple[str, int, int]]
) -> None:
    example = town.session.begin_nested()
    for action, number, which in events:
        if town.take(action, number, which):  # the refused ones were rolled back whole
            town.check()
    town.check()
    example.rollback()
    town.session.expire_all()
