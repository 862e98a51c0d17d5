"""The columns of a register, made from its declaration: what is brought and what is taken out have
the same."""

from collections.abc import Iterator
from functools import cache

from backend.forms import cells, types
from backend.forms.cells import Reader, Reading, Wrong
from backend.forms.fields import Field
from backend.forms.fields import FieldType as T
from backend.imports.columns import Column
from backend.people.areas.models import AreaLevel
from backend.registers.catalogue import registers
from backend.registers.declared import Code, Register, Slot, SlotName

CODE, NAME, PLACE, PARENT = "code", "name", "place", "parent"
BRANCH, STARTS, UNTIL = "member_branch", "starts_on", "until"
LEVELS = {
    AreaLevel.CITY: "市",
    AreaLevel.DISTRICT: "区",
    AreaLevel.TOWNSHIP: "街道（镇）",
    AreaLevel.COMMUNITY: "社区",
}
_PLACES = ("所在区划代码", "行政区划代码", "区域代码", *(f"{word}代码" for word in LEVELS.values()))
_EXAMPLES = {
    AreaLevel.COMMUNITY: "460106003004",
    AreaLevel.TOWNSHIP: "460106003",
    AreaLevel.DISTRICT: "460106",
    AreaLevel.CITY: "460100",
}
_SLOTS = {
    SlotName.ORGANIZATION: "名称或组织编码；同名的写作“上级/名称”。",
    SlotName.UNIT: "名称或统一社会信用代码。",
    SlotName.MEMBER: "姓名或手机号；同名的再写所在党支部。",
    SlotName.AREA: "区划代码。",
}
_LONG = {T.LINES: 300, T.ROWS: 400}


def key_of(field: Field) -> str:
    """Return the key of a field's column, which is how what is wrong with its value is named."""
    return f"values.{field.name}"


@cache
def columns_of(name: str) -> tuple[Column, ...]:
    """Return the columns of a register, in the order of a form."""
    return tuple(_columns(registers()[name]))


def _columns(register: Register) -> Iterator[Column]:
    yield _code(register)
    if not register.called.of:
        yield _name(register)
    if register.place != "unit":
        yield _place(register)
    if register.parent is not None:
        above = registers()[register.parent.kind]
        yield Column(
            PARENT, register.parent.label, _text,
            _variants(register.parent.label, above.noun, above.called.label),
            required=register.parent.required,
            example=above.code.example or above.called.example,
            told=f"{above.noun}的{above.code.label}或名称。",
        )  # fmt: skip
    for slot, declared in register.slots.items():
        yield from _slot(slot, declared)
    yield from map(_field, register.asked)
    yield Column(
        STARTS, "开始日期", cells.day, ("开始时间", "起始日期", "起始时间", "生效日期", "登记日期"),
        told="不填为今天。已登记的，修改自今天起算；另填日期的，自该日起算。",
    )  # fmt: skip
    yield Column(
        UNTIL, register.until_label, cells.day,
        ("有效期至", "截止日期", "截止时间", "结束日期", "到期日期", "有效期截止"),
        required=register.until_required, told="最后一天；长期的不填。",
    )  # fmt: skip


def _code(register: Register) -> Column:
    code, noun = register.code, register.noun
    # What is called after its code is known again by nothing else.
    required = code.required or register.called.of == CODE
    given = "" if required else "已登记的必须填写；新登记的可以不填，由系统编号。"
    return Column(
        CODE, code.label, _code_reader(code),
        ("编号", "代码", "编码", f"{noun}编号", f"{noun}代码", f"{noun}编码"),
        required=required, example=code.example, told=_told(given, code.hint),
    )  # fmt: skip


def _code_reader(code: Code) -> Reader:
    """Read a code; one that was given by the system comes back as it went out."""

    def read(cell: str) -> Reading:
        own = cells.own_code(cell)
        bare = str(own.value)
        given = bare.removeprefix(code.prefix)
        if code.check != "credit_code" or (given != bare and given.isdecimal()):
            return own
        return cells.credit_code(cell)

    return read


def _name(register: Register) -> Column:
    called = register.called
    aliases = ("姓名",) if called.person else ("名称", f"{register.noun}名称", register.noun)
    return Column(
        NAME, called.label, _text, _variants(called.label, *aliases), required=True,
        example=called.example or ("黄小梅" if called.person else f"示例{register.noun}"),
        told=called.hint,
    )  # fmt: skip


def _place(register: Register) -> Column:
    if not isinstance(register.place, tuple):
        return Column(
            PLACE, "区划代码", cells.area_code, _PLACES,
            told="按名称填写上一项时用来区分，可以不填。",
        )  # fmt: skip
    levels = "、".join(LEVELS[level] for level in register.place)
    return Column(
        PLACE, "区划代码", cells.area_code, _PLACES, required=True,
        example=_EXAMPLES[register.place[-1]], told=f"{levels}的统计用区划代码。",
    )  # fmt: skip


def _slot(slot: SlotName, declared: Slot) -> Iterator[Column]:
    reader = cells.area_code if slot is SlotName.AREA else _text
    yield Column(
        str(slot), declared.label, reader, _variants(declared.label),
        required=declared.required, told=_told(_SLOTS[slot], declared.hint),
        example="460106003004" if slot is SlotName.AREA else "",
    )  # fmt: skip
    if slot is SlotName.MEMBER:
        yield Column(
            BRANCH, f"{declared.label}所在党支部", _text, ("所在党支部", "党支部"),
            told="同名时用来区分，名称或组织编码。",
        )  # fmt: skip


def _field(field: Field) -> Column:
    longest = max(500, field.limit * _LONG.get(field.type, 1) if field.type in _SIZED else 0)
    words = f"可填：{'、'.join(field.choices.values())}。" if field.choices else ""
    rows = "｜".join(column.label for column in field.columns)
    shape = f"每行依次为：{rows}。" if rows else "每条一行。" if field.type is T.LINES else ""
    return Column(
        key_of(field), field.label, _reader(field), _variants(field.label),
        required=field.required and not field.sealed, example=field.example,
        told=_told(words, shape, "加密保存。" if field.sealed else "", field.hint),
        canonical=False, longest=longest + 100,
    )  # fmt: skip


_SIZED = frozenset({T.TEXT, T.LONG_TEXT, T.LINES, T.ROWS, T.LINK})


def _reader(field: Field) -> Reader:
    return lambda cell: Reading(types.read(field, cell))


def _text(cell: str) -> Reading:
    if len(cell) > 120:
        raise Wrong("最多 120 个字。")
    return Reading(cell)


def _told(*parts: str) -> str:
    return "".join(part for part in parts if part)


# How offices write the same heading.
_SAME: tuple[tuple[str, str], ...] = (("日期", "时间"), ("姓名", "名字"), ("党支部", "支部"))


def _variants(label: str, *more: str) -> tuple[str, ...]:
    found = [f"{label}{end}" for end in ("名称", "编号", "代码") if not label.endswith(end)]
    found += [label.replace(one, other) for one, other in _SAME if one in label]
    return (*more, *found)
