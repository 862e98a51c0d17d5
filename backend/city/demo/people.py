"""Who can sign in to the demo city. The names and numbers are made up; no number can be dialled."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoPerson:
    """`code` is the login code the stand-in accepts; `key` the last digits of the number."""

    code: str
    name: str
    role: str
    key: int

    @property
    def openid(self) -> str:
        return f"sandbox-openid-{self.code}"

    @property
    def phone(self) -> str:
        """No Chinese mobile number begins with 100."""
        return f"{10_000_000_000 + self.key}"


_MEMBER_NAMES = (
    "陈丽华", "王海涛", "符秀英", "吴清明", "李春燕", "林志强", "黄小梅", "郑国栋", "周雨桐",
)  # fmt: skip

# One of the members visits the households of a grid, besides.
_ROLES = {8: "党员、网格员"}

MEMBERS = tuple(
    DemoPerson(f"demo-member-{n}" if n > 1 else "demo-member", name, _ROLES.get(n, "党员"), n)
    for n, name in enumerate(_MEMBER_NAMES, start=1)
)
GRID_WORKER = MEMBERS[7]
NEWCOMER = DemoPerson("demo-newcomer", "何晓晴", "尚未关联的党员", 12)
COMMUNITY_SECRETARY = DemoPerson("demo-community-secretary", "冯建军", "社区党组织书记", 13)
BRANCH_SECRETARY = DemoPerson("demo-branch-secretary", "蔡文静", "机关党支部书记", 14)
UNIT_CONTACT = DemoPerson("demo-unit-contact", "曾志远", "单位党建联络员", 15)
STREET_OFFICER = DemoPerson("demo-street-officer", "梁慧敏", "街道党建工作人员", 16)
DISTRICT_OFFICER = DemoPerson("demo-district-officer", "唐俊峰", "区委组织部工作人员", 17)
CITY_OFFICER = DemoPerson("demo-city-officer", "韩雪松", "市委组织部工作人员", 18)

# On no roster.
RESIDENT = DemoPerson("demo-resident", "居民", "居民", 19)

# On the roster of the first branch.
ROSTER = (
    *MEMBERS,
    NEWCOMER,
    COMMUNITY_SECRETARY,
    BRANCH_SECRETARY,
    UNIT_CONTACT,
    STREET_OFFICER,
    DISTRICT_OFFICER,
    CITY_OFFICER,
)
PEOPLE = (*ROSTER, RESIDENT)


@dataclass(frozen=True)
class DemoStaff:
    """Who has a staff account and is on no roster; `code` is its sign-in name."""

    code: str
    name: str
    role: str


SECURITY_ADMINISTRATOR = DemoStaff("demo-security-administrator", "邱玉兰", "安全管理员")
SYSTEM_ADMINISTRATOR = DemoStaff("demo-system-administrator", "卢建平", "系统管理员")
AUDIT_ADMINISTRATOR = DemoStaff("demo-audit-administrator", "莫志军", "审计管理员")
DISTRICT_STAFF = DemoStaff("demo-district-staff", "麦晓峰", "区委组织部工作人员（工作账号）")
CITY_STAFF = DemoStaff("demo-city-staff", "欧阳静", "市委组织部工作人员（工作账号）")
STAFF = (
    CITY_STAFF,
    DISTRICT_STAFF,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
    AUDIT_ADMINISTRATOR,
)
