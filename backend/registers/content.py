"""What somebody says of an entry, brought to what is stored of it; all that is wrong at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.core import personal_numbers, wording
from backend.core.errors import InvalidParts
from backend.forms import cells, values
from backend.forms.cells import Wrong
from backend.registers.declared import CODE, Register, SlotName


@dataclass(frozen=True)
class Writing:
    """How an entry is from `starts_on` on (None: today), until before `ends_on`. What slots point
    to is given by id, areas by code. `values`: those of the fields; of what is sealed, what is not
    named stays."""

    values: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    code: str | None = None
    place_code: str | None = None
    parent_id: int | None = None
    organization_id: int | None = None
    unit_id: int | None = None
    member_id: int | None = None
    area_code: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    reason: str | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Content:
    """What is stored of it beside what it points to. `sealed`: values to be encrypted; those that
    are None are taken away."""

    name: str | None
    code: str | None
    values: dict[str, Any]
    sealed: dict[str, Any]
    texts: tuple[str, ...]


def of(register: Register, said: Writing, *, coded: bool = False) -> Content:
    """Return what is stored of what was said; `coded`: its code stands already and stays. Raises
    InvalidParts."""
    fields = register.asked
    named = {one.name: one for one in fields}
    # What is sealed and not named is kept: whoever cannot open it can still write the rest.
    asked = [one for one in fields if not one.sealed or one.name in said.values]
    found, wrong = values.parse(asked, said.values)
    problems = {f"values.{name}": sentence for name, sentence in wrong.items()}
    name = _name(register, said, problems)
    code = None if coded else _code(register, said, problems)
    for text in values.texts([one for one in asked if not one.sealed], found):
        if kind := personal_numbers.found(text):
            problems["values"] = personal_numbers.sentence(kind)
    if problems:
        raise InvalidParts(problems)
    open_, sealed = values.sealed_apart(asked, found)
    sealed |= {one: None for one in said.values if named[one].sealed and one not in found}
    written = [one for one in asked if not one.sealed and not one.choices]
    return Content(name, code, open_, sealed, tuple(values.texts(written, open_)))


def _name(register: Register, said: Writing, problems: dict[str, str]) -> str | None:
    """Return the name that was written; None where it follows from something else."""
    called = register.called
    if called.of:
        if said.name is not None:
            problems["name"] = "名称由系统按所填内容生成，不必填写。"
        return None
    name = wording.name(said.name or "")
    if not name:
        problems["name"] = f"请填写{called.label}。"
    elif len(name) > called.most:
        problems["name"] = f"{called.label}最多 {called.most} 个字。"
    elif kind := personal_numbers.found(name):
        problems["name"] = personal_numbers.sentence(kind)
    elif called.person:
        try:
            return str(cells.person(name).value)
        except Wrong as wrong:
            problems["name"] = str(wrong)
    return name


def _code(register: Register, said: Writing, problems: dict[str, str]) -> str | None:
    """Return the code that was given; None where one is to be given."""
    if not said.code:
        if register.code.required:
            problems["code"] = f"请填写{register.code.label}。"
        return None
    read = cells.credit_code if register.code.check == "credit_code" else cells.own_code
    try:
        return str(read(said.code).value)
    except Wrong as wrong:
        problems["code"] = str(wrong)
    return None


def name_of(
    register: Register, content: Content, pointed: Mapping[SlotName, str], code: str = ""
) -> str:
    """Return what an entry is called: what was written, or what it is called after."""
    if content.name is not None:
        return content.name
    if register.called.of == CODE:
        return code
    field_ = register.by_name.get(register.called.of)
    if field_ is not None:
        return field_.choices[content.values[field_.name]]
    return pointed[SlotName(register.called.of)]
