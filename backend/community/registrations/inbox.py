"""What of registrations waits for people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from backend.community.registrations import kinds, news
from backend.community.registrations.flow import FLOW, REQUEST
from backend.community.registrations.models import CommunityRegistration as R
from backend.community.registrations.models import (
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationRequest,
    RequestKind,
)
from backend.core.tasks import Task, TaskKind
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.support.attachments import queries as attachments

REASONS = {
    PauseReason.POSTING: "外派、挂职或借调",
    PauseReason.STUDY: "脱产学习",
    PauseReason.ILLNESS: "因病",
    PauseReason.LEAVE: "休假",
    EndReason.MOVED: "已搬离",
    EndReason.LEFT_UNIT: "调离单位",
    EndReason.RETIRED: "已退休",
    EndReason.WITHDRAWN: "不再参加",
}


def _offer(row: Any) -> Iterator[str]:
    yield _where(row)
    if row.skills:
        yield f"特长：{'、'.join(row.skills)}"
    if row.availability:
        yield f"可服务时间：{row.availability}"
    if row.answer_due_provisional:
        yield "当年放假安排尚未公布，答复期限为暂定。"


def _where(row: Any) -> str:
    if row.community_id is None:
        return f"在{row.external_place or '本市以外'}报到，请核实回执"
    return f"申请在本社区{'另行' if row.kind is RegistrationKind.ADDITIONAL else ''}报到"


def _asked(row: Any) -> Iterator[str]:
    yield f"申请{news.ASKED[row.kind]}"
    reason = row.pause_reason or row.end_reason
    if reason is not None:
        yield f"原因：{REASONS[reason]}"


def _answer(kind: TaskKind, where: sa.ColumnElement[bool]) -> Task:
    return of_flow(
        kind,
        FLOW,
        "accept",
        also=lambda _asker: where,
        since=R.submitted_at,
        due=R.answer_due_on,
        who=members.name_of(R.member_id),
        facts={
            "kind": R.kind,
            "community_id": R.community_id,
            "external_place": R.external_place,
            "skills": R.skills,
            "availability": R.availability,
            "answer_due_provisional": R.answer_due_provisional,
        },
        parts={"offer": ("skills", "availability")},
        lines=_offer,
        beside=attachments.fill,
    )


def _request(kind: TaskKind, asked: RequestKind) -> Task:
    return of_flow(
        kind,
        REQUEST,
        "confirm",
        also=lambda _asker: RegistrationRequest.kind == asked,
        since=RegistrationRequest.asked_at,
        who=members.name_of(R.member_id),
        facts={
            "kind": RegistrationRequest.kind,
            "pause_reason": RegistrationRequest.pause_reason,
            "end_reason": RegistrationRequest.end_reason,
        },
        lines=_asked,
    )


TASKS = (
    _answer(kinds.ANSWER, R.community_id.is_not(None)),
    _answer(kinds.OUTSIDE_ANSWER, R.community_id.is_(None)),
    of_flow(
        kinds.CORRECTION,
        FLOW,
        "resubmit",
        since=R.decided_at,
        who=sa.func.coalesce(areas.name_of(R.community_id), R.external_place),
        facts={"return_reason": R.return_reason},
        lines=lambda row: [row.return_reason],
    ),
    _request(kinds.PAUSE, RequestKind.PAUSE),
    _request(kinds.RESUMPTION, RequestKind.RESUMPTION),
    _request(kinds.ENDING, RequestKind.ENDING),
)
