"""What may not stand in a text that is published: whatever leads to a person (spec 7.1)."""

import re
import unicodedata

from backend.core.errors import Invalid

# Digits may stand in groups, as people write numbers down.
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d){8}(?!\d)")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:[\s-]?\d){11}[\s-]?[0-9Xx](?![0-9A-Za-z])")


def refuse_personal(**texts: str) -> None:
    """Raise Invalid naming the first text in which a telephone or identity number seems to be."""
    for field, text in texts.items():
        plain = unicodedata.normalize("NFKC", text)
        if _IDENTITY.search(plain):
            raise Invalid(field, "文字中好像有身份证号码，请删去后再提交。")
        if _MOBILE.search(plain):
            raise Invalid(field, "文字中好像有手机号码，请删去后再提交。")
