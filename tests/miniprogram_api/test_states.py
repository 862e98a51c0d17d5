"""The same over HTTP: a step that the state does not allow is 409 with the machine's own code."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.certificates.models import CertificateStatus, ServiceCertificate
from backend.certificates.states import CERTIFICATE
from backend.conduct_feedback.models import FeedbackStatus
from backend.conduct_feedback.states import FEEDBACK
from backend.core import clock
from backend.core.actor import Actor
from backend.core.states import Machine
from backend.learning.models import MaterialStatus
from backend.learning.states import LEARNING_MATERIAL
from backend.meetings.models import MeetingStatus
from backend.meetings.states import MEETING
from backend.members.models import Account
from backend.onboarding.models import (
    LinkApplication,
    LinkApplicationReason,
    LinkApplicationStatus,
)
from backend.onboarding.states import LINK_APPLICATION
from backend.projects.models import ClaimStatus, ProjectClaim, ProjectStatus
from backend.projects.states import CLAIM, PROJECT
from backend.registrations.models import (
    CommunityRegistration,
    EndReason,
    RegistrationKind,
    RegistrationRequest,
    RegistrationStatus,
    RequestKind,
    RequestStatus,
)
from backend.registrations.states import REGISTRATION, REGISTRATION_REQUEST
from backend.statistics.state_machines import states_of
from backend.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.unit_registrations.states import UNIT_REGISTRATION
from backend.volunteering.activities.models import (
    ActivitySignUp,
    ActivityStatus,
    SignUpStatus,
)
from backend.volunteering.activities.states import ACTIVITY
from backend.volunteering.models import (
    RecordSource,
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.volunteering.states import SERVICE_RECORD
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.test_rights import (
    COMPLETION,
    DELIVERY,
    FACTS,
    PLAN,
    REASON,
    REJECTION,
    feedback,
)

# Event -> path below the thing, body, who.
STEPS: dict[str, dict[str, tuple[str, Any, str]]] = {
    "registration": {
        "accept": ("acceptance", None, "secretary"),
        "return": ("return", REASON, "secretary"),
        "reject": ("rejection", REJECTION, "secretary"),
        "resubmit": ("resubmission", {}, "member"),
        "withdraw": ("withdrawal", None, "member"),
        "pause": ("pause", {"reason_code": "posting"}, "member"),
        "resume": ("resumption", {}, "member"),
        "end": ("ending", {"reason_code": "moved", "reason": "已搬离"}, "secretary"),
    },
    "registration_request": {
        "refuse": ("refusal", REASON, "secretary"),
        "withdraw": ("withdrawal", None, "member"),
    },
    "unit_registration": {
        "accept": ("acceptance", None, "secretary"),
        "return": ("return", REASON, "secretary"),
        "end": ("ending", REASON, "secretary"),
        "resubmit": ("resubmission", PLAN, "contact"),
        "withdraw": ("withdrawal", None, "contact"),
        "renew": ("renewal", None, "contact"),
    },
    "service_record": {
        "confirm": ("confirmation", None, "secretary"),
        "return": ("return", REASON, "secretary"),
        "void": ("voiding", REASON, "secretary"),
        "resubmit": ("resubmission", FACTS, "member"),
        "withdraw": ("withdrawal", None, "member"),
        "dispute": ("dispute", REASON, "member"),
        "drop_dispute": ("dispute-withdrawal", None, "member"),
        "uphold": ("upholding", REASON, "secretary"),
        "correct": ("correction", FACTS | REASON, "secretary"),
    },
    "feedback": {"reply": ("reply", {"reply": "再补充"}, "member")},
    "certificate": {
        "revoke": ("revocation", REASON, "secretary"),
    },
    "learning_material": {"withdraw": ("withdrawal", None, "branch_secretary")},
    "meeting": {
        "close": ("closing", None, "branch_secretary"),
        "cancel": ("cancellation", REASON, "branch_secretary"),
    },
    "project": {"open": ("opening", None, "secretary")},
    "claim": {
        "accept": ("acceptance", None, "secretary"),
        "decline": ("declining", REASON, "secretary"),
        "withdraw": ("withdrawal", None, "member"),
        "start": ("start", None, "member"),
        "deliver": ("delivery", DELIVERY, "member"),
        "complete": ("completion", COMPLETION, "secretary"),
    },
    "activity": {
        "amend": ("", {"age_note": "16周岁以上"}, "secretary"),
        "publish": ("publication", None, "secretary"),
        "cancel": ("cancellation", REASON, "secretary"),
        "sign_up": ("sign-ups", {}, "secretary"),
        "withdraw": ("sign-ups/mine", None, "secretary"),
        "write_list": ("attendance", {"lines": []}, "secretary"),
    },
    "link_application": {
        "approve": ("approval", {"member_id": 1}, "branch_secretary"),
        "refuse": ("refusal", REASON, "branch_secretary"),
    },
}
PATHS = {
    "registration": "registrations",
    "registration_request": "registration-requests",
    "unit_registration": "unit-registrations",
    "service_record": "service-records",
    "certificate": "certificates",
    "feedback": "feedback-notes",
    "learning_material": "learning-materials",
    "meeting": "meetings",
    "project": "projects",
    "claim": "claims",
    "activity": "activities",
    "link_application": "link-applications",
}
METHODS = {"amend": "PATCH", "withdraw": "DELETE", "write_list": "PUT"}
# Doing again what one has done oneself is no step: 200 with the same answer.
AGAIN = {
    (RegistrationStatus.WITHDRAWN, "withdraw"),
    (RequestStatus.WITHDRAWN, "withdraw"),
    (UnitRegistrationStatus.WITHDRAWN, "withdraw"),
    (ServiceRecordStatus.WITHDRAWN, "withdraw"),
    (ServiceRecordStatus.DISPUTED, "dispute"),
    (ClaimStatus.WITHDRAWN, "withdraw"),
    (ClaimStatus.IN_PROGRESS, "start"),
    (ProjectStatus.OPEN, "open"),
    (ProjectStatus.FULL, "open"),
    (ActivityStatus.PUBLISHED, "publish"),
    (ActivityStatus.FULL, "publish"),
    (ActivityStatus.RUNNING, "publish"),
    (ActivityStatus.FINISHED, "publish"),
}


class Scene:
    """A member, the secretaries, and one thing of each kind in whichever state is asked for."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make = session, make
        self.community = make.community()
        self.branch = make.branch(make.unit(self.community))
        member = make.member(self.branch)
        self.member_id = member.id
        self.people: dict[str, Actor] = {
            "member": make.actor(member),
            "secretary": make.community_secretary(self.community),
            "contact": make.unit_contact(self.branch),
            "branch_secretary": make.branch_secretary(self.branch),
        }

    def add(self, row: Any) -> int:
        self.session.add(row)
        self.session.flush()
        return int(row.id)

    def registration(self, state: RegistrationStatus) -> int:
        accepted = {"accepted_on": date(2026, 1, 5), "receipt_no": "BD2026TEST"}
        stood = ("active", "paused", "transfer_pending", "ended")
        ended = {"ended_on": date(2026, 2, 5), "end_reason": EndReason.MOVED}
        return self.add(
            CommunityRegistration(
                member_id=self.member_id,
                community_id=self.community.id,
                kind=RegistrationKind.PRIMARY,
                status=state,
                submitted_at=clock.now(),
                answer_due_on=clock.today(),
                **(accepted if state in stood else {}),
                **(ended if state == "ended" else {}),
            )
        )

    def registration_request(self, state: RequestStatus) -> int:
        refused = {"refusal_reason": "请先与社区联系"} if state == "refused" else {}
        return self.add(
            RegistrationRequest(
                registration_id=self.registration(RegistrationStatus.ACTIVE),
                kind=RequestKind.RESUMPTION,
                status=state,
                asked_at=clock.now(),
                **refused,
            )
        )

    def unit_registration(self, state: UnitRegistrationStatus) -> int:
        accepted = {"accepted_on": date(2026, 1, 5), "receipt_no": "DW2026TEST"}
        stood = ("active", "renewal_due", "ended")
        return self.add(
            UnitRegistration(
                unit_id=self.branch.unit_id,
                area_id=self.community.id,
                contact_id=self.member_id,
                status=state,
                plan="每季度开展一次义诊",
                submitted_at=clock.now(),
                ended_on=clock.today() if state is UnitRegistrationStatus.ENDED else None,
                **(accepted if state in stood else {}),
            )
        )

    def service_record(self, state: ServiceRecordStatus) -> int:
        now = clock.now()
        return self.add(
            ServiceRecord(
                member_id=self.member_id,
                community_id=self.community.id,
                category=ServiceCategory.CARE,
                content="看望独居老人",
                started_at=now.replace(year=now.year - 1),
                ended_at=now,
                duration_min=60,
                source=RecordSource.SELF_LOGGED,
                status=state,
                submitted_at=now,
                confirm_due_on=now.date(),
            )
        )

    def feedback(self, state: FeedbackStatus) -> int:
        registration = self.registration(RegistrationStatus.ACTIVE)
        return feedback(self.session, self.people["member"], self.community, registration, state)

    def certificate(self, state: CertificateStatus) -> int:
        today, over = clock.today(), state is CertificateStatus.REVOKED
        return self.add(
            ServiceCertificate(
                member_id=self.member_id,
                community_id=self.community.id,
                period_from=today,
                period_to=today,
                status=state,
                services=1,
                minutes=60,
                number="ZM2026TEST",
                issuer="居民委员会",
                issued_on=today,
                revoked_on=today if over else None,
            )
        )

    def learning_material(self, state: MaterialStatus) -> int:
        return self.make.material(self.branch, status=state).id

    def meeting(self, state: MeetingStatus) -> int:
        extra = {
            MeetingStatus.CLOSED: {"closing_hash": "x"},
            MeetingStatus.CANCELLED: {"cancel_reason": "时间有变"},
        }
        return self.make.meeting(self.branch, status=state, **extra.get(state, {})).id

    def project(self, state: ProjectStatus) -> int:
        claimed = 3 if state is ProjectStatus.FULL else 0
        return self.make.project(self.community, status=state, claimed=claimed).id

    def claim(self, state: ClaimStatus) -> int:
        project = self.make.project(self.community, claimed=1)
        delivered = {"delivered_on": date(2026, 1, 5), "summary": "已完成的另一件事"}
        return self.add(
            ProjectClaim(
                project_id=project.id,
                member_id=self.member_id,
                status=state,
                **(delivered if state in ("delivered", "completed") else {}),
            )
        )

    def activity(self, state: ActivityStatus) -> int:
        begins = {ActivityStatus.RUNNING: -1, ActivityStatus.FINISHED: -3}.get(state, 24)
        reason = {"cancel_reason": "台风"} if state is ActivityStatus.CANCELLED else {}
        activity = self.make.activity(
            self.community,
            (clock.now() + timedelta(hours=begins), 2),
            status=state,
            published_at=None if state is ActivityStatus.DRAFT else clock.now(),
            **reason,
        )
        self.add(
            ActivitySignUp(
                activity_id=activity.id,
                shift_id=activity.shifts[0].id,
                member_id=self.people["secretary"].member_id,
                status=SignUpStatus.WAITING,
            )
        )
        return activity.id

    def link_application(self, state: LinkApplicationStatus) -> int:
        account: Account = self.make.account()
        return self.add(
            LinkApplication(
                account_id=account.id,
                organization_id=self.branch.id,
                status=state,
                reason=LinkApplicationReason.NO_MATCH,
                applicant_name="来客",
                phone_encrypted="",
                phone_hash="",
                phone_tail="0000",
            )
        )


def forbidden(machine: Machine[Any]) -> list[Any]:
    """Return every (noun, state, event) that HTTP can ask for and the table does not know."""
    allowed = {(t.source, t.event) for t in machine.transitions}
    return [
        pytest.param(machine.noun, state, event, id=f"{machine.noun}-{state}-{event}")
        for event in STEPS[machine.noun]
        for state in states_of(machine)
        if (state, event) not in allowed | AGAIN
    ]


MACHINES = (
    REGISTRATION,
    REGISTRATION_REQUEST,
    SERVICE_RECORD,
    ACTIVITY,
    UNIT_REGISTRATION,
    CERTIFICATE,
    FEEDBACK,
    MEETING,
    LEARNING_MATERIAL,
    PROJECT,
    CLAIM,
    LINK_APPLICATION,
)


def test_each_step_of_a_person_is_tried() -> None:
    """What is not here is a step of the program itself, or has no address of its own."""
    inward = {"request_transfer", "drop_transfer", "move", "write_list", "fall_due", "hand_over"}
    by_itself = {"fill", "free", "begin", "end"}
    # Of a request: its registration's own steps, and the program's.
    inward |= {"confirm", "drop"}
    for machine in MACHINES:
        assert machine.events - set(STEPS[machine.noun]) <= inward | by_itself


@pytest.mark.parametrize(
    ("noun", "state", "event"), [pair for machine in MACHINES for pair in forbidden(machine)]
)
def test_a_step_the_state_does_not_allow_is_409_by_name(
    client: ApiClient, session: Session, make: Make, noun: str, state: Any, event: str
) -> None:
    scene = Scene(session, make)
    thing = getattr(scene, noun)(state)
    step, body, who = STEPS[noun][event]

    answer = client.request(
        METHODS.get(event, "POST") if noun == "activity" else "POST",
        f"/{PATHS[noun]}/{thing}/{step}".removesuffix("/"),
        as_=scene.people[who],
        json=body,
        expect=409,
    )

    assert answer["code"] == f"{noun}_state_forbids"
