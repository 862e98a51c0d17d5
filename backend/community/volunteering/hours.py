"""From minutes, in which services are kept, to the hours people read: the one rounding rule."""

from decimal import ROUND_DOWN, Decimal

TENTH = Decimal("0.1")


def hours(minutes: int) -> Decimal:
    """Return hours to a tenth, rounded down: a paper never certifies more than was given."""
    return (Decimal(minutes) / 60).quantize(TENTH, ROUND_DOWN)
