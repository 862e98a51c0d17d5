"""Single things around which rights are tried."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.accounts.staff.models import StaffAccount
from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.models import AbsenceReason
from backend.branch_life.meetings.voting import service as voting
from backend.branch_life.meetings.voting.arithmetic import Count
from backend.branch_life.meetings.voting.models import DecisionKind
from backend.branch_life.meetings.voting.service import Vote
from backend.community.certificates.models import CertificateStatus, ServiceCertificate
from backend.community.claims import service as claims
from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.community.demands import service as demands
from backend.community.projects.models import ProjectStatus
from backend.community.registrations import requests
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import PauseReason
from backend.community.unit_registrations import service as units
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.activities.models import ActivityStatus
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.imports.models import Import, ImportStatus
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization
from backend.support.attachments.models import AttachmentStatus
from backend.support.text_checks.declared import Audience
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests.backend.support.attachments.scene import image
from tests.factories import Make, service_facts


@dataclass
class Things:
    """One of everything, by name, and one of each role."""

    ids: dict[str, int]
    people: dict[str, Actor]


def everybody(
    session: Session, make: Make, community: Area, branch: Organization
) -> dict[str, Actor]:
    people = {
        "member": make.actor(make.member(branch)),
        "secretary": make.community_secretary(community),
        "branch_secretary": make.branch_secretary(branch),
        "contact": make.unit_contact(branch),
        "asker": make.actor(make.member()),
        "stranger": make.actor(make.member()),
        "other_secretary": make.community_secretary(make.community()),
        "other_branch_secretary": make.branch_secretary(make.branch()),
    }
    for name, role, level in (
        ("street", Role.STREET_OFFICER, "township"),
        ("district", Role.DISTRICT_OFFICER, "district"),
        ("city", Role.CITY_OFFICER, "city"),
    ):
        area = session.get_one(Area, getattr(community, f"{level}_id"))
        people[name] = make.officer(role, area)
    return people


def populate(session: Session, rules: RulePack, make: Make) -> Things:
    community = make.community()
    branch = make.branch(make.unit(community))
    people = everybody(session, make, community, branch)
    project = make.project(community)
    assert branch.unit is not None
    make.member_unit(branch.unit)
    claim = claims.claim(
        session,
        rules,
        actor=people["contact"],
        project_id=project.id,
        said=claims.Claiming(branch.unit_id),
    )
    ids = waiting(session, rules, people["member"], community)
    ids |= asked(session, rules, people["asker"], people["secretary"], community)
    ids |= {"claim": claim.id} | of_a_branch(session, make, branch, people)
    ids |= of_units_and_papers(session, people, community, ids["registration"])
    ids["demand"] = unit_demand(session, people["contact"], community)
    ids["check"] = held_text(session, people["member"], community)
    sent = image(session, people["member"], AttachmentStatus.HELD, community=community)
    ids["attachment"] = sent.id
    ids["activity"] = make.activity(community, (clock.now(), 3)).id
    unpublished = {"status": ActivityStatus.DRAFT, "published_at": None}
    ids |= appointed(session, make, community)
    ids["activity_draft"] = make.activity(community, **unpublished).id
    ids["import"] = brought(session, people["city"])
    ids["entry"] = make.entry("grid", place_id=community.id).entry_id
    ids["household"] = make.entry("household", place_id=community.id).entry_id
    ids["draft"] = make.project(community, status=ProjectStatus.DRAFT).id
    ids["reviewed"] = make.project(community, status=ProjectStatus.REVIEW, funded=True).id
    return Things(ids, people)


def brought(session: Session, officer: Actor, status: ImportStatus = ImportStatus.READY) -> int:
    """An import that somebody brought, and that was checked."""
    row = Import(
        target="members", status=status, account_id=officer.account_id, file_name="名册.csv",
        columns=[], notes=[], counts={}, committed_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def appointed(session: Session, make: Make, community: Area) -> dict[str, int]:
    """Somebody proposed for a role at the community, and somebody who holds one there."""
    city = session.get_one(Area, community.city_id)
    proposer = make.officer(Role.CITY_OFFICER, city)
    held = make.appointment(make.member(), Role.GRID_WORKER, area_id=community.id)
    where = {"role": Role.GRID_WORKER, "area_id": community.id}
    proposed = make.proposal(make.member(), proposer, **where)
    account = make.staff().account_id
    staff = StaffAccount(
        account_id=account, sign_in_name="somebody", sign_in_key="somebody", password_hash=""
    )
    session.add(staff)
    session.flush()
    return {
        "appointment": proposed.id,
        "held_appointment": held.id,
        "staff_account": staff.id,
    }


def of_a_branch(
    session: Session, make: Make, branch: Organization, people: dict[str, Actor]
) -> dict[str, int]:
    meeting, group, other = make.meeting(branch), make.group(branch), make.branch()
    assert branch.unit_id is not None
    assert other.unit_id is not None
    exempted = make.exemption(make.member(branch))
    return {
        "branch": branch.id,
        "other_branch": other.id,
        "unit": branch.unit_id,
        "other_unit": other.unit_id,
        "meeting": meeting.id,
        "group": group.id,
        "exemption": exempted.id,
        "unregistered": exempted.member_id,
        "exempted": make.member(branch).id,
        "material": make.material(branch).id,
    } | of_meeting(session, people, meeting.id)


def of_meeting(session: Session, people: dict[str, Actor], meeting_id: int) -> dict[str, int]:
    """A request for leave of the member, and a vote."""
    request, _ = leave.ask(
        session, actor=people["member"], meeting_id=meeting_id, reason=AbsenceReason.WORK
    )
    vote = voting.record(
        session,
        actor=people["branch_secretary"],
        meeting_id=meeting_id,
        vote=Vote("决议", Count(DecisionKind.ORDINARY)),
    )
    return {"leave": request.id, "resolution": vote.id}


def feedback(
    session: Session, member: Actor, community: Area, registration_id: int,
    status: FeedbackStatus = FeedbackStatus.AWAITING_REPLY,
) -> int:  # fmt: skip
    handed = status is FeedbackStatus.HANDED_OVER
    note = ConductFeedback(
        registration_id=registration_id,
        member_id=member.member_id,
        community_id=community.id,
        year=clock.today().year,
        services=1,
        minutes=60,
        categories=["care"],
        projects=0,
        comment="积极参加社区服务。",
        status=status,
        written_by=1,
        written_at=clock.now(),
        reply_due_on=clock.today(),
        branch_id=member.branch_id if handed else None,
    )
    session.add(note)
    session.flush()
    return note.id


def of_units_and_papers(
    session: Session, people: dict[str, Actor], community: Area, registration_id: int
) -> dict[str, int]:
    return {
        "feedback": feedback(session, people["member"], community, registration_id),
        "unit_registration": unit_registration(session, people["contact"], community),
        "certificate": issued_certificate(session, people["member"], community),
    }


def waiting(session: Session, rules: RulePack, member: Actor, community: Area) -> dict[str, int]:
    """Let the member send in a registration and a service record; return their ids."""
    begin = clock.now() - timedelta(hours=3)
    record = volunteering.submit(
        session,
        rules,
        actor=member,
        said=volunteering.Logging(community_code=community.code, facts=service_facts(begin)),
    )
    registration = registrations.submit(
        session, rules, actor=member, said=Application(community_code=community.code)
    )
    return {"record": record.id, "registration": registration.id}


def asked(
    session: Session, rules: RulePack, asker: Actor, secretary: Actor, community: Area
) -> dict[str, int]:
    """Let somebody be registered and ask for a pause; return the ids of both."""
    standing = waiting(session, rules, asker, community)["registration"]
    registrations.accept(session, rules, actor=secretary, registration_id=standing)
    row = requests.pause(
        session,
        rules,
        actor=asker,
        registration_id=standing,
        said=requests.Asking(PauseReason.POSTING),
    )
    assert row.request is not None
    return {"standing": standing, "request": row.request.id}


def unit_demand(session: Session, contact: Actor, community: Area) -> int:
    (unit_id,) = contact.units(Role.UNIT_CONTACT)
    return demands.bring(
        session,
        actor=contact,
        said=demands.Bringing(
            community_code=community.code, title="三号楼照明需要维修", unit_id=unit_id
        ),
    ).id


def unit_registration(session: Session, contact: Actor, community: Area) -> int:
    (unit_id,) = contact.units(Role.UNIT_CONTACT)
    return units.submit(
        session,
        actor=contact,
        said=units.Submission(
            unit_id=unit_id, receiver_code=community.code, plan="每季度开展一次义诊", resources=[]
        ),
    ).id


def issued_certificate(session: Session, member: Actor, community: Area) -> int:
    row = ServiceCertificate(
        member_id=member.member_id,
        community_id=community.id,
        period_from=clock.today(),
        period_to=clock.today(),
        status=CertificateStatus.ISSUED,
        services=1,
        minutes=60,
        number="ZM2026TEST",
        issuer="居民委员会",
        issued_on=clock.today(),
    )
    session.add(row)
    session.flush()
    return row.id


def held_text(session: Session, author: Actor, community: Area) -> int:
    row = TextCheck(
        account_id=author.account_id,
        kind="gardening.texts",
        audience=Audience.OFFICES,
        nameless=False,
        subject="thing_of_the_tests:1",
        part="content",
        area_id=community.id,
        content="待审的文字",
        status=TextCheckStatus.HELD,
    )
    session.add(row)
    session.flush()
    return row.id
