"""Who keeps the staff accounts: the security administrator, and nobody their own."""

from backend.accounts.staff.models import StaffAccount
from backend.core.actor import Actor, Role
from backend.core.errors import Forbidden


def keeps(actor: Actor) -> bool:
    """Return whether the actor administers the system's security."""
    return any(grant.role is Role.SECURITY_ADMINISTRATOR for grant in actor.grants)


def check_keeps(actor: Actor) -> None:
    """Refuse whoever does not administer the system's security. Raises Forbidden."""
    if not keeps(actor):
        raise Forbidden("not_security_administrator", "工作账号由安全管理员办理。")


def check_anothers(actor: Actor, row: StaffAccount) -> None:
    """Refuse what somebody would do with the own account. Raises Forbidden."""
    if row.account_id == actor.account_id:
        raise Forbidden("own_account", "不能办理本人的账号，请由另一名安全管理员办理。")


def can(actor: Actor, row: StaffAccount) -> list[str]:
    """Return what a security administrator may do with an account now."""
    if row.account_id == actor.account_id:
        return []
    return ["unlocking" if row.locked else "locking", "reset"]
