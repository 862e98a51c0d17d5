"""Declarative base, shared column types and the transaction boundary."""

import enum
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from backend.core import clock

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

# The day and the moment at which a statement runs, so that what asks for them can be built once and
# used always.
TODAY = sa.bindparam("today", type_=sa.Date(), callable_=clock.today)
NOW = sa.bindparam("now", type_=sa.DateTime(timezone=True), callable_=clock.now)

Id = Annotated[int, mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)]


def _enum_values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """Every mapped row. What speaks of one names it by `as_subject`, only after it has an id."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        int: sa.BigInteger(),
        str: sa.Text(),
        date: sa.Date(),
        datetime: sa.DateTime(timezone=True),
        list[str]: postgresql.ARRAY(sa.Text()),
        dict[str, object]: JSONB(),
        # Text plus a CHECK: a new value is one constraint swap, never an ALTER TYPE.
        enum.StrEnum: sa.Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=_enum_values,
        ),
    }

    @property
    def as_subject(self) -> str:
        """The row as news, checks, files and the audit log name it: `table:id`."""
        return f"{self.__tablename__}:{self.id}"  # type: ignore[attr-defined]  # who is named has one

    def text(self, part: str) -> str:
        """Return one of the row's texts as news name those they quote: `table:id#part`."""
        return f"{self.as_subject}#{part}"


def among(column: Any, ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Say whether a column holds one of many ids, which go as one value."""
    found: sa.ColumnElement[bool] = column == sa.any_(sa.literal(list(ids), _IDS))
    return found


_IDS = postgresql.ARRAY(sa.BigInteger())


def read(
    session: Session, statement: sa.Executable, values: Mapping[str, object]
) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a statement of mere columns that was built once, without what the ORM does for entities;
    `values` are those of its parameters."""
    session.flush()
    return session.connection().execute(statement, values)


class Timestamped:
    """Adds `created_at` and `updated_at`, by the one clock; the database's own for anybody else."""

    created_at: Mapped[datetime] = mapped_column(
        default=clock.now, server_default=sa.func.now(), sort_order=90
    )
    updated_at: Mapped[datetime] = mapped_column(
        default=clock.now, onupdate=clock.now, server_default=sa.func.now(), sort_order=91
    )


# A host that is cut off says nothing: without these a connection to it waits for a quarter of an
# hour. What DATABASE_URL says wins.
KEEP_ALIVE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10000,
}

# A statement that writes met a server that is a standby, often since a moment ago.
READ_ONLY = "25006"


class Database:
    """Hands out transactions on one engine (or, in tests, on one connection)."""

    def __init__(self, bind: sa.Engine | sa.Connection) -> None:
        self.bind = bind
        self._sessions = sessionmaker(
            bind, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )

    @property
    def at_once(self) -> int:
        """How many transactions can run at once on the connections that it keeps."""
        pool = self.bind.pool if isinstance(self.bind, sa.Engine) else None
        return pool.size() if isinstance(pool, sa.QueuePool) else 1

    def dispose(self) -> None:
        """Close the engine's connections; the end of a command."""
        if isinstance(self.bind, sa.Engine):
            self.bind.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit when the block ends, roll back when it raises.

        A connection is taken with the first statement, so a block that asks WeChat before it asks
        the database holds none while it waits.
        """
        session = self._sessions()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


def connect(
    url: str,
    *,
    pool_size: int,
    statement_seconds: float = 30,
    lock_seconds: float = 3,
    application_name: str = "party",
) -> Database:
    """Return a database on `url`; a statement fails that runs longer than `statement_seconds`, or
    waits longer than `lock_seconds` for what somebody else holds."""
    options = (
        f"-c statement_timeout={int(statement_seconds * 1000)} "
        f"-c lock_timeout={int(lock_seconds * 1000)} "
        "-c idle_in_transaction_session_timeout=60000 -c timezone=Asia/Shanghai"
    )
    said = sa.make_url(driver_url(url)).query
    engine = sa.create_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,  # an error text must not carry what people typed
        connect_args={
            "options": options,
            "application_name": application_name,
            **{name: value for name, value in KEEP_ALIVE.items() if name not in said},
        },
    )
    sa.event.listen(engine, "handle_error", _leave_a_standby)
    return Database(engine)


def _leave_a_standby(context: sa.engine.ExceptionContext) -> None:
    """Throw away connections to a server that is read-only: it is no primary any more."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


def driver_url(url: str) -> str:
    """Return `url` with the driver we use; accepts `postgres://` and `postgresql://`."""
    scheme, separator, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        scheme = "postgresql+psycopg"
    return scheme + separator + rest
