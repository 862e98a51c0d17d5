"""Prepare a database: refuse a foreign one, load the territory, publish the privacy notice."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.errors import Conflict
from backend.core.installation import Installation, InstallationKind, kind_of
from backend.people.areas import divisions
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members.models import Account, PrivacyNotice

DATA = Path(__file__).parents[1] / "people" / "areas" / "data"
DIVISIONS = DATA / "haikou_divisions.csv"
NOTICE = Path(__file__).parents[1] / "people" / "members" / "privacy_notice.md"
NOTICE_VERSION = "2026-11-29"


def refuse_foreign_database(session: Session, *, demo: bool) -> None:
    """Raise Conflict unless the database is empty, or is marked as what we are about to run."""
    tables = set(sa.inspect(session.connection()).get_table_names())
    if not tables:
        return
    if Installation.__tablename__ in tables:
        kind = kind_of(session)
        wanted = InstallationKind.DEMO if demo else InstallationKind.REAL
        if kind is wanted or (kind is None and not _holds_anything(session)):
            return
    raise Conflict(
        "foreign_database",
        "数据库既不为空，也不是演示库，未作任何改动。请换一个空数据库（DATABASE_URL）。\n"
        "The database is neither empty nor marked as demo; nothing was changed. "
        "Point DATABASE_URL to an empty one.",
    )


def _holds_anything(session: Session) -> bool:
    return bool(
        session.scalar(
            sa.select(sa.or_(sa.exists().where(Area.id > 0), sa.exists(sa.select(Account.id))))
        )
    )


def init_city(session: Session, city_code: str) -> int:
    """Load territory and privacy notice into an empty real city; return the number of areas."""
    begin_installation(session, InstallationKind.REAL, city_code)
    return load_territory(session) or len(divisions.read(DIVISIONS))


def begin_installation(session: Session, kind: InstallationKind, city_code: str) -> None:
    """Mark the database and publish the notice. Raises Conflict when it was marked before."""
    if kind_of(session) is not None:
        raise Conflict("already_initialised", "该数据库此前已初始化。")
    session.add(Installation(id=1, kind=kind, city_code=city_code))
    session.add(_notice())
    session.flush()


def _notice() -> PrivacyNotice:
    title, _, body = NOTICE.read_text(encoding="utf-8").partition("\n")
    return PrivacyNotice(version=NOTICE_VERSION, title=title.lstrip("# "), body=body.strip())


def load_territory(session: Session, path: Path | None = None) -> int:
    """Bring the territory to the list in `path`; return how many rows changed."""
    return areas.load(session, divisions.read(path or DIVISIONS))
