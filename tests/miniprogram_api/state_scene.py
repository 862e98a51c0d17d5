"""One thing of each kind in whichever state is asked for, and the people around it."""

from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.onboarding.models import (
    LinkApplication,
    LinkApplicationReason,
    LinkApplicationStatus,
)
from backend.branch_life.learning.models import MaterialStatus
from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.models import AbsenceReason, MeetingStatus
from backend.branch_life.meetings.voting.models import (
    DecisionKind,
    Outcome,
    Resolution,
    ResolutionStatus,
)
from backend.community.certificates.models import CertificateStatus, ServiceCertificate
from backend.community.claims.models import ClaimStatus, ProjectClaim, ReleaseReason
from backend.community.conduct_feedback.models import FeedbackStatus
from backend.community.demands.models import Demand, DemandKind, DemandSource, DemandStatus
from backend.community.projects.models import ProjectStatus
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    RegistrationKind,
    RegistrationRequest,
    RegistrationStatus,
    RequestKind,
    RequestStatus,
)
from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.community.volunteering.activities.models import (
    ActivitySignUp,
    ActivityStatus,
    SignUpStatus,
)
from backend.community.volunteering.models import (
    RecordSource,
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.actor import Actor, Grant, Role
from backend.imports.models import ImportStatus
from backend.people.areas.models import Area
from backend.people.members.models import Account, AppointmentStatus, Member
from backend.people.organizations.models import Organization
from tests.factories import Make
from tests.miniprogram_api.rights_scene import brought, feedback


class Scene:
    """A member, the secretaries, and one thing of each kind in whichever state is asked for."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make = session, make
        self.community = make.community()
        self.branch = make.branch(make.unit(self.community))
        member = make.member(self.branch)
        self.member_id = member.id
        # Somebody of the roster whom no account is linked to.
        self.entry_id = make.member(self.branch).id
        self.people: dict[str, Actor] = {
            "member": make.actor(member),
            "secretary": make.community_secretary(self.community),
            "deputy": make.community_secretary(self.community),
            "reviewer": self._reviewer(),
            "contact": make.unit_contact(self.branch),
            "branch_secretary": make.branch_secretary(self.branch),
            "officer": make.officer(Role.CITY_OFFICER, make.city()),
        }
        for name in ("proposer", "department"):
            self.people[name] = make.officer(Role.CITY_OFFICER, make.city())
        self._places = self.community.id, self.branch.id

    def shown_to(self, session: Session, make: Make) -> "Scene":
        """Return the same people and places for a case of its own."""
        seen = copy(self)
        community_id, branch_id = self._places
        seen.session, seen.make = session, make
        seen.community = session.get_one(Area, community_id)
        seen.branch = session.get_one(Organization, branch_id)
        return seen

    def _reviewer(self) -> Actor:
        """Somebody of the street who sees the community's drafts as well."""
        street = self.session.get_one(Area, self.community.township_id)
        officer = self.make.officer(Role.STREET_OFFICER, street)
        seen = Grant(Role.COMMUNITY_SECRETARY, area_id=self.community.id)
        self.make.appointment(
            self.make.session_member(officer), seen.role, area_id=self.community.id
        )
        return replace(officer, grants=(*officer.grants, seen))

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
                kind=RequestKind.ENDING,
                end_reason=EndReason.MOVED,
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

    def leave_request(self, state: LeaveStatus) -> int:
        refused = {"refuse_reason": "请到会"} if state is LeaveStatus.REFUSED else {}
        return self.add(
            LeaveRequest(
                meeting_id=self.meeting(MeetingStatus.CONVENED),
                member_id=self.member_id,
                reason=AbsenceReason.WORK,
                status=state,
                **refused,
            )
        )

    def resolution(self, state: ResolutionStatus) -> int:
        voided = {"void_reason": "计票有误"} if state is ResolutionStatus.VOIDED else {}
        totals = dict.fromkeys(
            ("yes", "no", "abstain", "written_yes", "written_no", "written_abstain"), 0
        )
        return self.add(
            Resolution(
                meeting_id=self.meeting(MeetingStatus.CONVENED),
                kind=DecisionKind.ORDINARY,
                title="决议",
                due=1,
                present=1,
                outcome=Outcome.NOT_PASSED,
                status=state,
                recorded_by=1,
                **totals,
                **voided,
            )
        )

    def demand(self, state: DemandStatus) -> int:
        """Brought by the secretary, to whom alone even a draft exists; a deputy decides."""
        into = None
        if state is DemandStatus.MERGED:
            into = self.demand(DemandStatus.ACCEPTED)
        today = clock.today()
        return self.add(
            Demand(
                community_id=self.community.id,
                kind=DemandKind.DEMAND,
                title="三号楼照明需要维修",
                source=DemandSource.COMMUNITY,
                submitted_by=self.people["secretary"].account_id,
                submitted_at=None if state is DemandStatus.DRAFT else clock.now(),
                status=state,
                merged_into_id=into,
                published_on=today,
                expires_on=today,
            )
        )

    def project(self, state: ProjectStatus) -> int:
        today = clock.today()
        over = {"done_on": today, "evaluation_due_on": today}
        extra: dict[ProjectStatus, dict[str, Any]] = {
            ProjectStatus.FULL: {"claimed": 3},
            ProjectStatus.DONE: over,
            ProjectStatus.EVALUATED: over,
            ProjectStatus.CANCELLED: {"cancel_reason": "场地另有安排"},
        }
        return self.make.project(self.community, status=state, **extra.get(state, {})).id

    def claim(self, state: ClaimStatus) -> int:
        # Who waits does so because nothing is left.
        taken = (
            {"claimed": 3, "status": ProjectStatus.FULL} if state == "waiting" else {"claimed": 1}
        )
        project, today = self.make.project(self.community, **taken), clock.today()
        delivered = {"delivered_on": date(2026, 1, 5), "summary": "已完成的另一件事"}
        extra: dict[str, dict[str, Any]] = {
            "submitted": {"answer_due_on": today},
            "lapsed": {"retry_until": today},
            "accepted": {"start_due_on": today},
            "delivered": delivered,
            "completed": delivered,
            "released": {"release_reason": ReleaseReason.NOT_STARTED},
            "failed": {"failure_reason": "未能开展"},
        }
        return self.add(
            ProjectClaim(
                project_id=project.id,
                member_id=self.member_id,
                status=state,
                **extra.get(state, {}),
            )
        )

    def activity(self, state: ActivityStatus) -> int:
        begins = {ActivityStatus.RUNNING: -1, ActivityStatus.FINISHED: -3}.get(state, 24)
        reason = {"cancel_reason": "台风"} if state is ActivityStatus.CANCELLED else {}
        self.session.get_one(Member, self.member_id).community_id = self.community.id
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

    def sign_up(self, state: SignUpStatus) -> int:
        activity = self.make.activity(
            self.community, (clock.now(), 2), status=ActivityStatus.RUNNING
        )
        activity.shifts[0].signed_up = int(state is SignUpStatus.SIGNED_UP)
        return self.add(
            ActivitySignUp(
                activity_id=activity.id,
                shift_id=activity.shifts[0].id,
                member_id=self.member_id,
                status=state,
            )
        )

    def brought(self, state: ImportStatus) -> int:
        return brought(self.session, self.people["officer"], state)

    def appointment(self, state: AppointmentStatus) -> int:
        member = self.session.get_one(Member, self.member_id)
        decided = state not in (AppointmentStatus.PROPOSED, AppointmentStatus.WITHDRAWN)
        by = self.people["reviewer"].account_id if decided else None
        ended = {"ended_at": clock.now(), "ending_reason": "已调离"}
        return self.make.proposal(
            member,
            self.people["proposer"],
            role=Role.GRID_WORKER,
            area_id=self.community.id,
            status=state,
            decided_by=by,
            **(ended if state is AppointmentStatus.ENDED else {}),
        ).id

    def link_application(self, state: LinkApplicationStatus) -> int:
        account: Account = self.make.account()
        named = state is LinkApplicationStatus.NAMED
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
                named_by=account.id if named else None,
                member_id=self.entry_id if named else None,
            )
        )


# Its noun is a word of the language.
setattr(Scene, "import", Scene.brought)
