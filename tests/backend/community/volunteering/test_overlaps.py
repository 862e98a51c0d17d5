"""One person's time counts once, whoever wrote it down and in whichever order."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.capabilities import EVIDENCE
from backend.community.certificates import reissue
from backend.community.certificates import service as certificates
from backend.community.certificates.models import CertificateStatus, ServiceCertificate
from backend.community.conduct_feedback import facts
from backend.community.volunteering import (
    assisted,
    evidence,
    occasions,
    service,
    settling,
)
from backend.community.volunteering.models import (
    RecordSource,
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.errors import Conflict
from backend.figures import my_duties
from backend.ledger import service as ledger
from backend.ledger.models import Tally
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests import ledger as city_ledger
from tests.backend.community.volunteering.activity_scene import ActivityScene, present
from tests.factories import Make, service_facts

S = ServiceRecordStatus
NOW = datetime(2026, 6, 10, 15, tzinfo=clock.SHANGHAI)
NINE = datetime(2026, 6, 9, 9, tzinfo=clock.SHANGHAI)
HOUR = timedelta(hours=1)
PHONE = "13800000001"


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make, keys: Crypto) -> None:
        self.session, self.rules = session, rules
        self.activities = ActivityScene(session, rules, make, keys)
        self.community, self.secretary = self.activities.community, self.activities.secretary
        self.member = self.activities.member()

    def log(self, begin: float, hours: float, **given: object) -> ServiceRecord:
        facts = service_facts(NINE + begin * HOUR, minutes=int(hours * 60), **given)
        return service.submit(
            self.session,
            self.rules,
            actor=self.member,
            said=service.Logging(
                community_code=self.community.code, facts=facts, is_volunteer_service=True
            ),
        )

    def confirm(self, record: ServiceRecord) -> ServiceRecord:
        return service.confirm(self.session, self.rules, actor=self.secretary, record_id=record.id)

    def listed(self, begin: float = 0) -> ServiceRecord:
        """Write the list of an activity of two hours at which the member was present."""
        with clock.at(NINE - timedelta(days=3)):
            activity = self.activities.publish((NINE + begin * HOUR, 5))
        self.activities.write(activity, present(self.member))
        return self.session.scalars(
            sa.select(ServiceRecord).where(ServiceRecord.activity_id == activity.id)
        ).one()

    def old(self, begin: float, hours: float, **given: object) -> ServiceRecord:
        """A record confirmed and posted by itself, as before anything looked at the others."""
        length = int(hours * 60)
        record = ServiceRecord(
            member_id=self.member.as_member(),
            community_id=self.community.id,
            source=RecordSource.SELF_LOGGED,
            status=S.CONFIRMED,
            is_volunteer_service=True,
            duration_min=length,
            submitted_at=NOW,
            confirm_due_on=NOW.date(),
            overlaps_older=True,
            **service_facts(NINE + begin * HOUR, minutes=length, **given).__dict__,
        )
        self.session.add(record)
        self.session.flush()
        for entry in evidence.counted([record], self.rules.counting).values():
            ledger.post(self.session, self.rules, entry)
        return record

    def tally(self) -> tuple[int, int]:
        assert city_ledger.differences(self.session, self.rules) == []
        columns = (sa.func.sum(Tally.occasions), sa.func.sum(Tally.amount))
        occasions, amount = self.session.execute(sa.select(*columns)).one()
        return int(occasions or 0), int(amount or 0)

    def certify(self) -> ServiceCertificate:
        day = NINE.date()
        return certificates.issue(
            self.session, actor=self.member, said=certificates.Period(since=day, until=day)
        )

    def facts(self) -> tuple[int, int]:
        of = facts.of(
            self.session,
            member_id=self.member.as_member(),
            community_id=self.community.id,
            year=2026,
        )
        return of.services, of.minutes


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make, keys: Crypto) -> Iterator[Scene]:
    with clock.at(NOW):
        yield Scene(session, rules, make, keys)


def test_the_member_is_told_of_the_own_record_of_the_same_time(scene: Scene) -> None:
    scene.log(0, 2)

    with pytest.raises(Conflict, match="service_overlaps") as refusal:
        scene.log(1, 2, category=ServiceCategory.SAFETY)

    assert "6月9日09:00至11:00" in refusal.value.message


def test_what_begins_as_another_ends_does_not_overlap_it(scene: Scene) -> None:
    scene.confirm(scene.log(0, 2))
    scene.confirm(scene.log(2, 1, category=ServiceCategory.SAFETY))

    assert scene.tally() == (2, 180)


def test_what_was_taken_back_or_returned_is_in_nobodys_way(scene: Scene) -> None:
    service.withdraw(scene.session, actor=scene.member, record_id=scene.log(0, 2).id)
    returned = scene.log(0, 2)
    service.send_back(
        scene.session, actor=scene.secretary, record_id=returned.id, reason="请写明地点"
    )
    scene.log(0, 2)

    with pytest.raises(Conflict, match="service_overlaps"):
        service.resubmit(
            scene.session,
            scene.rules,
            actor=scene.member,
            record_id=returned.id,
            facts=service_facts(NINE, minutes=30),
        )


def test_the_community_cannot_confirm_what_the_list_says_already(scene: Scene) -> None:
    waiting = scene.log(0, 2)
    scene.listed()

    with pytest.raises(Conflict, match="service_overlaps"):
        scene.confirm(waiting)
    assert scene.tally() == (1, 120)


def test_a_slip_for_hours_that_stand_is_refused(scene: Scene, keys: Crypto) -> None:
    person = scene.activities.make.member(
        name="林小满",
        phone_encrypted=keys.encrypt(PHONE, purpose="member.phone"),
        phone_hash=keys.lookup(PHONE, purpose="member.phone"),
    )
    scene.member = scene.activities.make.actor(person)
    scene.confirm(scene.log(0, 2))

    with pytest.raises(Conflict, match="service_overlaps"):
        assisted.enter(
            scene.session,
            scene.rules,
            keys,
            actor=scene.secretary,
            said=assisted.Slip(
                community_code=scene.community.code,
                facts=service_facts(NINE + HOUR, minutes=60),
                name=person.name,
                phone=PHONE,
                slip_no="0001",
            ),
        )


@pytest.mark.parametrize("begin", [0, 0.5, 1])
def test_a_list_and_what_was_logged_for_the_same_hours_are_one_occasion(
    scene: Scene, begin: float
) -> None:
    scene.confirm(scene.log(0, 2))
    scene.listed(begin)
    minutes = int(120 + begin * 60)

    assert scene.tally() == (1, minutes)
    assert scene.facts() == (1, minutes)


def test_who_is_taken_off_the_list_keeps_what_was_logged(scene: Scene) -> None:
    scene.confirm(scene.log(0, 2))
    listed = scene.listed(1)
    service.void(
        scene.session, scene.rules, actor=scene.secretary, record_id=listed.id, reason="未到场"
    )

    assert scene.tally() == (1, 120)


def test_a_certificate_counts_the_hours_that_were_given(scene: Scene) -> None:
    scene.old(0, 2)
    scene.old(1, 2, category=ServiceCategory.SAFETY)

    paper = scene.certify()

    assert (paper.services, paper.minutes, paper.hours) == (1, 180, "3.0")
    assert sum(row.minutes for row in paper.records) == 180


def test_times_are_not_corrected_into_those_of_another_record(scene: Scene) -> None:
    scene.confirm(scene.log(0, 1))
    record_id = scene.confirm(scene.log(2, 1)).id

    def correct(begin: float, **given: object) -> ServiceRecord:
        return service.correct(
            scene.session,
            scene.rules,
            actor=scene.secretary,
            record_id=record_id,
            facts=service_facts(NINE + begin * HOUR, minutes=60, **given),
            reason="已核对",
        )

    with pytest.raises(Conflict, match="service_overlaps"):
        correct(0.5)
    scene.session.expire_all()
    assert correct(2, content="看望两位老人").content == "看望两位老人"
    assert scene.tally()[1] == 120


def test_words_are_corrected_though_the_hours_are_on_a_list_too(scene: Scene) -> None:
    record = scene.confirm(scene.log(0, 2))
    scene.listed(1)

    service.correct(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        record_id=record.id,
        facts=service_facts(NINE, minutes=120, content="改几个字"),
        reason="已核对",
    )

    assert scene.tally() == (1, 180)


def test_the_database_refuses_what_nobody_looked_at(scene: Scene) -> None:
    ids = [scene.old(0, 2).id, scene.old(1, 2).id]
    stand = sa.update(ServiceRecord).where(ServiceRecord.id.in_(ids))

    with (
        pytest.raises(sa.exc.IntegrityError, match="uq_service_record_own_time"),
        scene.session.begin_nested(),
    ):
        scene.session.execute(stand.values(overlaps_older=False))


def test_old_overlaps_are_settled_once_and_everybody_is_told(scene: Scene) -> None:
    scene.old(0, 2)
    scene.old(1, 2, category=ServiceCategory.SAFETY)
    paper = scene.certify()
    paper.services, paper.minutes = 2, 240  # as it was counted before
    scene.session.flush()

    changes = settling.settle(scene.session, scene.rules)
    papers = reissue.reissue(scene.session)

    assert [(change.before, change.after) for change in changes] == [(120, 60)]
    assert scene.tally() == (1, 180)
    (anew,) = papers
    assert (anew.services, anew.minutes, anew.replaces_id) == (1, 180, paper.id)
    assert paper.status is CertificateStatus.REVOKED
    assert (paper.services, paper.minutes) == (2, 240)
    assert anew.number in (paper.revoke_reason or "")
    told = sa.select(Notification.kind).where(Notification.account_id == scene.member.account_id)
    assert list(scene.session.scalars(told.order_by(Notification.id)))[-2:] == [
        "volunteering.record_corrected",
        "certificates.revoked",
    ]
    assert settling.settle(scene.session, scene.rules) == []
    assert reissue.reissue(scene.session) == []


@pytest.mark.parametrize(
    ("minutes", "break_min", "occasions"),
    [(29, 0, 0), (30, 0, 1), (31, 0, 1), (60, 31, 0), (60, 30, 1), (60, 29, 1)],
)
def test_the_least_minutes_are_those_that_were_served(
    scene: Scene, minutes: int, break_min: int, occasions: int
) -> None:
    scene.confirm(scene.log(0, minutes / 60, break_min=break_min))

    assert scene.tally()[0] == occasions


@pytest.mark.parametrize(("apart", "occasions"), [(9, 0), (10, 1), (20, 0)])
def test_the_least_minutes_are_those_of_the_occasion_as_a_whole(
    scene: Scene, apart: int, occasions: int
) -> None:
    """Twenty minutes on a list and twenty logged: together, while they overlap."""
    scene.old(0, 1 / 3)
    scene.old(apart / 60, 1 / 3)
    evidence.follow(scene.session, scene.rules, scene.member.as_member())

    assert scene.tally()[0] == occasions


def test_the_evidence_says_which_of_two_counts(scene: Scene) -> None:
    scene.confirm(scene.log(0, 2))
    scene.listed(1)

    items = my_duties.evidence(
        scene.session, scene.rules, EVIDENCE, actor=scene.member, rule_id="2k", year=2026
    )

    assert sorted(item.counted for item in items) == [False, True]
    assert "同一时间" in next(item.reason or "" for item in items if not item.counted)


STARTS = st.integers(0, 40)
RECORDS = st.lists(st.tuples(STARTS, st.integers(1, 20), st.booleans()), max_size=8)


@given(rows=RECORDS)
@settings(deadline=None, derandomize=True)
def test_minutes_are_those_of_the_union_and_occasions_do_not_overlap(
    rows: list[tuple[int, int, bool]],
) -> None:
    records = [
        ServiceRecord(
            id=number,
            started_at=NINE + timedelta(minutes=start),
            ended_at=NINE + timedelta(minutes=start + length),
            duration_min=length,
            shift_id=number if listed else None,
        )
        for number, (start, length, listed) in enumerate(rows)
    ]
    union = {minute for start, length, _ in rows for minute in range(start, start + length)}

    shares = occasions.share(records)

    assert sum(share.minutes for share in shares) == len(union)
    firsts = {share.first.id: share.first for share in shares}.values()
    assert not any(occasions.overlap(*pair) for pair in combinations(firsts, 2))
    assert all(share.is_first or occasions.overlap(share.record, share.first) for share in shares)
