"""What people see a file called: cleaned, and never claiming to be what it is not."""

import re
import unicodedata

from backend.core import personal_numbers

LONGEST = 100
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def clean(given: str, extension: str) -> str:
    """Return the name without folders, odd characters and its own extension, with ours.

    One with a person's number in it is not kept: a phone may have named the file by itself.
    """
    text = unicodedata.normalize("NFC", given.encode(errors="ignore").decode())
    last = re.split(r"[/\\]", text)[-1]
    # Category C: control characters, and those that turn the direction of reading around.
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem = " ".join(re.sub(r'[<>:"|?*]', " ", _EXTENSION.sub("", kept.strip())).split()).strip(". ")
    if personal_numbers.found(stem):
        stem = ""
    return f"{(stem or '附件')[: LONGEST - len(extension) - 1].rstrip('. ')}.{extension}"
