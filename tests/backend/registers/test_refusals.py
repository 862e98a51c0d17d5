"""What a register may not declare: refused at the start, by file and entry."""

from pathlib import Path

import pytest

from backend.core.settings import DEFAULT_RULE_PACK
from backend.forms.loading import WrongDeclaration
from backend.ledger import packs
from backend.registers import catalogue
from backend.registers.declared import Register

HEAD = """title = "网格"
noun = "网格"
serves = ["7a"]
counts = "计入第七条。"
place = ["community"]
"""
CODE = '[code]\nprefix = "WG"\n'
GRID = HEAD + CODE + '[[fact]]\nkind = "grid"\n'
KIND = '[[field]]\nname = "kind"\nlabel = "类别"\ntype = "choice"\nchoices = { a = "甲" }\n'
SECRET = '[[field]]\nname = "head"\nlabel = "户主"\ntype = "text"\nsealed = true\n'
PARENT = '[parent]\nregister = "grid"\nlabel = "所在网格"\n'


def refusal(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongDeclaration) as told:
        catalogue.read(folder)
    return str(told.value)


def required(count: int) -> str:
    return "".join(
        f'[[field]]\nname = "f{n}"\nlabel = "项{n}"\ntype = "text"\nrequired = true\n'
        for n in range(count)
    )


def test_nobody_has_to_fill_in_more_than_four_things(tmp_path: Path) -> None:
    four = HEAD + CODE + required(3)
    (tmp_path / "grid.toml").write_text(four, encoding="utf-8")
    assert catalogue.read(tmp_path)["grid"].required == 4
    assert refusal(tmp_path, grid=HEAD + CODE + required(4)) == (
        "grid.toml: more than 4 things are required: 5"
    )


@pytest.mark.parametrize(
    "more",
    [
        '[slot.unit]\nlabel = "单位"\nrequired = true\n',
        PARENT.replace("grid", "estate"),
        "[code]\nprefix = 'WG'\nrequired = true\n",
    ],
)
def test_slots_parents_and_codes_are_counted_among_them(tmp_path: Path, more: str) -> None:
    code = "" if "[code]" in more else CODE
    told = refusal(tmp_path, grid=HEAD + code + more + required(3))
    assert told.startswith("grid.toml: more than 4 things are required: 5")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEAD.replace('["community"]', '"parent"') + CODE, "a place that follows a parent needs"),
        (HEAD.replace('["community"]', '"unit"') + CODE, "a place that follows a unit needs one"),
        (HEAD.replace('["community"]', "[]") + CODE, "place: there is none"),
        (HEAD + 'keep = ["person"]\n' + CODE, "keep: these may not write"),
        (HEAD + 'keep = ["everyone"]\n' + CODE, "keep: these may not write"),
        (HEAD + 'keep = ["unit"]\n' + CODE, "unit needs a slot unit"),
        (HEAD + 'read = ["counterpart"]\n' + CODE, "counterpart needs a slot area"),
        (HEAD + 'read = ["person"]\n' + CODE, "person needs a slot member"),
        (
            HEAD + CODE + KIND.replace('name = "kind"', 'name = "unit"'),
            "a field has a name that is taken: unit",
        ),
        (
            HEAD.replace("community", "district") + 'read = ["grid"]\n' + CODE,
            "grid workers are of communities",
        ),
        (HEAD + 'person = true\nread = ["everyone"]\n' + CODE, "names of persons are not for"),
        (
            HEAD + 'read = ["everyone"]\n' + CODE + "[called]\nperson = true\n",
            "names of persons are not for everyone",
        ),
        (HEAD + 'unseal = ["own"]\n' + CODE, "what is sealed opens to somebody, and nothing else"),
        (HEAD + CODE + SECRET, "what is sealed opens to somebody, and nothing else does"),
        (HEAD + 'unseal = ["next"]\nread = ["own"]\n' + CODE + SECRET, "it opens to nobody who"),
        (HEAD + CODE + '[called]\nof = "unit"\n', "called: nothing is called after unit"),
        (HEAD + CODE + '[called]\nof = "kind"\n' + KIND, "called: nothing is called after kind"),
        (HEAD + 'key = ["kind"]\n' + CODE, "key: there is none of kind"),
        (
            HEAD + 'key = ["head"]\nunseal = ["own"]\n' + CODE + SECRET,
            "key: there is none of head",
        ),
        (HEAD + "until_required = true\n" + CODE, "until_required needs until"),
        (HEAD + CODE + '[slot.unit]\nlabel = "x"\nkinds = ["branch"]\n', "kinds go with organiz"),
        (HEAD + CODE + '[slot.person]\nlabel = "x"\n', "slot.person.[key]: Input should be"),
        (HEAD + "[code]\nprefix = 'wg'\n", "code.prefix: String should match pattern"),
        (HEAD + 'restated_by = "70"\n' + CODE, "restated_by: String should match pattern"),
        (HEAD + 'place_of = "x"\n' + CODE, "place_of: Extra inputs are not permitted"),
    ],
)
def test_a_register_that_contradicts_itself_is_refused(tmp_path: Path, text: str, why: str) -> None:
    assert refusal(tmp_path, grid=text).startswith(f"grid.toml: {why}")


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        ('of = "unit"', "there is no slot unit"),
        ('of = "parent"', "there is no parent"),
        ('of = "person"', None),
        ('each = "posts"', "posts has no choices"),
        ('starts = "kind"', "kind is no day"),
        ('ends = "gone"', "gone is no day"),
        ('when = { kind = "b" }', "kind is never b"),
        ("unless = { kind = true }", "kind is never True"),
        ('when = { gone = "filled" }', "there is no gone"),
        ('when = { head = "filled" }', "head is sealed"),
        ('when = { "parent.kind" = "a" }', "there is no parent"),
        ('when = { kind = "1 + 1" }', "kind is never 1 + 1"),
    ],
)
def test_a_fact_follows_from_what_is_there(tmp_path: Path, fact: str, why: str | None) -> None:
    text = f'{HEAD}unseal = ["own"]\n{CODE}{KIND}{SECRET}[[fact]]\nkind = "grid"\n{fact}\n'
    told = refusal(tmp_path, grid=text)
    wanted = f"grid.toml: fact grid: {why}" if why else "grid.toml: fact.0.of: Input should be"
    assert told.startswith(wanted)


def test_a_fact_by_level_needs_levels_of_its_own(tmp_path: Path) -> None:
    text = HEAD.replace('["community"]', '"parent"') + CODE + PARENT
    told = refusal(tmp_path, grid=GRID, worker=text + '[[fact]]\nkind = "w"\neach = "place"\n')
    assert told == "worker.toml: fact w: its place has no levels of its own"


def other(text: str) -> str:
    """Return a declaration whose codes begin otherwise than a grid's."""
    return text.replace('"WG"', '"WY"')


def test_a_parent_is_a_register_and_no_child_of_its_own(tmp_path: Path) -> None:
    assert refusal(tmp_path, worker=other(HEAD + CODE + PARENT)) == (
        "worker.toml: parent: there is no register grid"
    )
    circle = GRID + PARENT.replace("grid", "worker")
    assert refusal(tmp_path, grid=circle).splitlines() == [
        "grid.toml: parent: its entries belong to themselves",
        "worker.toml: parent: its entries belong to themselves",
    ]


def test_a_condition_on_a_parent_asks_for_what_it_has(tmp_path: Path) -> None:
    worker = other(HEAD + CODE + PARENT) + '[[fact]]\nkind = "w"\nwhen = { "parent.kind" = "b" }\n'
    assert refusal(tmp_path, grid=GRID + KIND, worker=worker) == (
        "worker.toml: fact w: parent: kind is never b"
    )


def test_a_fact_is_stated_by_one_register(tmp_path: Path) -> None:
    told = refusal(tmp_path, grid=GRID, cell=GRID)
    assert told.splitlines() == [
        "codes of cell and grid both begin with WG",
        "fact grid is stated by cell and grid",
    ]


RULES = packs.load(DEFAULT_RULE_PACK)


def declared(tmp_path: Path, text: str) -> Register:
    (tmp_path / "grid.toml").write_text(text, encoding="utf-8")
    return catalogue.read(tmp_path)["grid"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (GRID, []),
        (GRID.replace("7a", "7z"), ["there is no rule 7z"]),
        (GRID.replace("7a", "2k"), ["rule 2k sees none of it"]),
        (GRID.replace("7a", "8a"), ["rule 8a sees none of it"]),
        (GRID.replace("7a", "16c"), []),
        (GRID.replace("7a", "13c"), []),
        (HEAD + CODE, ["rule 7a sees none of it"]),
        (HEAD.replace("7a", "12b") + 'occasions = ["household_visit"]\n' + CODE, []),
        (
            HEAD.replace("7a", "12b") + 'occasions = ["household_visit", "visit"]\n' + CODE,
            ["no rule counts visit"],
        ),
    ],
)
def test_a_register_serves_rules_that_look_at_it(
    tmp_path: Path, text: str, problems: list[str]
) -> None:
    told = list(catalogue.not_served(declared(tmp_path, text), RULES))
    assert told == problems
