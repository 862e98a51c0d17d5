"""A published list of divisions, read whole before anything is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.core import tables, wording
from backend.core.errors import Invalid
from backend.people.areas.models import AreaLevel

COLUMNS = ("code", "name", "parent_code", "level")
LONGEST = 60
ORDER = list(AreaLevel)
# Official codes say by their length how far down they lie.
LENGTHS = dict(zip(AreaLevel, (6, 6, 6, 9, 12), strict=True))
FIELD = "divisions"


@dataclass(frozen=True)
class Division:
    """A row of the published list of divisions, and the line it stands in."""

    code: str
    name: str
    parent_code: str
    level: AreaLevel
    line: int = 0

    def refused(self, why: str) -> Invalid:
        return refused(self.line, why)


def refused(line: int, why: str) -> Invalid:
    return Invalid(FIELD, f"第{line}行：{why}未作任何改动。")


def read(path: Path) -> list[Division]:
    """Read a list (CSV with a heading), parents first. Raises Invalid naming the line."""
    rows = tables.lines(tables.read(path, FIELD), FIELD)
    found: dict[str, Division] = {}
    for row in _divisions(rows):
        if row.code in found:
            raise row.refused(f"代码 {row.code} 与第{found[row.code].line}行重复。")
        found[row.code] = row
    if not found:
        raise Invalid(FIELD, "名单中没有任何区划，未作任何改动。")
    return sorted(found.values(), key=lambda row: (ORDER.index(row.level), row.code))


def _divisions(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Division]:
    number, heading = next(rows, (1, []))
    names = [name.lower() for name in heading]
    missing = [name for name in COLUMNS if names.count(name) != 1]
    if missing:
        wanted, wrong = "、".join(COLUMNS), "、".join(missing)
        raise refused(number, f"表头应有 {wanted} 四列，缺少或重复 {wrong}。")
    places = {name: names.index(name) for name in COLUMNS}
    for line, cells in rows:
        if len(cells) < len(names) or any(cells[len(names) :]):
            raise refused(line, f"应有 {len(names)} 列，实有 {len(cells)} 列。")
        yield _division(line, {name: cells[place] for name, place in places.items()})


def _division(line: int, cells: Mapping[str, str]) -> Division:
    code, parent = wording.code(cells["code"]), wording.code(cells["parent_code"])
    level = _level(line, cells["level"])
    if not _is_code(code, LENGTHS[level]):
        raise refused(line, f"代码“{code}”应为 {LENGTHS[level]} 位数字，请以文本格式保存这一列。")
    if not 0 < len(cells["name"]) <= LONGEST:
        raise refused(line, f"名称应为 1 至 {LONGEST} 个字。")
    if parent == code:
        raise refused(line, "上级代码不能是自己的代码。")
    if not parent and ORDER.index(level) > ORDER.index(AreaLevel.CITY):
        raise refused(line, "缺少上级代码（parent_code）。")
    return Division(code, cells["name"], parent, level, line)


def _is_code(text: str, length: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) == length


def _level(line: int, name: str) -> AreaLevel:
    """The published list calls the lowest level `village`; ours is named after what it is."""
    if name.lower() == "village":
        return AreaLevel.COMMUNITY
    try:
        return AreaLevel(name.lower())
    except ValueError:
        known = "、".join((*ORDER, "village"))
        raise refused(line, f"级别“{name}”不存在，可选：{known}。") from None
