"""What people are told about demands, in words. Who brought one is told as an account: residents
have no entry on any roster; of a unit's demand its contacts are told."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims.models import ProjectClaim
from backend.community.demands import kinds
from backend.community.demands.models import Demand, DemandStatus
from backend.core.actor import Role
from backend.core.sentences import sentence
from backend.people.members import queries as members
from backend.people.members.models import Account, Appointment
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News

S = DemandStatus

_DECIDED = {
    S.ACCEPTED: ("需求已受理", "社区已受理，将列入需求清单公布。"),
    S.MERGED: ("需求已合并办理", "与同类需求合并办理，进展会继续告知。"),
    S.REFERRED: ("需求已转办", "已转办。"),
    S.DECLINED: ("需求未予受理", "未予受理。"),
}
_ENDED = {
    S.SOLVED: ("需求已办结", "已经解决。"),
    S.NOT_SOLVABLE: ("需求已办结", "暂时无法解决。"),
    S.EXPIRED: ("需求公布期已满", "公布期已满，暂无单位或党员认领；如仍有需要，可以重新提出。"),
}
_ASKED = "请在需求详情中评价办理结果。"


def tell_of_submission(session: Session, demand: Demand) -> None:
    """Tell who decides about it: of what a secretary brought, the others and the street."""
    news = _news(demand, kinds.SUBMITTED, "有新的需求", "已提交，请办理。")
    notifications.notify(session, _deciders(session, demand), news)


def _deciders(session: Session, demand: Demand) -> sa.Select[int]:
    whose = sa.select(Account.member_id).where(Account.id == demand.submitted_by)
    member_id = session.scalar(whose)
    if member_id is None:
        return members.holders(Role.COMMUNITY_SECRETARY, area_id=demand.community_id)
    return members.deciders(demand.community, member_id)


def tell_of_decision(session: Session, demand: Demand) -> None:
    title, text = _DECIDED[demand.status]
    if demand.status is S.ACCEPTED and _written_anew(demand):
        text = "社区已受理，并改写了要公布的文字，将列入需求清单公布。"
    quotes, target = [], demand.merged_into
    if target is not None:
        text, quotes = f"与“{target.title}”合并办理，进展会继续告知。", [target.text("text")]
    news = _news(demand, kinds.DECIDED, title, text + _reason(demand), quotes=quotes)
    _tell(session, _brought(demand), news)


def _written_anew(demand: Demand) -> bool:
    return demand.original_title is not None or demand.original_content is not None


def tell_of_publication(session: Session, demand: Demand) -> None:
    text = "已列入社区需求清单公布，等待认领。"
    _tell_all(session, demand, kinds.PUBLISHED, "需求已公布", text)


def tell_of_match(session: Session, demand: Demand) -> None:
    _tell_all(session, demand, kinds.MATCHED, "需求已对接项目", "已对接服务项目。")


def tell_of_claim(session: Session, demand: Demand, claim: ProjectClaim) -> None:
    """Tell that somebody does it from now on, without a name: that is for the two sides."""
    who = "党员" if claim.unit_id is None else "单位"
    text, when = f"已有{who}认领，即将开展。", f":claimed:{claim.id}"
    _tell_all(session, demand, kinds.PROGRESS, "需求有人认领了", text, when)


def tell_of_delivery(session: Session, demand: Demand, claim: ProjectClaim) -> None:
    """Tell once for each who did something, however often more was asked for."""
    text, when = "认领方已提交完成情况，社区正在验收。", f":delivered:{claim.id}"
    _tell_all(session, demand, kinds.PROGRESS, "需求正在验收", text, when)


def tell_that_it_waits_again(session: Session, demand: Demand, project_id: int) -> None:
    text, when = "对接的项目已结束，问题尚未解决，继续等待认领。", f":again:{project_id}"
    _tell_all(session, demand, kinds.PROGRESS, "需求继续等待认领", text, when)


def tell_of_end(session: Session, demand: Demand) -> None:
    """Tell that it is closed; who brought it is asked how it went, unless nobody took it up."""
    title, text = _ENDED[demand.status]
    text += _reason(demand)
    asked = "" if demand.status is S.EXPIRED else _ASKED
    _tell(session, _brought(demand), _news(demand, kinds.CLOSED, title, text + asked))
    _tell_merged(session, demand, kinds.CLOSED, title, text)


def tell_of_withdrawal(session: Session, demand: Demand) -> None:
    """Tell those whose demand was merged into one that is withdrawn.

    They would wait for nothing.
    """
    text = "已由提出人撤回；如仍有需要，请重新提出。"
    _tell_merged(session, demand, kinds.CLOSED, "合并办理的需求已撤回", text)


def tell_of_evaluation(session: Session, demand: Demand) -> None:
    solved = "已解决" if demand.solved else "未解决"
    satisfied = "满意" if demand.satisfied else "不满意"
    text = f"收到评价：{solved}、{satisfied}。"
    _tell_secretaries(session, _news(demand, kinds.EVALUATED, "需求已评价", text), demand)


def remind_of_expiry(session: Session, demand: Demand) -> None:
    """Remind both sides; a day that was told once is not told again."""
    day = demand.expires_on
    if day is None:
        return
    text = f"的公布期到{day.month}月{day.day}日，尚未对接服务项目。"
    news = _news(demand, kinds.EXPIRES, "需求公布期将满", text, f":{day}")
    _tell(session, _brought(demand), news)
    _tell_secretaries(session, news, demand)


def _reason(demand: Demand) -> str:
    return f"说明：{sentence(demand.decision_reason)}" if demand.decision_reason else ""


def _brought(demand: Demand) -> sa.ColumnElement[bool]:
    return Demand.id == demand.id


def _tell_all(
    session: Session,
    demand: Demand,
    kind: NewsKind,
    title: str,
    text: str,
    when: str = "",
) -> None:
    """Tell who brought a demand, and who brought what was merged into it."""
    _tell(session, _brought(demand), _news(demand, kind, title, text, when))
    _tell_merged(session, demand, kind, title, text, when)


def _tell_merged(
    session: Session,
    demand: Demand,
    kind: NewsKind,
    title: str,
    text: str,
    when: str = "",
) -> None:
    """Tell those whose demands were merged into it; who brought several is told once."""
    text = f"（您提出的需求已与它合并办理）{text}"
    _tell(session, Demand.merged_into_id == demand.id, _news(demand, kind, title, text, when))


def _tell(session: Session, which: sa.ColumnElement[bool], news: News) -> None:
    contacts = sa.select(Appointment.member_id).where(
        Appointment.role == Role.UNIT_CONTACT,
        Appointment.unit_id == Demand.unit_id,
        members.in_force(),
    )
    concerned = sa.exists().where(
        which,
        sa.case(
            (Demand.unit_id.is_(None), Demand.submitted_by == Account.id),
            else_=Account.member_id.in_(contacts.correlate(Demand)),
        ),
    )
    notifications.notify_accounts(session, sa.select(Account.id).where(concerned), news)


def _tell_secretaries(session: Session, news: News, demand: Demand) -> None:
    secretaries = members.holders(Role.COMMUNITY_SECRETARY, area_id=demand.community_id)
    notifications.notify(session, secretaries, news)


def _news(
    demand: Demand,
    kind: NewsKind,
    title: str,
    text: str,
    when: str = "",
    quotes: Sequence[str] = (),
) -> News:
    """Return news that quote the demand's title, and its reason where `text` does."""
    quoted, reason = [demand.text("text"), *quotes], _reason(demand)
    if reason and reason in text:
        quoted.append(demand.text("decision_reason"))
    body = f"“{demand.title}”{text}"
    return News(kind, f"{demand.id}{when}", title, body, demand.as_subject, quoted)
