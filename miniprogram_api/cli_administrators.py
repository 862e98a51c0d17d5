"""Commands that begin with the administrators: `flask --app wsgi first-administrators`."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import click
from sqlalchemy.orm import Session

from backend.accounts.staff import administrators
from backend.accounts.staff.service import HandedOver, Opening
from backend.core.actor import Role

Transaction = Callable[[], AbstractContextManager[Session]]
WORDS = {
    Role.SECURITY_ADMINISTRATOR: "安全管理员",
    Role.SYSTEM_ADMINISTRATOR: "系统管理员",
    Role.AUDIT_ADMINISTRATOR: "审计管理员",
}


def commands(transaction: Transaction) -> tuple[click.Command, ...]:
    """Return the commands, which write in such transactions."""

    @click.command("first-administrators")
    @click.option("--with-audit", is_flag=True, help="Make the audit administrator, too.")
    def first_administrators(with_audit: bool) -> None:
        """Make the first administrators, each another person: asks for their names, prints a
        password for once each. Refuses where there are any."""
        with transaction() as session:
            administrators.check_none(session)
        roles = [*administrators.NEEDED, *([Role.AUDIT_ADMINISTRATOR] if with_audit else [])]
        wanted = {role: _asked(WORDS[role]) for role in roles}
        with transaction() as session:
            made = administrators.begin(session, wanted)
        for role, opened in made.items():
            _tell(WORDS[role], opened)

    @click.command("rescue-administrator")
    @click.argument("sign_in_name")
    def rescue_administrator(sign_in_name: str) -> None:
        """Hand an administrator's account over anew, where no other is there to do it."""
        with transaction() as session:
            opened = administrators.rescue(session, sign_in_name)
        _tell("管理员", opened)

    return first_administrators, rescue_administrator


def _asked(role: str) -> Opening:
    name: str = click.prompt(f"{role}姓名", err=True)
    sign_in_name: str = click.prompt(f"{role}登录名", err=True)
    return Opening(name, sign_in_name)


def _tell(role: str, opened: HandedOver) -> None:
    row = opened.account
    click.echo(
        f"{role}：登录名 {row.sign_in_name}，一次性密码 {opened.one_time_password}"
        "（只显示这一次，7天内首次登录时须自行设置密码和动态验证码）"
    )
