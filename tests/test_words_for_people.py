"""What people read, wherever it stands: words that mean what happened, whole sentences, the signs
of Chinese, lengths from one function. Patterns are not read by people."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SERVER = ("backend", "miniprogram_api")
CHINESE = "[\u4e00-\u9fff]"
HOLE = "\u25a1"  # where a value comes into a sentence

# Patterns and lists of signs, which are read by nobody, and what an operator reads.
PATTERNS = {
    "backend/people/areas/hours.py",
    "backend/core/personal_numbers.py",
    "backend/core/sentences.py",
    "backend/core/wording.py",
    "backend/support/documents/lines.py",
    "miniprogram_api/cli.py",
}
# What was said, and what is said now.
NEVER = {
    "待补办": "待办理: nothing was missed",
    "办成": "没有找到该页面, or what did not go through",
    "编辑部": "nobody edits here",
    "向社区居委会报到": "向社区党组织报到: the committee issues certificates",
    "向社区居民委员会报到": "向社区党组织报到: the committee issues certificates",
    "居委会接收": "members register with 社区党组织",
    "请您补正": "请您补充, as the button for it says",
    "补正后": "补充后, as the button for it says",
    "会议时间已过": "开会时间已过: it may be on",
    "！": "nobody is shouted at",
}
SIGNS = {
    "doubled": r"[。，；、：？]{2}",
    "half-width": rf"(?<={CHINESE})[,;:!?](?={CHINESE})",
    "half-width brackets": rf"(?<={CHINESE})\(|\)(?={CHINESE})",
    "Latin quotes": rf"(?<={CHINESE})[\"'](?={CHINESE})",
}
# What somebody wrote ends as it likes: only `sentence` knows how.
WRITTEN = re.compile(r"(?:^|_)(?:reason|note|comment)$")
REFUSALS = {"Conflict", "Forbidden", "Invalid", "NotFound", "TooFast"}


def server() -> list[Path]:
    found = [f for part in SERVER for f in (ROOT / part).rglob("*.py")]
    return [file for file in found if str(file.relative_to(ROOT)) not in PATTERNS]


def app() -> list[Path]:
    """Return what is no program of the server: screens, the notice, rules, the page of errors."""
    kinds = {".vue", ".ts", ".json", ".html", ".md", ".toml"}
    found = [f for part in ("miniprogram/src", *SERVER) for f in (ROOT / part).rglob("*")]
    return [file for file in found if file.suffix in kinds]


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each text with Chinese in it and its line; docstrings have none."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part in node.values}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in inner or not isinstance(node, ast.JoinedStr | ast.Constant):
            continue
        if re.search(CHINESE, text := plain(node)):
            yield node.lineno, text


def plain(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(plain(part) for part in node.values)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return HOLE


@cache
def texts() -> list[tuple[str, str]]:
    """Return every text of the server and line of the app, each with where it stands."""
    found = []
    for file in server():
        for line, text in strings(ast.parse(file.read_text())):
            found.append((f"{file.relative_to(ROOT)}:{line}", text))
    for file in app():
        bare = re.sub(r"/\*.*?\*/|<!--.*?-->", "", file.read_text(), flags=re.DOTALL)
        lines = (re.sub(r"(^|\s)//.*", "", line) for line in bare.splitlines())
        where = str(file.relative_to(ROOT))
        found += [(where, line) for line in lines if re.search(f"{CHINESE}|！", line)]
    return found


@pytest.mark.parametrize("word", NEVER)
def test_words_that_say_something_else_are_not_used(word: str) -> None:
    assert [where for where, text in texts() if word in text] == [], NEVER[word]


@pytest.mark.parametrize("sign", SIGNS)
def test_signs_are_those_of_chinese_and_stand_once(sign: str) -> None:
    found = [(where, text) for where, text in texts() if re.search(SIGNS[sign], text)]
    assert found == []


def test_what_somebody_wrote_ends_once() -> None:
    """`原因：{reason}。` ends twice where the reason ends itself, `原因：{reason}` may never."""
    loose = []
    for file in server():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.JoinedStr) and re.search(CHINESE, plain(node)):
                values = [
                    part.value for part in node.values if isinstance(part, ast.FormattedValue)
                ]
                if any(_written(value) for value in values):
                    loose.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert loose == []


def _written(value: ast.expr) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return bool(WRITTEN.search(name))


def test_a_refusal_is_whole_sentences() -> None:
    loose = []
    for file in server():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS:
                text = plain(node.args[-1]) if node.args else ""
                last = text.rpartition("\n")[2]
                if re.search(CHINESE, last) and not last.endswith(("。", "？", HOLE)):
                    loose.append((f"{file.relative_to(ROOT)}:{node.lineno}", text))
    assert loose == []


def test_lengths_come_from_one_function() -> None:
    """Hours with a fraction stand on certificates alone, whose unit is the hour, to a tenth."""
    counted = re.compile(r"(?<!notice_)hours[^{}\n]*\}小时|/ ?60?[^{}\n]*\}小时|\d\.\d小时")
    files = [*server(), *(file for file in app() if file.name != "shanghai.ts")]
    found = [file.relative_to(ROOT) for file in files if counted.search(file.read_text())]
    assert [str(file) for file in found] == ["backend/community/certificates/papers.py"]


@pytest.mark.parametrize("file", ["components/StatusWord.vue", "components/ChoiceChips.vue"])
def test_a_state_is_said_in_words(file: str) -> None:
    source = (ROOT / "miniprogram" / "src" / file).read_text()
    assert not re.search(r"[✓✗×●…·–]|'!'", source)
