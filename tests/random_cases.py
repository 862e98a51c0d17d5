"""How many random cases are tried, and which: in `make test` a few, the same each time; in
`make test-long` many, each time others."""

import os

from hypothesis import HealthCheck, settings

LONG = "TESTS_LONG" in os.environ
# How many times as many cases a long run tries.
MORE = 33


def cases(short: int, *, steps: int = 20) -> settings:
    """Return settings for `short` cases in `make test`; `steps` is the most of one history."""
    return settings(
        max_examples=short * MORE if LONG else short,
        stateful_step_count=steps * 2 if LONG else steps,
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
