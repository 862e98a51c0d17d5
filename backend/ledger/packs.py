"""Reads rule packs from their files: the notice's, and what a tenant lays over it.

An overlay names rules by id and gives only what differs; what it gives of `check` stands for all of
them. A rule the pack has not got is added whole. A mistake is told by file, rule and field.
"""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from backend.ledger.rulepack import PackFile, RulePack

Entries = dict[str, Any]
Where = tuple[int | str, ...]
OVERLAID = {"counting", "rule", "frequency", "name"}


class WrongPack(ValueError):
    """What is wrong in a rule pack, one line a mistake: file, rule, field, and why."""


def load(
    path: Path, overlay: Path | None = None, *, posted: frozenset[str] | None = None
) -> RulePack:
    """Read a pack and what lies over it. Raises WrongPack.

    `posted`: the kinds of postings and facts that capabilities state; rules that need others are
    shown, not computed.
    """
    told, laid, over = _read(path), {}, path.name
    if overlay is not None:
        laid, over = _read(overlay), overlay.name
        told = _laid_over(told, laid, over)
    try:
        file = PackFile.model_validate(told)
    except ValidationError as error:
        lines = [
            f"{over if _gives(laid, one['loc'], told) else path.name}: "
            f"{_place(one['loc'], told)}{one['msg']}"
            for one in error.errors()
        ]
        raise WrongPack("\n".join(lines)) from None
    return RulePack(file, posted, _hash(file))


def _read(path: Path) -> Entries:
    """Return what a file says, each of its rules with an id of its own."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongPack(f"{path.name}: {error}") from None
    rules = told.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise WrongPack(f"{path.name}: each rule begins with [[rule]]")
    if not isinstance(told.get("counting", {}), dict):
        raise WrongPack(f"{path.name}: counting is a table, [counting]")
    seen: set[str] = set()
    for number, rule in enumerate(rules, start=1):
        if "id" not in rule:
            raise WrongPack(f"{path.name}: rule number {number} has no id")
        if str(rule["id"]) in seen:
            raise WrongPack(f"{path.name}: rule {rule['id']}: stands there twice")
        seen.add(str(rule["id"]))
    return told


def _rules(told: Entries) -> dict[str, Entries]:
    return {str(rule["id"]): rule for rule in told.get("rule", [])}


def _laid_over(told: Entries, laid: Entries, name: str) -> Entries:
    if unknown := laid.keys() - OVERLAID:
        raise WrongPack(f"{name}: an overlay has no {', '.join(sorted(unknown))}")
    rules = _rules(told)
    for id_, rule in _rules(laid).items():
        rules[id_] = rules.get(id_, {}) | rule
    return (
        told
        | {key: laid[key] for key in ("name", "frequency") if key in laid}
        | {
            "counting": told.get("counting", {}) | laid.get("counting", {}),
            "rule": list(rules.values()),
        }
    )


def _rule_at(where: Where, told: Entries) -> str | None:
    """Return the id of the rule in which something is wrong, if it is in one."""
    if where[:1] == ("rule",) and len(where) > 1 and isinstance(where[1], int):
        return str(told["rule"][where[1]]["id"])
    return None


def _gives(laid: Entries, where: Where, told: Entries) -> bool:
    """Say whether an overlay has to do with what is wrong."""
    if rule := _rule_at(where, told):
        return rule in _rules(laid)
    if where[:1] == ("counting",) and len(where) > 1:
        return where[1] in laid.get("counting", {})
    return bool(where) and where[0] in laid


def _place(where: Where, told: Entries) -> str:
    rule = _rule_at(where, told)
    field = ".".join(str(part) for part in (where if rule is None else where[2:]))
    return (f"rule {rule}: " if rule else "") + (f"{field}: " if field else "")


def _hash(file: PackFile) -> str:
    """Return the same for the same content, however a file was laid out."""
    told = json.dumps(file.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
