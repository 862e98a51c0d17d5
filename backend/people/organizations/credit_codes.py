"""The unified social credit code of a unit: 18 characters, the last one a check (GB 32100-2015)."""

from backend.core import wording

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
MODULUS = len(ALPHABET)


def read(text: str) -> str | None:
    """Return the code as it is kept, however it was typed; None where its check does not hold."""
    code = wording.code(text).upper()
    whole = len(code) == LENGTH and all(char in ALPHABET for char in code)
    return code if whole and code[-1] == check_character(code) else None


def check_character(code: str) -> str:
    """Return the character that ends a code with these first seventeen."""
    weighed = (
        ALPHABET.index(char) * pow(3, place, MODULUS) for place, char in enumerate(code[:-1])
    )
    return ALPHABET[-sum(weighed) % MODULUS]
