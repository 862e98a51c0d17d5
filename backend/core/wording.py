"""What people write, brought to one form: phones, spreadsheets and PDFs write one name in many.

`prose` is stored as it was meant, without what nobody can see. `name` and `code` have one spelling.
`key` is for comparing only, and `sought` does the same to a column, so that what was stored before
is found too.
"""

import re
import unicodedata

import sqlalchemy as sa

# Shown as nothing, though Unicode calls them letters or marks.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"
# Control, direction and zero-width characters, soft hyphens, tags; tabs and line breaks are none.
_HIDDEN = (
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_INVISIBLE = re.compile(f"[{_BLANK}{_HIDDEN}]")
_UNSEEN = re.compile(f"[{_BLANK}{_HIDDEN}{_SELECTORS}]")
_JOINER, _FLAG, _TAGS = "\u200d", "\U0001f3f4", range(0xE0020, 0xE0080)

# Dots within the names of ethnic minorities, after NFKC has made one of the half- and full-width.
DOTS = "\u2022\u2027\u30fb\u2219\u22c5\u25cf\u16eb\u0387\u2024\u2e31\u2e33\ua78f.\u3002"
MIDDLE_DOT = "\u00b7"
# Besides what Unicode calls a dash: signs, ties and lines that are typed for one.
_DASHES = frozenset("\u02d7\u1427\u203f\u2040\u2043\u2054\u2212\u223c\u2500\u2501\u2796\u30fc")
_FULL_STOPS = frozenset(".\u3002")
# Parts of characters that PDFs give for the characters; NFKC knows the Kangxi ones only.
_PARTS = dict(
    zip(
        "⺁⺒⺝⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳⺋⺎⻑⻒⻗⻞",
        "厂巳月母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟㔾兀長镸雨飠",
        strict=True,
    )
)
_ONE_DOT = str.maketrans(dict.fromkeys(DOTS, MIDDLE_DOT))
_WHOLE = str.maketrans(_PARTS)


def prose(text: str) -> str:
    """Return a text without what cannot be seen; emoji keep what joins them. Nothing but blanks
    is empty."""
    if not _UNSEEN.search(text):
        return text
    kept = "".join(c for i, c in enumerate(text) if _seen(text, i, c))
    if not _UNSEEN.sub("", kept).strip():
        return "" if _UNSEEN.search(text) else text
    return kept.strip() if kept != text else text


def _seen(text: str, place: int, char: str) -> bool:
    if char == _JOINER:
        return _joins(text, place)
    if ord(char) in _TAGS:
        return _FLAG in text[max(0, place - 8) : place]
    return not _INVISIBLE.match(char)


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands between two pictures, which are one together."""
    before = _UNSEEN.sub("", text[max(0, place - 2) : place])[-1:]
    after = text[place + 1 : place + 2]
    return bool(before and after) and {_kind(before), _kind(after)} <= {"So", "Sk"}


def _kind(char: str) -> str:
    return unicodedata.category(char)


def name(text: str) -> str:
    """Return the one spelling of the name of a person or a place: NFKC, one middle dot, no blanks
    but between letters."""
    plain = _plain(text)
    dotted = re.sub(rf"\s*[{re.escape(DOTS)}{MIDDLE_DOT}]\s*", MIDDLE_DOT, plain)
    bare = re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", " ".join(dotted.split()))
    return unicodedata.normalize("NFC", bare)


def code(text: str) -> str:
    """Return a number or code without blanks: digits and letters of any width and script."""
    plain = "".join(_digit(c) for c in _plain(text))
    return unicodedata.normalize("NFC", re.sub(r"\s+", "", plain))


def phone(text: str) -> str:
    """Return a mobile number as eleven digits, however it was grouped and prefixed."""
    digits = re.sub(rf"[()\-.{MIDDLE_DOT}~_/]+", "", "".join(one_mark(c) for c in code(text)))
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", digits)


def one_mark(char: str) -> str:
    """Return the one dash or middle dot for any; full stops stay, they end sentences."""
    if char in DOTS and char not in _FULL_STOPS:
        return MIDDLE_DOT
    return "-" if char in _DASHES or unicodedata.category(char) == "Pd" else char


def key(text: str) -> str:
    """Return what two spellings of one thing have in common."""
    bare = re.sub(r"\s+", "", _plain(text)).translate(_ONE_DOT)
    return unicodedata.normalize("NFC", bare).lower()


def _plain(text: str) -> str:
    whole = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).translate(_WHOLE)
    return _UNSEEN.sub("", whole)  # NFKC itself may leave one


def _digit(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char


def sought(column: sa.SQLColumnExpression[str]) -> sa.ColumnElement[str]:
    """Return a column as `key` would write it."""
    compatible, composed = _form("NFKC"), _form("NFC")
    seen = sa.func.regexp_replace(column, _POSTGRES_UNSEEN, "", "g")
    plain = sa.func.normalize(seen, compatible)
    bare = sa.func.regexp_replace(plain, _POSTGRES_UNSEEN + r"|\s", "", "g")
    old = "".join(_PARTS) + DOTS
    new = "".join(_PARTS.values()) + MIDDLE_DOT * len(DOTS)
    return sa.func.lower(sa.func.normalize(sa.func.translate(bare, old, new), composed))


def _form(name: str) -> sa.ColumnElement[str]:
    return sa.literal_column(name)


# PostgreSQL's expressions take a NUL in no form, and text holds none.
_POSTGRES_UNSEEN = f"[{_BLANK}{_HIDDEN}{_SELECTORS}]".replace("\u0000-", "\u0001-")
