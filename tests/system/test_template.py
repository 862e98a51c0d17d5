"""The city that is loaded once: made whole or not at all, by one at a time, from what is there."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.system.template import digest, kept


def test_of_two_at_once_one_makes_it_and_both_have_it(tmp_path: Path) -> None:
    made: list[Path] = []
    together = threading.Barrier(2)

    def make(building: Path) -> None:
        made.append(building)
        (building / "street").write_text("长堤路", encoding="utf-8")

    def read(_number: int) -> str:
        together.wait()
        with kept(tmp_path / "cities", "today", make) as city:
            return (city / "street").read_text(encoding="utf-8")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(read, range(2))) == ["长堤路"] * 2

    assert len(made) == 1


def test_one_that_was_cut_short_is_none_and_the_next_is_made_anew(tmp_path: Path) -> None:
    def fail(building: Path) -> None:
        (building / "half").touch()
        raise RuntimeError

    with pytest.raises(RuntimeError), kept(tmp_path, "today", fail):
        pass
    with kept(tmp_path, "today", lambda building: (building / "whole").touch()) as city:
        assert [path.name for path in city.iterdir()] == ["whole"]


def test_what_was_made_from_something_else_goes(tmp_path: Path) -> None:
    for name in ("yesterday", "today"):
        with kept(tmp_path, name, lambda _building: None):
            pass

    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["today"]


def test_a_change_to_what_it_is_made_from_changes_its_name(tmp_path: Path) -> None:
    code = tmp_path / "backend" / "demo" / "city.py"
    code.parent.mkdir(parents=True)
    (tmp_path / "requirements.txt").touch()
    names = set()
    for text in ("SEED = 1", "SEED = 2"):
        code.write_text(text, encoding="utf-8")
        names.add(digest(tmp_path))
    code.with_suffix(".pyc").touch()
    names.add(digest(tmp_path))
    code.rename(code.with_name("town.py"))
    names.add(digest(tmp_path))

    assert len(names) == 3
