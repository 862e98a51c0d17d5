"""To whom an import is there: whoever brought it, while it is theirs to bring (spec 8.5)."""

import sqlalchemy as sa

from backend.core.actor import Role
from backend.core.asker import ACCOUNT, Asker
from backend.flows.steps import Party
from backend.imports.models import Import
from backend.imports.targets.scope import DEPARTMENTS

# What a branch and a unit keep of themselves.
OF_ONE_ROSTER = "members"
KEEPERS = (Role.BRANCH_SECRETARY, Role.UNIT_CONTACT)


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether an import exists for the asker: nobody's but the own."""
    own = Import.account_id == ACCOUNT
    if asker.roles.intersection(DEPARTMENTS):
        return own
    if asker.roles.intersection(KEEPERS):
        return sa.and_(own, Import.target == OF_ONE_ROSTER)
    return sa.false()


OWNER = Party("who brought it", visible, alone=True)
