"""Lists of a city of people and units that do not exist, as offices keep them, to open one with.

`python -m tests.opening_city FOLDER [MEMBERS]` writes them; a city brings its own.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from backend.figures.setup import DIVISIONS
from backend.people.areas import divisions
from backend.people.areas.models import AreaLevel
from backend.people.areas.service import VIRTUAL
from backend.people.organizations import credit_codes

FAMILIES, GIVEN = "王李张刘陈杨黄赵吴周符林", "丽华海涛秀英清明春燕志强小梅国栋雨桐建军"
# Of a city of 20,000: so many members a branch and a unit, so many branches a committee.
PER_BRANCH, PER_UNIT, PER_COMMITTEE = 22, 50, 10
# The first in the lists; the commands of docs/opening.md name them.
OFFICERS = 4


class Person(NamedTuple):
    name: str
    phone: str
    branch: int


def person(number: int, branches: int) -> Person:
    """Return somebody made up; nobody can dial their number."""
    family, rest = FAMILIES[number % 12], number // 12
    name = family + GIVEN[rest % 20] + GIVEN[rest // 20 % 20]
    return Person(name, f"{10_000_000_000 + number}", number % branches)


def write(folder: Path, members: int) -> None:
    """Write units.csv, organizations.csv, members.csv for so many members, and appointments.csv."""
    branches, units = max(3, members // PER_BRANCH), max(2, members // PER_UNIT)
    places = [
        one.code
        for one in divisions.read(DIVISIONS)
        if one.level is AreaLevel.COMMUNITY and one.code[-3:] not in VIRTUAL
    ]
    located = [places[number % len(places)] for number in range(units)]
    codes = [_credit_code(number) for number in range(units)]
    _save(
        folder / "units.csv",
        ("单位名称", "统一社会信用代码", "单位类别", "所在社区代码"),
        (
            (f"第{number + 1}示范单位", codes[number], ("市直机关", "企业")[number % 2], place)
            for number, place in enumerate(located)
        ),
    )
    _save(folder / "organizations.csv", _HEAD, _organizations(branches, units, located, codes))
    _save(
        folder / "members.csv",
        ("序号", "姓名", "性别", "联系电话", "所在党支部", "党员类别"),
        (
            (number + 1, one.name, "女", one.phone, f"ZB{one.branch:04}", "正式党员")
            for number, one in ((number, person(number, branches)) for number in range(members))
        ),
    )
    _save(
        folder / "appointments.csv",
        ("姓名", "手机号", "职务", "任职范围"),
        (
            (one.name, one.phone, "党支部书记", f"ZB{one.branch:04}")
            for one in (person(branches + number, branches) for number in range(branches))
        ),
    )


_HEAD = ("组织编码", "党组织名称", "组织类别", "上级党组织", "所在区划代码", "所属单位", "成立日期")


def _organizations(
    branches: int, units: int, located: Sequence[str], codes: Sequence[str]
) -> Iterable[Sequence[object]]:
    for number in range(-(-branches // PER_COMMITTEE)):
        name = f"第{number + 1}示范机关党委"
        yield f"DW{number:03}", name, "党委", "", located[number % units], "", "2010.07"
    for number in range(branches):
        above, unit = f"DW{number // PER_COMMITTEE:03}", number % units
        name = f"第{number + 1}示范党支部"
        yield f"ZB{number:04}", name, "党支部", above, located[unit], codes[unit], "2015年7月"


def _credit_code(number: int) -> str:
    head = f"11460100M{number:08}"
    return head + credit_codes.check_character(head + "0")


def _save(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write as a Chinese office's spreadsheet does."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
