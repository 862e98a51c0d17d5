"""Prints docs/duties.md from the rule pack: each rule of the notice, and whether it is computed."""

from collections.abc import Iterable
from itertools import groupby

from backend.figures.duty_words import MODALITIES, TREATMENTS, asked_by, bound_by
from backend.ledger.rulepack import Check, Rule, RulePack
from backend.support.documents.page import chinese_date

HEAD = """# 职责条目

{source}共{rules}条职责，按条文顺序排列。正在计算的{computed}条；尚未计算的{waiting}条，
在有记录来源之前只作展示，不列入任何比率；{shown}条不计算，只作说明。

由 `make duties-doc` 根据规则文件 `{name}.toml` 写出；反引号中是规则文件里记录和名册事实的名称。
"""
MEASURE = """
## 第{number}条
"""
RULE = """
### {rule.id} {rule.title}

{rule.text}

* 依据：{rule.source}
* 对象：{bound}
* 核定：{rule.certifier}
* 性质：{modality}；办理方式：{treatment}
* 计算方法：{rule.arithmetic}
{asked}* 现状：{state}
"""


def document(pack: RulePack) -> str:
    shown = sum(bool(rule.shown) for rule in pack.rules)
    computed = len(pack.computed)
    head = HEAD.format(
        name=pack.file.name,
        source=pack.file.source,
        rules=len(pack.rules),
        computed=computed,
        waiting=len(pack.rules) - computed - shown,
        shown=shown,
    )
    return head + "".join(
        MEASURE.format(number=number) + "".join(_rule(rule, pack) for rule in rules)
        for number, rules in groupby(pack.rules, key=lambda rule: rule.measure)
    )


def _rule(rule: Rule, pack: RulePack) -> str:
    return RULE.format(
        rule=rule,
        bound="、".join(map(bound_by, rule.scope)) or "不逐个约束，见条目内容",
        modality=MODALITIES[rule.modality],
        treatment=TREATMENTS[rule.treatment],
        asked="".join(f"* {line}\n" for line in _asked(rule)),
        state=_state(rule, pack),
    )


def _asked(rule: Rule) -> Iterable[str]:
    yield from (f"标准：{_check(check)}" for check in rule.checks)
    if rule.target is not None:
        areas = "、".join(map(bound_by, rule.target.judged))
        reached = "超过" if rule.target.over else "达到"
        yield f"比率：{reached}{round(rule.target.share * 100)}%，按{areas}判定"
    yield from (f"指标：{figure.title}（`{figure.of}`）" for figure in rule.figures)
    if rule.valid_from is not None:
        yield f"时间：{chinese_date(rule.valid_from)}起施行"
    if rule.valid_to is not None:
        yield f"时间：{chinese_date(rule.valid_to)}起不再施行"


def _check(check: Check) -> str:
    title = f"{check.title}，" if check.title else ""
    counted = _named(check.kinds)
    if check.fulfilled:
        counted += f"，按规定办理的 {_named(check.fulfilled)}"
    if check.cap:
        counted += f"，其中 `{check.cap.kind}` 最多计入规定数的{round(check.cap.share * 100)}%"
    if check.held:
        each = "每一个分别计算" if check.each else "没有时不列入"
        counted += f"；以 `{check.held}` 为前提，{each}"
    return f"{title}{asked_by(check)}（{counted}）"


def _named(kinds: Iterable[str]) -> str:
    return "、".join(f"`{kind}`" for kind in kinds)


def _state(rule: Rule, pack: RulePack) -> str:
    if rule.shown:
        return rule.shown
    return "正在计算" if pack.is_computed(rule) else "尚未计算"
