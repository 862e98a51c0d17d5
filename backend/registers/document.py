"""Prints docs/registers.md from the declarations: what each register holds, for which rules, who
keeps and reads it, and what the ledger learns from it."""

from collections.abc import Iterable, Iterator
from typing import Any

from backend.forms.conditions import EMPTY, FILLED, Since
from backend.forms.fields import Field
from backend.forms.fields import FieldType as T
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import AreaLevel
from backend.people.organizations.models import OrganizationKind
from backend.registers.catalogue import Registers
from backend.registers.declared import CODE, PARENT, FactOf, Of, Register, Relation, Slot, SlotName
from backend.support.documents.page import chinese_date

HEAD = """# 名册

共{registers}本名册，用于{rules}条职责，按条文顺序排列。名册登记“从哪天到哪天是这样”：每次修改留下历史，
不删除；登记有误的作废并写明理由。每条最多填四项必填内容，没有照片、定位，也不要求上传附件。

由 `make registers-doc` 根据 `backend/registers/kinds/` 写出；反引号中是程序使用的名称。职责见
[duties.md](duties.md)。

| 名册 | 用于 | 登记 | 查看 |
| --- | --- | --- | --- |
"""
REGISTER = """
## {register.title} `{register.name}`

{register.counts}

{lines}

| 项目 | 名称 | 填法 | 必填 | 说明 |
| --- | --- | --- | --- | --- |
{items}
"""
FACTS = """
| 记入台账 | 归于 | 条件 |
| --- | --- | --- |
"""
LEVELS = {
    AreaLevel.PROVINCE: "省",
    AreaLevel.CITY: "市",
    AreaLevel.DISTRICT: "区",
    AreaLevel.TOWNSHIP: "街道（镇）",
    AreaLevel.COMMUNITY: "社区",
}
RELATIONS = {
    Relation.OWN: "所在地的党组织",
    Relation.NEXT: "上一级",
    Relation.ABOVE: "各上级",
    Relation.ABOVE_COUNTS: "各上级（只看数量）",
    Relation.COUNTERPART: "所联系地方的党组织",
    Relation.UNIT: "单位的党建联系人",
    Relation.PERSON: "本人",
    Relation.GRID: "本社区的网格员",
    Relation.RECORDER: "登记人",
    Relation.EVERYONE: "所有登录的人",
}
ORGANIZATIONS = {
    OrganizationKind.COMMITTEE: "党委",
    OrganizationKind.GENERAL_BRANCH: "党总支",
    OrganizationKind.BRANCH: "党支部",
    OrganizationKind.JOINT_BRANCH: "联合党支部",
    OrganizationKind.GROUP: "党小组",
}
TYPES = {
    T.TEXT: "一行文字，最多{limit}个字",
    T.LONG_TEXT: "文字，最多{limit}个字",
    T.LINES: "一行一条，最多{limit}条",
    T.NUMBER: "整数，{least}至{limit}",
    T.HOURS: "小时数，{least}至{limit}",
    T.MONEY: "金额（元），最多两位小数",
    T.DATE: "日期",
    T.MONTH: "年月",
    T.CHOICE: "选一项",
    T.CHOICES: "选几项",
    T.FLAG: "是或否",
    T.LINK: "网址",
    T.ROWS: "表格，最多{limit}行",
}
SLOTS = {
    SlotName.ORGANIZATION: "选择党组织",
    SlotName.UNIT: "选择单位",
    SlotName.MEMBER: "选择党员",
    SlotName.AREA: "选择区划",
}
HOLDERS = {
    Of.ENTRY: "这一条",
    Of.PLACE: "所在地",
    Of.ORGANIZATION: "党组织",
    Of.UNIT: "单位",
    Of.MEMBER: "党员",
    Of.AREA: "所选区划",
}
# Quotation marks within others.
WITHIN = str.maketrans("“”", "‘’")
YES = {True: "是", False: ""}


def document(registers: Registers, rules: RulePack) -> str:
    """Return the page; rules are called as the pack calls them."""
    served = {id_ for register in registers.values() for id_ in register.serves}
    head = HEAD.format(registers=len(registers), rules=len(served))
    listed = "".join(f"| {' | '.join(_summary(register))} |\n" for register in registers.values())
    return head + listed + "".join(_register(one, registers, rules) for one in registers.values())


def _summary(register: Register) -> Iterator[str]:
    yield register.title
    yield "、".join(register.serves)
    yield _relations(register.keep)
    yield _relations(register.read)


def _relations(relations: Iterable[Relation]) -> str:
    return "、".join(RELATIONS[relation] for relation in relations)


def _register(register: Register, registers: Registers, rules: RulePack) -> str:
    items = "\n".join(f"| {' | '.join(cells)} |" for cells in _items(register, registers))
    lines = "\n".join(f"* {line}" for line in _lines(register, rules))
    text = REGISTER.format(register=register, lines=lines, items=items)
    parent = registers[register.parent.kind] if register.parent else None
    facts = [_fact(fact, register, parent) for fact in register.facts]
    return text + (FACTS + "".join(f"| {fact} |\n" for fact in facts) if facts else "")


def _lines(register: Register, rules: RulePack) -> Iterator[str]:
    titles = [f"{id_} {rules.by_id[id_].title}" for id_ in register.serves if id_ in rules.by_id]
    yield f"用于：{'；'.join(titles)}"
    if register.occasions:
        yield f"其他记录按条引用：{'、'.join(f'`{kind}`' for kind in register.occasions)}"
    yield f"所在地：{_place(register)}"
    yield f"登记：{_relations(register.keep)}"
    yield f"查看：{_relations(register.read)}"
    if register.unseal:
        opened = _relations(register.unseal)
        yield f"加密内容：{opened}说明理由后可以打开，每次打开留有记录"
    if register.person:
        yield "涉及个人：姓名只到街道（镇），以上各级只看数量"
    elif SlotName.MEMBER in register.slots:
        yield f"涉及个人：{register.slots[SlotName.MEMBER].label}的姓名只到街道（镇）"
    if register.until:
        yield f"时间：{register.until_label}（{'必填' if register.until_required else '可以不填'}）"
    yield f"导入：{_known(register)}{'；同时只能有一条' if register.unique else ''}"
    yield f"保存：结束后{register.keep_years}年"


def _place(register: Register) -> str:
    if register.place == "parent" and register.parent:
        return f"随{register.parent.label}"
    if register.place == "unit":
        return "随单位"
    return "、".join(LEVELS[AreaLevel(level)] for level in register.place)


def _known(register: Register) -> str:
    if register.called.of == CODE:
        return "按编号识别同一条"
    return f"没有编号时按{'、'.join(_key(name, register) for name in register.key)}识别同一条"


def _key(name: str, register: Register) -> str:
    if name in register.by_name:
        return register.by_name[name].label
    if name in register.slots:
        return register.slots[SlotName(name)].label
    if name == "parent" and register.parent:
        return register.parent.label
    return "所在地" if name == "place" else register.called.label


def _items(register: Register, registers: Registers) -> Iterator[tuple[str, ...]]:
    parent, called, code = register.parent, register.called, register.code
    if parent:
        within = f"选择{registers[parent.kind].noun}"
        yield parent.label, "`parent`", within, YES[parent.required], ""
    if not called.of:
        told = _told(called.hint, called.example)
        yield called.label, "`name`", f"一行文字，最多{called.most}个字", "是", told
    for name, slot in register.slots.items():
        yield slot.label, f"`{name}`", _slot(name, slot), YES[slot.required], slot.hint
    for field in register.fields:
        yield from _field(field)
    given = f"没有的自动编为 {code.prefix} 加序号。"
    given += "这一条就以编号相称。" if called.of == CODE else ""
    told = given + _told(code.hint, code.example)
    yield code.label, "`code`", "编号", YES[code.required], told


def _told(hint: str, example: str) -> str:
    return hint + (f"例如：{example}" if example else "")


def _slot(name: SlotName, slot: Slot) -> str:
    bounds = [ORGANIZATIONS[kind] for kind in slot.kinds] + [LEVELS[one] for one in slot.levels]
    return SLOTS[name] + (f"：{'、'.join(bounds)}" if bounds else "")


def _field(field: Field) -> Iterator[tuple[str, ...]]:
    way = TYPES[field.type].format(limit=field.limit, least=field.least)
    shown = [*field.choices.values(), *(column.label for column in field.columns)]
    way += f"：{'；'.join(shown)}" if shown else ""
    marks = "加密保存。" if field.sealed else ""
    marks += f"第{field.retired_in}版起不再填写。" if field.retired_in else ""
    label = f"{field.group}：{field.label}" if field.group else field.label
    yield (
        label,
        f"`{field.name}`",
        way,
        YES[field.required],
        marks + _told(field.hint, field.example),
    )


def _fact(fact: FactOf, register: Register, parent: Register | None) -> str:
    kinds = "、".join(f"`{kind}`" for kind in register.kinds_of(fact))
    holder = f"{parent.noun}" if fact.of is Of.PARENT and parent else HOLDERS[fact.of]
    return f"{kinds} | {holder} | {'；'.join(_conditions(fact, register, parent)) or '登记即有'}"


def _conditions(fact: FactOf, register: Register, parent: Register | None) -> Iterator[str]:
    if fact.each:
        by = "所在地的级别" if fact.each == "place" else register.by_name[fact.each].label
        yield f"按{by}分别记入"
    yield from (_asked(*one, register, parent) for one in fact.when.items())
    yield from (f"{_asked(*one, register, parent)}的除外" for one in fact.unless.items())
    if fact.starts:
        yield f"自{register.by_name[fact.starts].label}起"
    if fact.ends:
        yield f"到{register.by_name[fact.ends].label}止"


def _asked(name: str, wanted: Any, register: Register, parent: Register | None) -> str:
    holder = parent if name.startswith(PARENT) and parent else register
    bare = name.removeprefix(PARENT)
    field = holder.by_name.get(bare)
    label = field.label if field else holder.slots[SlotName(bare)].label
    whose = f"{holder.noun}的" if holder is parent else ""
    return f"{whose}{label}{_is(field, wanted)}"


def _is(field: Field | None, wanted: Any) -> str:
    if wanted in (FILLED, EMPTY):
        return "已填写" if wanted == FILLED else "未填写"
    if isinstance(wanted, Since):
        return f"在{chinese_date(wanted.since)}及以后"
    if isinstance(wanted, bool):
        return "：是" if wanted else "：不是"
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    choices = field.choices if field else {}
    return f"为{'或'.join(_quoted(str(choices.get(one, one))) for one in several)}"


def _quoted(text: str) -> str:
    return f"“{text.translate(WITHIN)}”"
