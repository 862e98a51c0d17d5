"""The night's work, and what two people at once may not do."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict, Unavailable
from backend.support.attachments import checks, purge, service
from backend.support.attachments.models import Attachment, AttachmentStatus, EarlyVerdict
from backend.support.attachments.store import Folder, new_key
from tests.backend.support.attachments import samples
from tests.backend.support.attachments.scene import image, member
from tests.factories import Make

S = AttachmentStatus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


def put(folder: Path, key: str, *, old: bool = True) -> None:
    Folder(folder).put(key, b"abc", content_type="", disposition="")
    if old:
        os.utime(folder / key, (0, 0))


def test_the_night_forgets_what_nobody_used_and_nothing_else(
    session: Session, database: Database, make: Make, folder: Path
) -> None:
    actor, community = member(make), make.community()
    unused, used = image(session, actor, S.AVAILABLE), image(session, actor, community=community)
    removed = image(session, actor, S.AVAILABLE, community=community)
    removed.status, removed.decided_by, removed.reason = S.REMOVED, 1, "与活动无关"
    for row in (unused, used, removed):
        put(folder, row.storage_key)
    orphan, half, fresh = new_key(), f"{new_key()}.new", new_key()
    put(folder, orphan)
    put(folder, half)
    put(folder, fresh, old=False)
    session.flush()

    purge.purge(database, Folder(folder))
    assert {file.name for file in folder.iterdir()} == {
        unused.storage_key, used.storage_key, fresh,
    }  # fmt: skip
    with clock.at(clock.now() + timedelta(hours=25)):
        purge.purge(database, Folder(folder))

    session.expire_all()
    assert {file.name for file in folder.iterdir()} == {used.storage_key, fresh}
    left = set(session.scalars(sa.select(Attachment.storage_key)))
    assert left == {used.storage_key, removed.storage_key}


def test_the_night_forgets_verdicts_whose_image_never_came(
    session: Session, database: Database, folder: Path
) -> None:
    checks.media_checked(session, trace_id="t", suggest="pass")
    session.flush()

    with clock.at(clock.now() + timedelta(hours=25)):
        purge.purge(database, Folder(folder))

    assert session.scalars(sa.select(EarlyVerdict)).all() == []


def upload(database: Database, folder: Path, actor: Actor, data: bytes) -> int | str:
    try:
        with database.transaction() as session:
            return service.upload(
                session,
                Folder(folder),
                actor=actor,
                name="a.pdf",
                data=data,
                checked_by_wechat=False,
            ).id
    except Conflict as refusal:
        return refusal.code


def test_eight_uploads_of_the_same_bytes_at_once_are_one(
    committed: Database, keys: Crypto, folder: Path
) -> None:
    with committed.transaction() as session:
        actor = member(Make(session, keys))

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: upload(committed, folder, actor, samples.picture()), range(8)))

    assert len(ids) == 1
    assert len(list(folder.iterdir())) == 1


def test_thirty_uploads_at_once_leave_twenty(
    committed: Database, keys: Crypto, folder: Path
) -> None:
    with committed.transaction() as session:
        actor = member(Make(session, keys))
    files = [b"%PDF-1.4 " + str(number).encode() + samples.pdf() for number in range(30)]

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda data: upload(committed, folder, actor, data), files))

    assert outcomes.count("too_many_unattached") == 10
    assert len(list(folder.iterdir())) == 20


def test_a_store_that_fails_leaves_no_row(session: Session, make: Make, folder: Path) -> None:
    folder.write_bytes(b"not a folder")

    with pytest.raises(Unavailable):
        service.upload(
            session,
            Folder(folder),
            actor=member(make),
            name="a.pdf",
            data=samples.pdf(),
            checked_by_wechat=False,
        )

    assert session.scalars(sa.select(Attachment)).all() == []
