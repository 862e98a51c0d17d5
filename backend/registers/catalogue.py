"""All registers there are, read once from `kinds/`, and whether they fit together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from backend.forms import conditions, loading
from backend.forms.loading import WrongDeclaration
from backend.ledger.rulepack import Rule, RulePack
from backend.registers.declared import Register, apart

FOLDER = Path(__file__).parent / "kinds"
Registers = Mapping[str, Register]


@cache
def registers() -> Registers:
    """Return the registers by name, in the order of the measures they serve first."""
    return read(FOLDER)


def read(folder: Path) -> Registers:
    """Read the registers of a folder. Raises WrongDeclaration."""
    found = loading.load(folder, Register)
    if wrong := [*_wrong_parents(found), *_stated_twice(found)]:
        raise WrongDeclaration("\n".join(wrong))
    return dict(sorted(found.items(), key=lambda named: _place(named[1])))


def _place(register: Register) -> tuple[int, str, str]:
    first = min(register.serves, key=lambda id_: (int(id_[:-1]), id_))
    return int(first[:-1]), first, register.name


def _wrong_parents(found: Registers) -> Iterator[str]:
    for register in found.values():
        parent = register.parent and found.get(register.parent.kind)
        if register.parent and parent is None:
            yield f"{register.name}.toml: parent: there is no register {register.parent.kind}"
        fields = parent.fields if parent else ()
        for fact in register.facts:
            for condition in (apart(fact.when)[1], apart(fact.unless)[1]):
                if problem := conditions.problems(condition, fields, ()):
                    yield f"{register.name}.toml: fact {fact.kind}: parent: {problem}"


def _stated_twice(found: Registers) -> Iterator[str]:
    """Of each fact one register is the source, or it would be typed twice (spec 8.6)."""
    counted = Counter(kind for register in found.values() for kind in register.fact_kinds)
    for kind, times in counted.items():
        if times > 1:
            named = sorted(r.name for r in found.values() if kind in r.fact_kinds)
            yield f"fact {kind} is stated by {' and '.join(named)}"


def check(rules: RulePack) -> None:
    """Refuse registers that serve rules which look at nothing of theirs. Raises
    WrongDeclaration."""
    wrong = [
        f"{register.name}.toml: serves: {problem}"
        for register in registers().values()
        for id_ in register.serves
        if (problem := _why_not_served(register, rules.by_id.get(id_), id_))
    ]
    if wrong:
        raise WrongDeclaration("\n".join(wrong))


def _why_not_served(register: Register, rule: Rule | None, id_: str) -> str:
    if rule is None:
        return f"there is no rule {id_}"
    if not rule.checks and not rule.figures:
        return "" if rule.shown else f"rule {id_} asks for nothing"
    figured = {kind for figure in rule.figures for kind in _looked_at(figure.of, register)}
    seen = rule.kinds | rule.facts | rule.holders | figured
    return "" if seen & (register.fact_kinds | {register.name}) else f"rule {id_} sees none of it"


def _looked_at(of: str, register: Register) -> set[str]:
    """Return the kinds of facts a figure counts; one that is told by a query looks at whatever
    stands in the register it names."""
    family, _, which = of.partition(":")
    return {*which.split("/")} if family == "facts" else {register.name}
