"""What people see a file called: cleaned, and never claiming to be what it is not."""

import re
import unicodedata

LONGEST = 100
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def clean(given: str, extension: str) -> str:
    """Return the name without folders, odd characters and its own extension, with ours."""
    text = unicodedata.normalize("NFC", given.encode(errors="ignore").decode())
    last = re.split(r"[/\\]", text)[-1]
    # Category C: control characters, and those that turn the direction of reading around.
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem = " ".join(re.sub(r'[<>:"|?*]', " ", _EXTENSION.sub("", kept.strip())).split()).strip(". ")
    return f"{(stem or '附件')[: LONGEST - len(extension) - 1].rstrip('. ')}.{extension}"
