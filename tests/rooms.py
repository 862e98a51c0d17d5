"""The sheet of imports between the rooms of the house, in docs/developing.md.

`python -m tests.rooms` prints it, `--write` puts it where it belongs, `--check` fails where it is
stale.
"""

import sys
import tomllib
from collections import Counter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "developing.md"
BEGIN, END = "<!-- rooms -->\n", "<!-- /rooms -->\n"
HTTP = "miniprogram_api"


def floors() -> list[list[str]]:
    """Return the rooms of the backend floor by floor, as import-linter is told them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one.get("containers") == ["backend"])
    return [[room.strip() for room in layer.split("|")] for layer in layers]


def imports() -> Counter[tuple[str, str]]:
    """Count, for each pair of rooms, how often a module of the first imports one of the second."""
    graph = grimp.build_graph("backend", HTTP, cache_dir=str(ROOT / ".import_linter_cache"))
    found: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            found[_room_of(module), _room_of(imported)] += 1
    return found


def _room_of(module: str) -> str:
    house, _, rest = module.partition(".")
    return HTTP if house == HTTP else rest.partition(".")[0]


def sheet() -> str:
    """Return the table: who imports stands on the left, what is imported above."""
    rooms = [room for floor in floors() for room in floor]
    found = imports()
    lines = [["", *rooms], ["---", *("---:" for _ in rooms)]]
    for room in (HTTP, *rooms):
        counts = ("·" if room == other else str(found[room, other] or "") for other in rooms)
        lines.append([f"`{room}`", *counts])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stdout.write(sheet())
        return 0
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    fresh = before + BEGIN + sheet() + END + rest.split(END)[1]
    if "--write" in arguments:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != page:
        sys.stderr.write(f"{PAGE.relative_to(ROOT)} is stale: run make rooms-doc\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
