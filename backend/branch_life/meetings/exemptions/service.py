"""Exempt old, frail, seriously ill and disabled members from attending (spec 2.4)."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings.exemptions import policy, queries
from backend.branch_life.meetings.exemptions.models import AttendanceExemption, ExemptionGround
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.people.members.models import Member


def listed(actor: Actor, organization_id: int) -> sa.Select[AttendanceExemption]:
    """Select the exemptions of a branch, for its secretary. Raises NotFound, Forbidden."""
    policy.refuse_others(actor, organization_id)
    return queries.listed(organization_id)


@dataclass(frozen=True)
class Exempting:
    """Who, on which ground, and for which term, both days included."""

    member_id: int
    ground: ExemptionGround
    starts_on: date
    ends_on: date


def exempt(
    session: Session, *, actor: Actor, organization_id: int, said: Exempting
) -> AttendanceExemption:
    """Approve an exemption for a term. Raises NotFound, Forbidden, Invalid, Conflict."""
    policy.refuse_others(actor, organization_id)
    if said.ends_on < said.starts_on:
        raise Invalid("ends_on", "截止日期不能早于开始日期。")
    member = _lock_member(session, actor, organization_id, said.member_id)
    term = said.starts_on, said.ends_on
    if session.scalars(queries.overlapping(member.id, *term)).first() is not None:
        raise Conflict("already_exempt", "该党员在这段时间内已有免予要求的登记，请核对。")
    row = AttendanceExemption(**vars(said), approved_by=actor.account_id)
    session.add(row)
    audit.record(session, actor, "attendance_exemption.approved", row)
    session.refresh(row, ["member"])
    return row


def _lock_member(session: Session, actor: Actor, organization_id: int, member_id: int) -> Member:
    found = sa.select(Member).where(
        Member.id == member_id, Member.branch_id == organization_id, Member.active
    )
    member = session.scalars(found.with_for_update()).first()
    if member is None:
        raise Invalid("member_id", "没有在本支部找到该党员。")
    if is_own(member.id, actor.member_id):
        raise Forbidden("not_about_oneself", "不能为本人登记，请由上级党组织办理。")
    return member


def end(session: Session, *, actor: Actor, exemption_id: int) -> AttendanceExemption:
    """End an exemption today; ending it again is no change. Raises NotFound, Conflict."""
    found = (
        sa.select(AttendanceExemption)
        .join(AttendanceExemption.member)
        .where(AttendanceExemption.id == exemption_id, policy.of_own_branch(actor))
    )
    row = session.scalars(found.with_for_update(of=AttendanceExemption)).first()
    if row is None:
        raise NotFound("attendance_exemption_not_found", "没有找到这项登记。")
    if is_own(row.member_id, actor.member_id):
        raise Forbidden("not_about_oneself", "不能办理本人的登记，请由上级党组织办理。")
    if row.ended_on is not None:
        return row
    if row.ends_on < clock.today():
        raise Conflict("attendance_exemption_over", "这项登记已经到期，无需再结束。")
    row.ended_on, row.ended_by = clock.today(), actor.account_id
    audit.record(session, actor, "attendance_exemption.ended", row)
    return row
