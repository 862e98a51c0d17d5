"""All registers there are, read once from `kinds/`, and whether they fit together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from backend.forms import conditions, loading
from backend.forms.loading import WrongDeclaration
from backend.ledger.rulepack import Rule, RulePack
from backend.people.areas.models import AreaLevel
from backend.registers.declared import Register, apart

FOLDER = Path(__file__).parent / "kinds"
Registers = Mapping[str, Register]
# A figure of that family looks into the registers of its rule by itself.
QUERY = "query:"


@cache
def registers() -> Registers:
    """Return the registers by name, in the order of the measures they serve first."""
    return read(FOLDER)


def read(folder: Path) -> Registers:
    """Read the registers of a folder. Raises WrongDeclaration."""
    found = loading.load(folder, Register)
    if wrong := [*_wrong_parents(found), *_in_circles(found), *_stated_twice(found)]:
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


def _in_circles(found: Registers) -> Iterator[str]:
    """Of two whose entries belong to one another none could ever be entered."""
    for name in found:
        above, seen = _parent_of(found, name), {name}
        while above and above not in seen:
            seen.add(above)
            above = _parent_of(found, above)
        if above == name:
            yield f"{name}.toml: parent: its entries belong to themselves"


def _parent_of(found: Registers, name: str) -> str:
    register = found.get(name)
    return register.parent.kind if register and register.parent else ""


def _stated_twice(found: Registers) -> Iterator[str]:
    """Of each fact one register is the source, or it would be typed twice (spec 8.6)."""
    prefixes = Counter(register.code.prefix for register in found.values())
    for prefix in (prefix for prefix, times in prefixes.items() if times > 1):
        named = sorted(r.name for r in found.values() if r.code.prefix == prefix)
        yield f"codes of {' and '.join(named)} both begin with {prefix}"
    counted = Counter(kind for register in found.values() for kind in register.fact_kinds)
    for kind, times in counted.items():
        if times > 1:
            named = sorted(r.name for r in found.values() if kind in r.fact_kinds)
            yield f"fact {kind} is stated by {' and '.join(named)}"


def levels(register: Register) -> tuple[AreaLevel, ...]:
    """Return where its entries may lie: those of a unit in its community, others where what they
    belong to does."""
    if isinstance(register.place, tuple):
        return register.place
    if register.place == "parent" and register.parent:
        return levels(registers()[register.parent.kind])
    return (AreaLevel.COMMUNITY,)


def check(rules: RulePack) -> None:
    """Refuse registers that serve rules which look at nothing of theirs. Raises
    WrongDeclaration."""
    wrong = [
        f"{register.name}.toml: serves: {problem}"
        for register in registers().values()
        for problem in not_served(register, rules)
    ]
    if wrong:
        raise WrongDeclaration("\n".join(wrong))


def not_served(register: Register, rules: RulePack) -> Iterator[str]:
    """Say which of the rules that a register serves see nothing of it, and which occasions none of
    them counts."""
    served = [rules.by_id.get(id_) for id_ in register.serves]
    for id_, rule in zip(register.serves, served, strict=True):
        if problem := _why_not_served(register, rule, id_):
            yield problem
    counted = {kind for rule in served if rule for kind in _seen(rule)}
    yield from (f"no rule counts {kind}" for kind in register.occasions if kind not in counted)


def _why_not_served(register: Register, rule: Rule | None, id_: str) -> str:
    if rule is None:
        return f"there is no rule {id_}"
    if not rule.checks and not rule.figures:
        return "" if rule.shown else f"rule {id_} asks for nothing"
    asks = any(figure.of.startswith(QUERY) for figure in rule.figures)
    told = register.fact_kinds.union(register.occasions)
    return "" if asks or _seen(rule) & told else f"rule {id_} sees none of it"


def _seen(rule: Rule) -> set[str]:
    """Return the kinds of facts and postings that a rule counts, judges or binds by."""
    figured = {
        kind
        for figure in rule.figures
        if not figure.of.startswith(QUERY)
        for kind in figure.of.partition(":")[2].split("/")
    }
    return {*rule.kinds, *rule.facts, *rule.holders, *figured}
