"""To whom an import is there: whoever brought it, while it is theirs to bring (spec 8.5)."""

import sqlalchemy as sa

from backend.core.actor import Role
from backend.core.asker import ACCOUNT, Asker
from backend.flows.steps import Party
from backend.imports.models import Import
from backend.imports.targets.scope import OF_A_TERRITORY
from backend.registers.relations import ACTING

# What a branch and a unit keep of themselves.
OF_ONE_ROSTER = "members"
KEEPERS = (Role.BRANCH_SECRETARY, Role.UNIT_CONTACT)
# Registers are kept by whoever acts for a place, and by units.
OF_REGISTERS = "registers:"
OFFICES = (*ACTING.values(), Role.UNIT_CONTACT, Role.GRID_WORKER)


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether an import exists for the asker: nobody's but the own."""
    own = Import.account_id == ACCOUNT
    if asker.roles.intersection(OF_A_TERRITORY):
        return own
    kept = [
        target
        for roles, target in (
            (KEEPERS, Import.target == OF_ONE_ROSTER),
            (OFFICES, Import.target.startswith(OF_REGISTERS)),
        )
        if asker.roles.intersection(roles)
    ]
    return sa.and_(own, sa.or_(*kept)) if kept else sa.false()


OWNER = Party("who brought it", visible, alone=True)
