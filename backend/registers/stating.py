"""Keeps what the ledger holds in step with the registers, in the transaction that writes them."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from backend.ledger import restating
from backend.ledger.rulepack import RulePack
from backend.registers import lives


def restate(session: Session, rules: RulePack, entry_ids: Collection[int]) -> int:
    """State anew the facts of entries, and of all that belong to them; return how many changed."""
    session.flush()
    ids = lives.with_below(session, entry_ids)
    wanted = lives.wanted(lives.of_some(session, ids), ids)
    return restating.restate(session, rules, lives.SOURCE, ids, wanted)
