"""By when a record is confirmed, and what comes after its period was over."""

from backend.community.volunteering import evidence
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.errors import Invalid
from backend.flows.steps import Taken
from backend.ledger.rulepack import RulePack


def stamp(record: ServiceRecord, rules: RulePack) -> None:
    """Write when a record came in, and what follows from that: what comes after its period goes to
    the street."""
    record.submitted_at = clock.now()
    day = clock.today()
    record.confirm_due_on = clock.add_working_days(day, rules.counting.service_confirm_working_days)
    record.late = day > rules.period_closed_by(evidence.KIND, clock.local_date(record.started_at))


def explain_late(taken: Taken[ServiceRecord], reason: str | None) -> None:
    """Keep why something is counted after its period was over. Raises Invalid `late_reason`."""
    if not taken.row.late:
        return
    if not reason:
        raise Invalid("late_reason", "已超过补录期限，请写明补录原因。")
    taken.row.late_reason = reason
    taken.check("late_reason", reason)
