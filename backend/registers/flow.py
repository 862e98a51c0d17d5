"""What may happen to an entry once it stands: it changes, ends, or was a mistake; what is sealed of
it is opened."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Invalid
from backend.flows.flow import Flow
from backend.flows.steps import Reason, Step, Taken, never
from backend.registers import kinds, policy, queries, reading, stating, timeline, writing
from backend.registers.content import Writing
from backend.registers.models import EntryStatus as S
from backend.registers.models import RegisterEntry
from backend.registers.policy import KEEPER, OPENER


@dataclass(frozen=True)
class Ending:
    """From which day on it is no more (None: today), and why."""

    reason: str
    ends_on: date | None = None


@dataclass(frozen=True)
class Keyed:
    """How it is from a day on, and the keys for what of it is sealed."""

    writing: Writing
    keys: Crypto


Entry = Taken[RegisterEntry]


def state(row: RegisterEntry) -> S:
    """Return in which state an entry is today: time ends some."""
    over = row.ends_on is not None and row.ends_on <= clock.today()
    return S.ENDED if row.status is S.STANDING and over else row.status


def _end(taken: Entry) -> None:
    row, said = taken.row, taken.said
    day = said.ends_on or clock.today()
    first = timeline.of(taken.session, row.id)[0].starts_on
    if day > clock.today():
        raise Invalid("ends_on", "结束日期不能晚于今天。")
    if day <= first:
        raise Conflict("entry_ends_before_it_begins", "结束日期不晚于开始日期；如属误登，请作废。")
    timeline.end(taken.session, row, day)
    stating.restate(taken.session, taken.rules, [row.id])


def _void(taken: Entry) -> None:
    taken.row.voided_at = clock.now()
    taken.row.revision += 1
    stating.restate(taken.session, taken.rules, [taken.row.id])


def _ended_alike(taken: Entry) -> bool:
    row: Any = taken.row
    return state(row) is S.ENDED and row.end_reason == taken.said.reason


FLOW = Flow(
    "register_entry",
    RegisterEntry,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这条登记。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.place_id,
    others=(policy.READER,),
    fill=lambda session, _, rows: reading.fill_whole(session, rows),
    state=state,
    rereads=True,
    steps=[
        Step("change", "change", "Write how an entry is from a day on.",
             {S.STANDING: S.STANDING, S.ENDED: S.STANDING}, KEEPER,
             "the version that was read is the last", says=Keyed, again=never,
             then=writing.change, past="changed"),
        Step("end", "ending", "Let an entry be no more from a day on.",
             {S.STANDING: S.ENDED}, KEEPER, "with a reason", says=Ending,
             again=_ended_alike, writes={"reason": "end_reason"}, then=_end, past="ended"),
        Step("void", "voiding", "Say that an entry was a mistake.",
             {S.STANDING: S.VOIDED, S.ENDED: S.VOIDED}, KEEPER, "with a reason", says=Reason,
             writes={"reason": "void_reason"}, then=_void, past="voided"),
        Step("unseal", "unsealing", "Open the sealed part of an entry.",
             {S.STANDING: S.STANDING, S.ENDED: S.ENDED}, OPENER, "with a reason", says=Reason,
             again=never, past="unsealed"),
    ],
)  # fmt: skip
