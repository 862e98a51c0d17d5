"""Statements that stay prepared from test to test.

A test ends with a rollback, at which the driver forgets every statement it has prepared: what one
of them names might have been made in that transaction. Nothing is made or dropped in tests, and
planning the product's statements costs the server several times what running them does.
"""

from functools import lru_cache
from typing import Any

from psycopg import Connection, _queries
from psycopg._preparing import PrepareManager

# One plan for all values: a test has few rows.
ONE_PLAN = {"options": "-c plan_cache_mode=force_generic_plan"}
# Of statements, and of the letters and values of one: the driver keeps what it has read of the
# short ones only, and reads the long ones anew each time.
MOST, LONGEST = 1000, 1_000_000


class KeptStatements(PrepareManager):
    prepare_threshold = 1
    prepared_max = MOST

    def clear(self) -> bool:
        """Keep them at a rollback."""
        return False


def keep(connection: Connection[Any], _record: object) -> None:
    """Let this connection keep what it prepares."""
    connection._prepared = KeptStatements()


def read_once() -> None:
    """Let the driver read the text of each statement once."""
    _queries.MAX_CACHED_STATEMENT_LENGTH = _queries.MAX_CACHED_STATEMENT_PARAMS = LONGEST
    _queries._query2pg = lru_cache(MOST)(_queries._query2pg_nocache)
