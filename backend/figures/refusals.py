"""What is refused with 409 though the request is well formed, read from where it is raised."""

import ast
from collections.abc import Iterator
from pathlib import Path

BACKEND = Path(__file__).parents[1]


def refusals() -> dict[tuple[str, str], list[str]]:
    """Return by capability and code what people are told; `…` stands for what differs."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in sorted(BACKEND.rglob("*.py")):
        room, *capability = file.relative_to(BACKEND).parts[:-1] or ("backend",)
        for code, told in _raised(ast.parse(file.read_text(encoding="utf-8"))):
            found.setdefault((".".join(capability) or room, code), []).append(told)
    return dict(sorted(found.items()))


def _raised(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        match node:
            case ast.Call(ast.Name("Conflict"), [ast.Constant(str(code)), told]):
                yield code, " ".join("".join(_words(told)).split())


def _words(told: ast.expr) -> Iterator[str]:
    match told:
        case ast.Constant(str(words)):
            yield words
        case ast.JoinedStr(parts):
            for part in parts:
                yield from _words(part)
        case _:
            yield "…"
