"""How roles and terms are called before people."""

from datetime import date

from backend.core.actor import Role

ROLES = {
    Role.COMMUNITY_SECRETARY: "社区党组织书记",
    Role.GRID_WORKER: "网格员",
    Role.BRANCH_SECRETARY: "党支部书记",
    Role.UNIT_CONTACT: "单位党建联络员",
    Role.STREET_OFFICER: "街道党建工作人员",
    Role.DISTRICT_OFFICER: "区委组织部工作人员",
    Role.CITY_OFFICER: "市委组织部工作人员",
    Role.SYSTEM_ADMINISTRATOR: "系统管理员",
    Role.SECURITY_ADMINISTRATOR: "安全管理员",
    Role.AUDIT_ADMINISTRATOR: "审计管理员",
}


def term(starts_on: date, ends_on: date | None) -> str:
    """Return a term as `2026年1月1日起` or with its last day."""
    return f"{_day(starts_on)}起" if ends_on is None else f"{_day(starts_on)}至{_day(ends_on)}"


def _day(when: date) -> str:
    return f"{when.year}年{when.month}月{when.day}日"
