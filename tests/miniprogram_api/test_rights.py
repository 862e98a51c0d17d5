"""Who may do what: every step of the flows tried by every role. What is not listed is refused."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.models import AbsenceReason
from backend.branch_life.meetings.voting import service as voting
from backend.branch_life.meetings.voting.arithmetic import Count
from backend.branch_life.meetings.voting.models import DecisionKind
from backend.branch_life.meetings.voting.service import Vote
from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.community.projects import claims
from backend.community.projects.models import ProjectStatus
from backend.community.registrations import requests
from backend.community.registrations import service as registrations
from backend.community.registrations.models import PauseReason, RegistrationKind
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.activities.models import ActivityStatus
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization
from backend.support.attachments.models import AttachmentStatus
from tests.backend.support.attachments.scene import image
from tests.factories import Make, service_facts
from tests.http_client import ApiClient
from tests.miniprogram_api.rights_scene import (
    held_text,
    issued_certificate,
    unit_demand,
    unit_registration,
)

REASON = {"reason": "请补充"}
REJECTION = {"reason_code": "wrong_community", "reason": "不住在本社区"}
DELIVERY = {"summary": "已完成", "delivered_on": clock.today().isoformat()}
FACTS = {
    "category": "care",
    "content": "看望独居老人",
    "started_at": "2026-01-05T09:00:00+08:00",
    "ended_at": "2026-01-05T10:00:00+08:00",
}
FEEDBACK = {"year": clock.today().year, "comment": "积极参加社区服务。"}
PLAN = {"plan": "每季度开展一次义诊"}
COMPLETION = {"solved": True, "satisfied": True}
PROJECT_PLAN = {
    "title": "整理自行车棚",
    "places": 1,
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "claim_deadline": "2026-12-01T12:00:00+08:00",
}

CODE = {"code": "00000000"}
EXCLUSION = {
    "member_id": 1,
    "ground": "abroad",
    "agreement": "批复",
    "agreed_on": "2026-01-05",
    "adopted": True,
}
ROLES = (
    "member",
    "secretary",
    "branch_secretary",
    "contact",
    "street",
    "district",
    "city",
    "stranger",
    "other_secretary",
    "other_branch_secretary",
)
EVERYBODY = set(ROLES)

# Step -> body, who is let through (the state may still forbid it: 409). Everybody else gets 403
# where the thing is visible, 404 where it is not.
STEPS: dict[str, tuple[Any, set[str]]] = {
    "/registrations/{registration}/acceptance": (None, {"secretary"}),
    "/registrations/{registration}/return": (REASON, {"secretary"}),
    "/registrations/{registration}/rejection": (REJECTION, {"secretary"}),
    "/registrations/{registration}/withdrawal": (None, {"member"}),
    "/registrations/{registration}/resubmission": ({}, {"member"}),
    "/registrations/{standing}/pause": ({"reason_code": "posting"}, {"secretary", "asker"}),
    "/registrations/{standing}/resumption": ({}, {"secretary", "asker"}),
    "/registrations/{standing}/ending": (
        {"reason_code": "moved", "reason": "已搬离"},
        {"secretary", "asker"},
    ),
    "/organizations/{branch}/unregistered-members/{unregistered}/reminder": (
        None,
        {"branch_secretary"},
    ),
    "/registration-requests/{request}/refusal": (REASON, {"secretary"}),
    "/registration-requests/{request}/withdrawal": (None, {"asker"}),
    "/unit-registrations/{unit_registration}/acceptance": (None, {"secretary"}),
    "/unit-registrations/{unit_registration}/return": (REASON, {"secretary"}),
    "/unit-registrations/{unit_registration}/ending": (REASON, {"secretary", "contact"}),
    "/unit-registrations/{unit_registration}/resubmission": (PLAN, {"contact"}),
    "/unit-registrations/{unit_registration}/withdrawal": (None, {"contact"}),
    "/unit-registrations/{unit_registration}/renewal": (None, {"contact"}),
    "/service-records/{record}/confirmation": (None, {"secretary"}),
    "/service-records/{record}/return": (REASON, {"secretary"}),
    "/service-records/{record}/voiding": (REASON, {"secretary"}),
    "/service-records/{record}/resubmission": (FACTS, {"member"}),
    "/service-records/{record}/withdrawal": (None, {"member"}),
    "/activities/{activity_draft}/publication": (None, {"secretary"}),
    "/activities/{activity}/cancellation": (REASON, {"secretary"}),
    # Not signed up, as everybody here: the code is not even looked at.
    "/activities/{activity}/check-ins": (CODE, EVERYBODY),
    "/activities/{activity}/check-outs": (CODE, EVERYBODY),
    "/service-records/{record}/dispute": (REASON, {"member"}),
    "/service-records/{record}/dispute-withdrawal": (None, {"member"}),
    "/service-records/{record}/upholding": (REASON, {"secretary"}),
    "/service-records/{record}/correction": (FACTS | REASON, {"secretary"}),
    "/registrations/{registration}/feedback": (FEEDBACK, {"secretary"}),
    "/feedback-notes/{feedback}/reply": ({"reply": "谢谢"}, {"member"}),
    "/certificates/{certificate}/revocation": (REASON, {"secretary"}),
    "/attachments/{attachment}/release": (None, {"secretary"}),
    "/attachments/{attachment}/removal": (REASON, {"secretary"}),
    "/meetings/{meeting}/attendance": ({}, {"member", "branch_secretary", "contact"}),
    "/meetings/{meeting}/change-preview": ({"place": "会议室"}, {"branch_secretary"}),
    "/meetings/{meeting}/closing": (None, {"branch_secretary"}),
    "/meetings/{meeting}/cancellation": (REASON, {"branch_secretary"}),
    "/meetings/{meeting}/leave-requests": (
        {"reason_code": "work"},
        {"member", "branch_secretary", "contact"},
    ),
    "/meetings/{meeting}/resolutions": ({"title": "决议", "yes": 0}, {"branch_secretary"}),
    "/meetings/{meeting}/exclusions": (EXCLUSION, {"branch_secretary"}),
    "/meetings/{meeting}/amendments": ({"content": "更正"}, {"branch_secretary"}),
    "/leave-requests/{leave}/approval": (None, {"branch_secretary"}),
    "/leave-requests/{leave}/refusal": (REASON, {"branch_secretary"}),
    "/leave-requests/{leave}/withdrawal": (None, {"member"}),
    "/resolutions/{resolution}/voiding": (REASON, {"branch_secretary"}),
    "/organizations/{branch}/groups": ({"name": "第一党小组"}, {"branch_secretary"}),
    "/organizations/{branch}/attendance-exemptions": (
        {
            "member_id": 1,
            "ground": "frail",
            "starts_on": "2026-01-01",
            "ends_on": "2026-01-31",
        },
        {"branch_secretary"},
    ),
    "/attendance-exemptions/{exemption}/ending": (None, {"branch_secretary"}),
    "/learning-materials/{material}/withdrawal": (None, {"branch_secretary"}),
    "/groups/{group}/dissolution": (None, {"branch_secretary"}),
    "/text-checks/{check}/release": (None, {"secretary"}),
    "/text-checks/{check}/removal": (REASON, {"secretary"}),
    "/demands/{demand}/submission": (None, {"contact"}),
    "/demands/{demand}/withdrawal": (None, {"contact"}),
    "/demands/{demand}/triage": ({"decision": "accept"}, {"secretary"}),
    "/demands/{demand}/closing": ({"outcome": "solved"} | REASON, {"secretary"}),
    "/demands/{demand}/evaluation": (COMPLETION, {"contact"}),
    "/projects/{draft}/opening": (None, {"secretary"}),
    "/projects/{draft}/cancellation": (REASON, {"secretary"}),
    "/projects/{reviewed}/approval": (None, {"street"}),
    "/projects/{reviewed}/return": (REASON, {"street"}),
    "/claims/{claim}/acceptance": (None, {"secretary"}),
    "/claims/{claim}/return": (REASON, {"secretary"}),
    "/claims/{claim}/failure": (REASON, {"secretary"}),
    "/claims/{claim}/evaluation": (COMPLETION, {"contact"}),
    "/claims/{claim}/declining": (REASON, {"secretary"}),
    "/claims/{claim}/completion": (COMPLETION, {"secretary"}),
    "/claims/{claim}/withdrawal": (None, {"contact"}),
    "/claims/{claim}/start": (None, {"contact"}),
    "/claims/{claim}/delivery": (DELIVERY, {"contact"}),
}


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


@pytest.fixture
def things(session: Session, rules: RulePack, make: Make) -> Things:
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
        unit_id=branch.unit_id,
        note="",
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
    ids["activity_draft"] = make.activity(community, **unpublished).id
    ids["draft"] = make.project(community, status=ProjectStatus.DRAFT).id
    ids["reviewed"] = make.project(community, status=ProjectStatus.REVIEW, funded=True).id
    return Things(ids, people)


def of_a_branch(
    session: Session, make: Make, branch: Organization, people: dict[str, Actor]
) -> dict[str, int]:
    meeting, group = make.meeting(branch), make.group(branch)
    exempted = make.exemption(make.member(branch))
    return {
        "branch": branch.id,
        "meeting": meeting.id,
        "group": group.id,
        "exemption": exempted.id,
        "unregistered": exempted.member_id,
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
        comment=FEEDBACK["comment"],
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
        community_code=community.code,
        facts=service_facts(begin),
        is_volunteer_service=False,
    )
    registration = registrations.submit(
        session,
        rules,
        actor=member,
        community_code=community.code,
        kind=RegistrationKind.PRIMARY,
        skills=[],
        interests=[],
        availability="",
    )
    return {"record": record.id, "registration": registration.id}


def asked(
    session: Session, rules: RulePack, asker: Actor, secretary: Actor, community: Area
) -> dict[str, int]:
    """Let somebody be registered and ask for a pause; return the ids of both."""
    standing = waiting(session, rules, asker, community)["registration"]
    registrations.accept(session, actor=secretary, registration_id=standing)
    row = requests.pause(
        session,
        rules,
        actor=asker,
        registration_id=standing,
        reason_code=PauseReason.POSTING,
    )
    assert row.request is not None
    return {"standing": standing, "request": row.request.id}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_open_to_those_named_and_to_nobody_else(
    client: ApiClient, things: Things, step: str, role: str
) -> None:
    body, allowed = STEPS[step]
    actor = things.people[role]
    if body is not None and "member_id" in body:
        body = body | {"member_id": things.people["member"].member_id}
    status = client.status("POST", step.format(**things.ids), as_=actor, json=body)

    assert status in ({200, 201, 409} if role in allowed else {403, 404}), status
    outside = {"stranger", "other_secretary", "other_branch_secretary"}
    if role in outside and not re.search("{draft}|{activity}", step):
        assert status == 404


def test_every_step_of_the_document_is_walked(client: ApiClient) -> None:
    """A new step must be added above, with who may take it."""
    walked = {re.sub(r"{.*}", "{}", path) for path in STEPS}
    steps = {
        re.sub(r"{.*}", "{}", path)
        for path in client.paths("post")
        if "{" in path and not path.startswith(("/link-applications", "/me/"))
    }

    assert steps - {"/projects/{}/claims", "/activities/{}/sign-ups"} == walked
