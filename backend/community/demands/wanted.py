"""What a demand says, and how it is written."""

import secrets
from dataclasses import dataclass, replace
from datetime import date

from backend.community.demands import policy
from backend.community.demands.models import Demand, DemandKind
from backend.core import clock
from backend.core.errors import Invalid
from backend.core.personal_numbers import refuse_personal
from backend.flows.steps import Changes
from backend.support.documents.numbers import ALPHABET

CODE_LENGTH = 8


@dataclass(frozen=True)
class Wanted:
    """What a demand says, as whoever brings it writes it."""

    title: str
    kind: DemandKind = DemandKind.DEMAND
    content: str = ""
    needed_by: date | None = None
    beneficiary_code: str | None = None


def amend(demand: Demand, changes: Changes) -> None:
    """Write a draft anew: the code is kept with a wish, and goes with it. Raises Invalid."""
    written = Wanted(demand.title, demand.kind, demand.content, demand.needed_by)
    write(demand, replace(written, **changes))


def write(demand: Demand, wanted: Wanted) -> None:
    """Write what is wanted into a demand. Raises Invalid."""
    refuse_personal(title=wanted.title, content=wanted.content)
    if wanted.needed_by != demand.needed_by:
        refuse_past(wanted.needed_by)
    demand.beneficiary_code = _code(demand, wanted)
    demand.kind, demand.needed_by = wanted.kind, wanted.needed_by
    demand.title, demand.content = wanted.title, wanted.content


def refuse_past(day: date | None) -> None:
    if day is not None and day < clock.today():
        raise Invalid("needed_by", "需要解决的日期不能早于今天，请修改。")


def _code(demand: Demand, wanted: Wanted) -> str | None:
    """Return under which code the beneficiary is shown: one household may have several wishes."""
    given = wanted.beneficiary_code
    if wanted.kind is not DemandKind.MICRO_WISH:
        if given is not None:
            raise Invalid("beneficiary_code", "只有微心愿使用受益对象编号，请留空。")
        return None
    if given is not None and given != demand.beneficiary_code:
        if demand.source not in policy.CODE_GIVERS:
            raise Invalid("beneficiary_code", "受益对象编号由社区填写，请留空。")
        return given
    return demand.beneficiary_code or _new_code()


def _new_code() -> str:
    letters = [one for one in ALPHABET if one.isalpha()]
    rest = (secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
    return secrets.choice(letters) + "".join(rest)
