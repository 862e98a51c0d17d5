"""A community is split: a list says which registrations go to which of its successors.

A list has a line a registration: its receipt number, or its id where it has none yet, and the code
of the community it goes to. Whoever it does not name goes to the main successor.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from backend.community.registrations.models import CommunityRegistration
from backend.core import tables, wording
from backend.core.errors import Invalid
from backend.people.areas import service as areas
from backend.people.areas.models import Area


def read(text: str) -> dict[str, str]:
    """Return the codes of a list (CSV, without a heading) by registration. Raises Invalid."""
    found: dict[str, str] = {}
    for number, line in tables.lines(text, "elsewhere"):
        cells = [wording.code(cell) for cell in line]
        if len(cells) != 2 or not all(cells):
            raise Invalid("elsewhere", f"第{number}行应为两列：回执编号或报到编号，新社区代码。")
        if cells[0].upper() in found:
            raise Invalid("elsewhere", f"第{number}行：{cells[0]} 出现了两次。")
        found[cells[0].upper()] = cells[1]
    return found


def successors(
    session: Session,
    old: Area,
    rows: Sequence[CommunityRegistration],
    elsewhere: Mapping[str, str],
) -> dict[int, Area]:
    """Return where each named registration goes, by its id. Raises Invalid for a name that is no
    live registration of the community, or a code that is no other community."""
    ids = {str(row.id): row.id for row in rows}
    ids |= {row.receipt_no: row.id for row in rows if row.receipt_no}
    unknown = [name for name in elsewhere if name not in ids]
    if unknown:
        raise Invalid("elsewhere", f"{old.name}没有这些报到：{'、'.join(unknown)}。")
    if old.code in elsewhere.values():
        raise Invalid("elsewhere", "新社区代码不能是被撤并的社区。")
    codes = sorted(set(elsewhere.values()))
    found = {code: areas.community(session, code, field="elsewhere") for code in codes}
    return {ids[name]: found[code] for name, code in elsewhere.items()}
