"""Which meetings may decide what, and which totals make sense."""

from backend.branch_life.meetings.models import Meeting, MeetingKind, MeetingMode
from backend.branch_life.meetings.voting.arithmetic import BY_WRITING, Count, Papers, Voters
from backend.branch_life.meetings.voting.models import DecisionKind
from backend.core.errors import Conflict, Invalid

D, K = DecisionKind, MeetingKind

DECISIONS: dict[MeetingKind, tuple[DecisionKind, ...]] = {
    K.MEMBERS_ASSEMBLY: (D.ORDINARY, D.ADMISSION, D.CONVERSION, D.ELECTION),
    K.MEMBER_APPRAISAL: (D.ORDINARY,),
    K.COMMITTEE_MEETING: (D.COMMITTEE_DECISION,),
}


def check_kind(meeting: Meeting, kind: DecisionKind) -> None:
    """Raise Invalid where such a meeting decides no such thing."""
    if kind not in DECISIONS.get(meeting.kind, ()):
        raise Invalid("kind", "这类会议不能作出此类决定，请核对表决类型。")


def check_online(meeting: Meeting, kind: DecisionKind, *, allowed: bool) -> None:
    """Raise Conflict for an election held online, or another vote the city has not allowed."""
    if meeting.mode is not MeetingMode.ONLINE:
        return
    if kind is D.ELECTION:
        raise Conflict(
            "online_election_forbidden", "选举不能在线上进行，请报上级同意后改为现场召开。"
        )
    if not allowed:
        raise Conflict("online_vote_forbidden", "全市未开放线上表决，请改为现场会议表决。")


def check_totals(count: Count, voters: Voters) -> None:
    """Raise Invalid, naming the field, for totals that cannot be."""
    if count.votes.cast > voters.present:
        raise Invalid(
            "yes", f"赞成、反对、弃权合计超过了到会有表决权的{voters.present}人，请核对。"
        )
    _check_written(count, voters)
    if count.papers is not None:
        _check_papers(count, count.papers, voters)
    if count.kind is D.ELECTION:
        _check_election(count)
    elif count.seats is not None or count.candidates:
        raise Invalid("seats", "只有选举才填写应选名额和候选人。")


def _check_written(count: Count, voters: Voters) -> None:
    if count.written.cast and count.kind not in BY_WRITING:
        raise Invalid("written_yes", "只有接收预备党员和预备党员转正才计入会前书面意见。")
    if count.written.cast > voters.absent:
        raise Invalid("written_yes", f"书面意见超过了未到会的{voters.absent}人，请核对。")


def _check_papers(count: Count, papers: Papers, voters: Voters) -> None:
    if papers.issued > voters.present:
        raise Invalid(
            "issued", f"发出的票超过了到会有表决权的{voters.present}人，缺席不能委托投票。"
        )
    if papers.returned > papers.issued:
        raise Invalid("returned", "收回的票多于发出的票，本次投票无效，请重新投票。")
    if papers.valid > papers.returned:
        raise Invalid("valid", "有效票不能多于收回的票。")
    most = max([count.votes.cast, *(one.votes.cast for one in count.candidates)])
    if most > papers.valid:
        raise Invalid("valid", "赞成、反对、弃权合计超过了有效票数，请核对。")


def _check_election(count: Count) -> None:
    if count.papers is None:
        raise Invalid("issued", "选举应采用无记名投票，请填写发出、收回和有效的票数。")
    if not count.seats or not count.candidates:
        raise Invalid("seats", "请填写应选名额和候选人得票。")
    if count.votes.cast:
        raise Invalid("yes", "选举按候选人填写得票，不填赞成、反对、弃权总数。")
    names = [one.name for one in count.candidates]
    if len(set(names)) < len(names):
        raise Invalid("candidates", "同一候选人出现了两次；姓名相同的请加以区分。")
    if sum(one.votes.yes for one in count.candidates) > count.papers.valid * count.seats:
        raise Invalid("candidates", "得票总数超过了每张票可选的名额，请核对。")
    _check_write_ins(count)


def _check_write_ins(count: Count) -> None:
    """Only who votes against somebody on the paper may name another (spec 2.3)."""
    named = sum(one.votes.yes for one in count.candidates if one.written_in)
    against = sum(one.votes.no for one in count.candidates if not one.written_in)
    if named > against:
        raise Invalid("candidates", "另选他人的票数不能超过对候选人的反对票数，请核对。")
