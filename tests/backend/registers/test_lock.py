"""docs/declarations.lock: what was once declared keeps its meaning, or the check says no."""

import tomllib
from pathlib import Path

import pytest

from backend.forms.loading import WrongDeclaration
from backend.registers import catalogue, lock
from backend.registers.catalogue import Registers

GRID = """title = "网格"
noun = "网格"
serves = ["7a"]
counts = "计入第七条。"
version = 1
place = ["community"]
restated_by = ""
[code]
prefix = "WG"
[slot.organization]
label = "党组织"
[[field]]
name = "services"
label = "服务"
type = "choices"
choices = { public = "公共", social = "社会" }
[[field]]
name = "roster"
label = "值班"
type = "rows"
column = [{ name = "day", label = "日", type = "text" }]
[[fact]]
kind = "grid"
[[fact]]
kind = "grid_organization"
when = { organization = "filled" }
"""
MORE = '[[field]]\nname = "households"\nlabel = "户数"\ntype = "number"\n'
SLOT, LINKED = '[slot.organization]\nlabel = "党组织"\n', 'when = { organization = "filled" }'
UNLINKED = GRID.replace(SLOT, "").replace(LINKED, "")
SECOND = GRID.replace("version = 1", "version = 2")


def declared(folder: Path, **files: str) -> Registers:
    for path in folder.glob("*.toml"):
        path.unlink()
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return catalogue.read(folder)


def first(folder: Path) -> str:
    return lock.renewed("", declared(folder, grid=GRID), folder)


def refusals(folder: Path, **files: str) -> list[str]:
    before = first(folder)
    with pytest.raises(WrongDeclaration) as told:
        lock.renewed(before, declared(folder, **files), folder)
    return str(told.value).splitlines()


def test_the_lock_says_all_of_a_register_in_one_order(tmp_path: Path) -> None:
    written = first(tmp_path)
    assert lock.renewed(written, declared(tmp_path, grid=GRID), tmp_path) == written
    assert tomllib.loads(written)["grid"] == {
        "version": 1,
        "parent": "",
        "slots": ["organization"],
        "restated_by": "",
        "facts": [
            "grid of entry",
            "grid_organization of entry, when organization = filled",
        ],
        "fields": {
            "roster": {"type": "rows"},
            "roster.day": {"type": "text"},
            "services": {"type": "choices", "choices": ["public", "social"]},
        },
    }


def test_the_order_of_a_file_changes_nothing(tmp_path: Path) -> None:
    swapped = GRID.replace('public = "公共", social = "社会"', 'social = "社会", public = "公共"')
    other = lock.renewed("", declared(tmp_path, grid=swapped), tmp_path)
    assert other == first(tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SECOND.replace('"services"', '"kinds"'), "field.services: it is gone: retire it"),
        (SECOND.replace('name = "day"', 'name = "at"'), "field.roster.day: it is gone: retire it"),
        (
            SECOND.replace('type = "choices"', 'type = "choice"'),
            "field.services: another type is another name",
        ),
        (
            SECOND.replace(', social = "社会"', ""),
            "field.services: choices are gone: social",
        ),
        (
            SECOND.replace('type = "choices"', 'type = "choices"\nsealed = true').replace(
                "place =", 'unseal = ["own"]\nplace ='
            ),
            "field.services: what is sealed stays so, and what is not, too",
        ),
        (UNLINKED, "slot.organization: a slot is never removed"),
        (GRID + MORE, "field.households: what is added raises the version and says since = 1"),
        (SECOND + MORE, "field.households: what is added raises the version and says since = 2"),
        (
            SECOND.replace('type = "choices"', 'type = "choices"\nsince = 2'),
            "field.services: since when it is there never changes",
        ),
        (
            SECOND.replace("version = 2", "version = 3").replace(
                'type = "choices"', 'type = "choices"\nretired_in = 2'
            ),
            "field.services: retiring raises the version and says retired_in = 3",
        ),
    ],
)
def test_what_changes_the_meaning_of_a_name_is_refused(tmp_path: Path, text: str, why: str) -> None:
    assert any(line.startswith(f"grid.toml: {why}") for line in refusals(tmp_path, grid=text))


def test_a_register_is_never_removed(tmp_path: Path) -> None:
    other = GRID.replace('kind = "grid"', 'kind = "cell"').replace("grid_org", "cell_org")
    assert refusals(tmp_path, cell=other) == ["grid.toml: a register is never removed"]


def test_a_parent_stays_and_no_version_falls(tmp_path: Path) -> None:
    parent = '[parent]\nregister = "{0}"\nlabel = "上属"\nrequired = false\n'
    cell = GRID.replace("WG", "WX").replace('kind = "grid', 'kind = "cell')
    park = GRID.replace("WG", "WY").replace('kind = "grid', 'kind = "park')
    files = {"grid": SECOND + parent.format("cell"), "cell": cell, "park": park}
    before = lock.renewed("", declared(tmp_path, **files), tmp_path)
    files["grid"] = GRID + parent.format("park")
    with pytest.raises(WrongDeclaration) as told:
        lock.renewed(before, declared(tmp_path, **files), tmp_path)
    assert str(told.value).splitlines() == [
        "grid.toml: version: it never falls",
        "grid.toml: parent: it stays the same register",
    ]


def test_fields_are_added_and_retired_with_a_new_version(tmp_path: Path) -> None:
    grown = SECOND.replace('type = "choices"', 'type = "choices"\nretired_in = 2')
    now = declared(tmp_path, grid=grown + MORE + "since = 2\n")
    written = tomllib.loads(lock.renewed(first_of(tmp_path), now, tmp_path))
    assert written["grid"]["fields"]["services"]["retired_in"] == 2
    assert written["grid"]["fields"]["households"] == {"type": "number", "since": 2}


def first_of(folder: Path) -> str:
    """Return the first lock without touching what stands in the folder now."""
    inner = folder / "first"
    inner.mkdir()
    return first(inner)


def test_what_was_retired_stays_so(tmp_path: Path) -> None:
    retired = SECOND.replace('type = "choices"', 'type = "choices"\nretired_in = 2')
    before = lock.renewed(first(tmp_path), declared(tmp_path, grid=retired), tmp_path)
    with pytest.raises(WrongDeclaration, match="what was retired stays so"):
        lock.renewed(before, declared(tmp_path, grid=SECOND), tmp_path)


def test_a_choice_more_is_no_other_meaning(tmp_path: Path) -> None:
    before = first(tmp_path)
    more = GRID.replace('social = "社会"', 'social = "社会", market = "市场"')
    assert '"market"' in lock.renewed(before, declared(tmp_path, grid=more), tmp_path)


CHANGED = [
    GRID.replace(LINKED, ""),
    GRID.replace('"filled"', '"empty"'),
    GRID.replace('[[fact]]\nkind = "grid"\n', ""),
    GRID + '[[fact]]\nkind = "grid_service"\neach = "services"\n',
    GRID.replace('kind = "grid"\n', 'kind = "grid"\nof = "place"\n'),
]


@pytest.mark.parametrize("text", CHANGED)
def test_what_facts_ask_for_changes_with_a_migration_that_restates_them(
    tmp_path: Path, text: str
) -> None:
    why = "grid.toml: facts: they ask for something else: restated_by names the migration"
    (told,) = refusals(tmp_path, grid=text)
    assert told.startswith(why)
    named = text.replace('restated_by = ""', 'restated_by = "0070"')
    (told,) = refusals(tmp_path, grid=named)
    assert told.startswith(why)
    migration = tmp_path / "0070_grids.py"
    migration.write_text("REGISTERS = ('venue',)", encoding="utf-8")
    (told,) = refusals(tmp_path, grid=named)
    assert told.startswith(why)
    migration.write_text("REGISTERS = ('grid',)", encoding="utf-8")
    before = first(tmp_path)
    after = lock.renewed(before, declared(tmp_path, grid=named), tmp_path)
    assert 'restated_by = "0070"' in after


def test_one_migration_restates_one_change(tmp_path: Path) -> None:
    (tmp_path / "0070_grids.py").write_text("REGISTERS = ('grid',)", encoding="utf-8")
    once = CHANGED[0].replace('restated_by = ""', 'restated_by = "0070"')
    twice = CHANGED[1].replace('restated_by = ""', 'restated_by = "0070"')
    before = lock.renewed(first(tmp_path), declared(tmp_path, grid=once), tmp_path)
    with pytest.raises(WrongDeclaration, match="restated_by names the migration"):
        lock.renewed(before, declared(tmp_path, grid=twice), tmp_path)


def test_what_is_declared_today_is_locked() -> None:
    folder = Path(__file__).parents[3]
    locked = (folder / "docs" / "declarations.lock").read_text(encoding="utf-8")
    migrations = folder / "migrations" / "versions"
    assert lock.renewed(locked, catalogue.registers(), migrations) == locked
