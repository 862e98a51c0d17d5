"""The life of a unit after the first import: found, correct, merge, end; each with a reason, and
with what follows of it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.flows.steps import Reason
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.organizations import credit_codes
from backend.people.organizations.models import Unit, UnitKind
from backend.rosters import changes, policy
from backend.rosters.changes import Merging
from backend.rosters.units import following, queries


@dataclass(frozen=True)
class Description:
    """What a unit is, and in which community it is located. `credit_code`: None where it has none,
    as some offices of an organ."""

    name: str
    credit_code: str | None
    kind: UnitKind
    community_code: str
    reason: str


def find(session: Session, actor: Actor, unit_id: int) -> Unit:
    """Return a unit that shows to the actor; raises NotFound."""
    unit = session.scalars(queries.one(unit_id, policy.sees_unit(actor))).first()
    if unit is None:
        raise NotFound("unit_not_found", "没有找到该单位。")
    return unit


def _keep(session: Session, actor: Actor, unit_id: int) -> Unit:
    find(session, actor, unit_id)
    kept = queries.one(unit_id, policy.keeps_unit(actor)).with_for_update(of=Unit)
    unit = session.scalars(kept.execution_options(populate_existing=True)).first()
    if unit is None:
        raise Forbidden("not_your_unit", "须由组织部门办理。")
    return unit


def _lasting(session: Session, actor: Actor, unit_id: int) -> Unit:
    unit = _keep(session, actor, unit_id)
    if unit.ended_on is not None:
        raise Conflict("unit_ended", "该单位已撤销，请刷新后查看。")
    return unit


def found(session: Session, rules: RulePack, *, actor: Actor, said: Description) -> Unit:
    """Enter a unit. Raises Invalid, and Conflict for a code that another one has."""
    policy.check_keeps_something(actor)
    community = _community(session, actor, said.community_code)
    code = _code(session, said.credit_code, None)
    unit = Unit(name=said.name, credit_code=code, kind=said.kind, community_id=community.id)
    session.add(unit)
    session.flush()
    changes.note(session, actor, unit, "founded", said.reason)
    _rebind(session, rules, unit)
    return _again(session, unit)


def correct(
    session: Session, rules: RulePack, *, actor: Actor, unit_id: int, said: Description
) -> Unit:
    """Let a unit be as said; whoever belongs to it stands in the figures where it is located.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    unit = _lasting(session, actor, unit_id)
    there = unit.community.code == said.community_code
    community = unit.community if there else _community(session, actor, said.community_code)
    wanted = {
        "name": said.name,
        "credit_code": _code(session, said.credit_code, unit),
        "kind": said.kind,
        "community_id": community.id,
    }
    changed = [name for name, value in wanted.items() if getattr(unit, name) != value]
    if not changed:
        return unit
    for name in changed:
        setattr(unit, name, wanted[name])
    changes.note(session, actor, unit, "corrected", said.reason, changed=changed)
    _rebind(session, rules, unit)
    if {"kind", "community_id"} & set(changed):
        following.rebind_members(session, rules, unit)
    return _again(session, unit)


def merge(session: Session, rules: RulePack, *, actor: Actor, unit_id: int, said: Merging) -> Unit:
    """End a unit today in favour of another, which takes over its members and organisations."""
    if unit_id == said.into_id:
        raise Invalid("into_id", "请选择另一个单位。")
    both = {id_: _lasting(session, actor, id_) for id_ in sorted((unit_id, said.into_id))}
    unit, into = both[unit_id], both[said.into_id]
    following.hand_over(session, rules, unit, into)
    unit.successor_id = into.id
    following.close(session, rules, actor, unit, Reason(said.reason))
    changes.note(session, actor, unit, "merged", said.reason, into=into.id)
    _rebind(session, rules, unit)
    _rebind(session, rules, into)
    return _again(session, unit)


def end(session: Session, rules: RulePack, *, actor: Actor, unit_id: int, said: Reason) -> Unit:
    """End a unit today: nobody may belong to it, and no organisation be its. Ending it again is no
    change."""
    unit = _keep(session, actor, unit_id)
    if unit.ended_on is not None:
        return unit
    if people := queries.size(session, unit.id):
        raise Conflict("unit_has_members", f"还有{people}名党员属于该单位，请先调整。")
    if session.scalar(queries.has_organizations(unit.id)):
        raise Conflict("unit_has_organizations", "还有党组织属于该单位，请先调整。")
    following.close(session, rules, actor, unit, said)
    changes.note(session, actor, unit, "ended", said.reason)
    _rebind(session, rules, unit)
    return _again(session, unit)


def _community(session: Session, actor: Actor, code: str) -> Area:
    community = areas.community(session, code)
    if not policy.keeps_area(actor, community):
        raise Invalid("community_code", "不在您负责的区划内，请重新选择。")
    return community


def _code(session: Session, text: str | None, unit: Unit | None) -> str | None:
    if text is None:
        return None
    code = credit_codes.read(text)
    if code is None:
        raise Invalid("credit_code", "统一社会信用代码有误，请核对18位代码。")
    taken = sa.select(Unit.id).where(Unit.credit_code == code)
    holder = session.scalar(taken)
    if holder is not None and (unit is None or holder != unit.id):
        raise Conflict("credit_code_taken", "已有单位使用这个统一社会信用代码，请先查找该单位。")
    return code


def _rebind(session: Session, rules: RulePack, unit: Unit) -> None:
    session.flush()
    binding.rebind(session, rules, [Subject(SubjectKind.UNIT, unit.id)])


def _again(session: Session, unit: Unit) -> Unit:
    session.flush()
    found = queries.one(unit.id).execution_options(populate_existing=True)
    return session.scalars(found).one()
