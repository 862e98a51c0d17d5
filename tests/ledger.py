"""The ledger of a made-up city, proved: its members and units came without an import, which would
have bound them."""

from sqlalchemy.orm import Session

from backend.capabilities import EVIDENCE
from backend.figures import ledger_check
from backend.ledger import binding
from backend.ledger.rulepack import RulePack


def bind(session: Session, rules: RulePack) -> None:
    """Give everybody whom a rule binds the duty years that are open."""
    session.flush()
    binding.rebind_year(session, rules, *binding.open_years())


def differences(session: Session, rules: RulePack) -> list[str]:
    """Return what the ledger check finds."""
    bind(session, rules)
    return ledger_check.run_in(session, rules, EVIDENCE).differences
