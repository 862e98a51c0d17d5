"""What may not stand in a text that others read: a number that leads to a person (spec 7.1).

A mobile or identity number is found however it is grouped. What only looks like one is not: sums,
codes, dates and lists of numbers, which is why groups are read together with what is around them.
"""

import enum
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from backend.core import clock, wording
from backend.core.errors import Invalid


class Kind(enum.StrEnum):
    """The word for it in a sentence."""

    IDENTITY = "身份证号码"
    MOBILE = "手机号码"


@dataclass(frozen=True)
class _Group:
    """Digits written together, and what stands between them and the next; `end` is a place."""

    digits: str
    gap: str
    start: int
    end: int


_GROUP = re.compile(
    r"(\d+[Xx]?|(?<=[\s\-.])[Xx](?![A-Za-z\d]))"
    r"([\s()\[\]\-\u30fc_~./\\|*\u00b7\u2022\u2027]{0,4})"
)
# How people group the eleven digits; a list of numbers is grouped otherwise.
_MOBILE = re.compile(r"1[3-9]\d{9}")
_GROUPINGS = {
    (11,), (3, 8), (7, 4), (3, 4, 4), (3, 3, 5), (3, 5, 3), (4, 3, 4), (5, 6), (6, 5), (5, 3, 3),
    (3, 3, 3, 2), (3, 2, 3, 3), (3, 2, 2, 4), (3, 4, 2, 2), (3, 2, 2, 2, 2), (1,) * 11,
}  # fmt: skip
# In tight groups only: with blanks between, these are sums side by side.
_TIGHT_GROUPINGS = {(4, 4, 3), (2, 3, 3, 3), (1, 3, 3, 4), (1, 10), (2, 9), (4, 7)}
_PREFIX = re.compile(r"(?:00|0)?86|0|17951|12593")
_AMOUNT = re.compile(
    r"(?:\.\d+)?\s*(?:多|余)?(?:[万亿千百]*元|[万亿]|角|块钱|度|千瓦|kwh|吨|立方|平方|米|公里|㎡|%)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[¥￥$€]\s*$")
# A number that the words before it call something else.
_CALLED_CODE = re.compile(
    r"(?:编\s*号|灯\s*号|灯\s*杆|杆\s*号|表\s*号|[水电气]表|单\s*号|订\s*单|工\s*单|快\s*递|运\s*单|票\s*号|流\s*水|"
    r"户\s*号|账\s*号|卡\s*号|条\s*码|设\s*备|序\s*列|合\s*同|批\s*号|档\s*案|信用代码|型\s*号|路灯|井盖|车架)"
    r"[^\d，。；;,\n]{0,8}$"
)
_CALLED_PERSON = re.compile(r"电话|手机|联系|致电|微信|号码是|tel|mobile|phone", re.IGNORECASE)
_CALLED_IDENTITY = re.compile(r"身份证[^\d，。；;,\n]{0,6}$")
_LETTERS_BEFORE = re.compile(r"([A-Za-z]+)$")
_MEANS_CALL = re.compile(
    r"(?:tel|phone|mobile|mob|cell|call|wx|vx|wechat|weixin|qq|dh|sj|dianhua|shouji|[vtmp])$",
    re.IGNORECASE,
)
# The province of an identity number, GB/T 2260 and those for Taiwan, Hong Kong and Macao.
_PROVINCES = frozenset(
    str(number)
    for numbers in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for number in range(*numbers)
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OLDEST = 1890


def refuse_personal(**texts: str | None) -> None:
    """Raise Invalid naming the first text in which a mobile or identity number seems to be."""
    for field, text in texts.items():
        if kind := found(text or ""):
            raise Invalid(field, sentence(kind))


def sentence(kind: Kind) -> str:
    return f"文字中好像有{kind}，请删去后再提交。"


def found(text: str) -> Kind | None:
    """Return what number of a person seems to stand in a text, however it is written."""
    plain = _plain(text)
    for run in _runs(plain):
        if any(_is_identity(plain, run[i:j]) for i, j in _windows(run, 15, 18)):
            return Kind.IDENTITY
        if any(_is_mobile(plain, run, i, j) for i, j in _windows(run, 11, 15)):
            return Kind.MOBILE
    return None


def _plain(text: str) -> str:
    """Return the text with one kind of digit, dash and dot, and nothing that is not seen."""
    wide = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in wide if unicodedata.category(c) not in {"Cf", "Mn", "Me"})
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in seen)
    return "".join(wording.one_mark(c) for c in digits)


def _runs(text: str) -> Iterator[list[_Group]]:
    """Yield groups of digits that nothing but blanks, dashes, dots and brackets parts."""
    run: list[_Group] = []
    for match in _GROUP.finditer(text):
        if run and (run[-1].end + len(run[-1].gap)) != match.start():
            yield run
            run = []
        run.append(_Group(match[1], match[2], match.start(1), match.end(1)))
    if run:
        yield run


def _windows(run: Sequence[_Group], least: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield where groups together have so many digits."""
    for first in range(len(run)):
        length = 0
        for last in range(first, len(run)):
            length += len(run[last].digits)
            if length > most:
                break
            if length >= least:
                yield first, last + 1


def _is_identity(text: str, groups: Sequence[_Group]) -> bool:
    number = "".join(group.digits for group in groups).upper()
    if number[:2] not in _PROVINCES or not number[:-1].isdigit() or _glued(text, groups):
        return False
    before = text[: groups[0].start]
    if len(number) == 18:
        told = number.endswith("X") or bool(_CALLED_IDENTITY.search(before))
        return _a_birthday(number[6:14]) and (told or _checks(number))
    sizes = tuple(len(group.digits) for group in groups)
    old = len(number) == 15 and number.isdigit() and sizes in {(15,), (6, 6, 3), (6, 9)}
    plausible = number[2:4] != "00" and number[4:6] != "00" and _a_birthday(f"19{number[6:12]}")
    return old and plausible and not _CALLED_CODE.search(before)


def _checks(number: str) -> bool:
    """Whether the check digit is right; one that was mistyped is a number of nobody."""
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, number[:17], strict=True))
    return number[17] == _CHECKS[total % 11]


def _a_birthday(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return date(_OLDEST, 1, 1) <= day <= clock.today()


def _is_mobile(text: str, run: Sequence[_Group], first: int, last: int) -> bool:
    groups = run[first:last]
    sizes = _sizes(groups)
    if sizes is None:
        return False
    blank = len(groups) > 1 and not any(group.gap.strip() for group in groups[:-1])
    if sizes not in _GROUPINGS and (blank or sizes not in _TIGHT_GROUPINGS):
        return False
    if len(sizes) == 11 and _counts_up(groups):
        return False
    if len(sizes) > 1 and _part_of_more(run, first, last, blank=blank):
        return False
    return not _called_otherwise(text, groups)


def _sizes(groups: Sequence[_Group]) -> tuple[int, ...] | None:
    """Return how the eleven digits of a mobile number are grouped, None where they are none."""
    digits = [group.digits for group in groups]
    digits[0] = re.sub(r"^(?:00)?86(?=1\d{2})", "", digits[0]) if len(digits[0]) > 4 else digits[0]
    if not _MOBILE.fullmatch("".join(digits)):
        return None
    return tuple(len(part) for part in digits)


def _counts_up(groups: Sequence[_Group]) -> bool:
    values = [int(group.digits) for group in groups]
    return all(a <= b for a, b in pairwise(values))


def _part_of_more(run: Sequence[_Group], first: int, last: int, *, blank: bool) -> bool:
    """Whether the groups go on as what a longer code or a list of numbers is made of."""
    before = run[first - 1] if first else None
    after = run[last] if last < len(run) else None
    if blank and before and first >= 2 and run[first - 2].gap.strip():
        before = None  # the end of a date, not a number of its own
    if blank and after and last + 1 < len(run) and after.gap.strip():
        after = None
    if before and _PREFIX.fullmatch(before.digits):
        before = None
    if after and _begins_mobile(run[last:]):
        after = None
    if before and first >= 2 and _begins_mobile(run[:first]):
        before = None
    return _goes_on(before, before.gap if before else "", blank) or _goes_on(
        after, run[last - 1].gap, blank
    )


def _goes_on(neighbour: _Group | None, gap: str, blank: bool) -> bool:
    if neighbour is None:
        return False
    if blank:
        return not gap.strip() and len(neighbour.digits) <= 6
    return not any(c.isspace() or c in "()[]/|\\" for c in gap)


def _begins_mobile(groups: Sequence[_Group]) -> bool:
    """Whether another mobile number stands at the beginning of the groups."""
    windows = _windows(groups, 11, 15)
    return any(first == 0 and _sizes(groups[:last]) in _GROUPINGS for first, last in windows)


def _called_otherwise(text: str, groups: Sequence[_Group]) -> bool:
    """Whether what is around a number says that it is a sum, a measure or a code."""
    before, after = text[: groups[0].start], text[groups[-1].end :]
    if _AMOUNT.match(after) or _MONEY.search(before) or _glued(text, groups):
        return True
    if len(groups) == 1 and re.search(r"(?<!\d)\d{1,3}\.$", before):
        return True  # a decimal fraction
    called = _CALLED_CODE.search(before)
    return bool(called and not _CALLED_PERSON.search(called[0]))


def _glued(text: str, groups: Sequence[_Group]) -> bool:
    """Whether a code goes on in letters on either side."""
    before, after = text[: groups[0].start], text[groups[-1].end :]
    letters = _LETTERS_BEFORE.search(before)
    if letters and not _MEANS_CALL.search(letters[1]):
        return True
    return bool(re.match(r"[A-Za-z]", after)) and groups[-1].digits[-1:].isdigit()
