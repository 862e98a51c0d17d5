"""Requests that create something without a natural key, remembered so that a repeat is harmless."""

import hashlib
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core import clock
from backend.core.crypto import Crypto, DecryptionFailed
from backend.core.db import Base, Timestamped
from backend.core.errors import Conflict, DomainError

KEPT = timedelta(hours=24)
PURPOSE = "idempotency_key.answer"


class KeyReused(DomainError):
    """The same key came with another request."""


class IdempotencyKey(Timestamped, Base):
    """One row a key and account; `answer`, sealed, is filled in the transaction that inserts it."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.Index(None, "created_at"),)

    account_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int | None]
    answer: Mapped[str | None]


def fingerprint(*parts: str | bytes) -> str:
    """Return the hash by which two requests count as the same."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def begin(
    session: Session, crypto: Crypto, *, account_id: int, key: str, request_hash: str
) -> tuple[int, str] | None:
    """Claim `key`; return the stored (status, answer) when the request has been answered before.

    A parallel repeat waits here until the first one has committed or failed. Raises KeyReused, and
    Conflict where the answer can no longer be opened.
    """
    expired = IdempotencyKey.created_at < clock.now() - KEPT
    fresh = {"request_hash": request_hash, "status": None, "answer": None}
    claimed = session.execute(
        insert(IdempotencyKey)
        .values(account_id=account_id, key=key, **fresh)
        .on_conflict_do_update(
            index_elements=["account_id", "key"],
            set_=fresh | {"created_at": clock.now()},
            where=expired,
        )
        .returning(IdempotencyKey.key)
    ).first()
    if claimed is not None:
        return None
    row = session.get_one(IdempotencyKey, (account_id, key))
    if row.request_hash != request_hash:
        raise KeyReused("idempotency_key_reused", "该请求编号已用于另一次提交，请重新打开表单。")
    return int(row.status or 0), _opened(crypto, row.answer)


def _opened(crypto: Crypto, answer: str | None) -> str:
    try:
        return crypto.decrypt(answer or "", purpose=PURPOSE)
    except DecryptionFailed:  # its key is gone, or it was taken out: done it was all the same
        raise Conflict("answer_not_kept", "此前的提交已经受理，请刷新查看。") from None


def finish(
    session: Session, crypto: Crypto, *, account_id: int, key: str, status: int, answer: str
) -> None:
    """Store the answer beside the key, sealed, to be repeated word for word."""
    session.execute(
        sa.update(IdempotencyKey)
        .where(IdempotencyKey.account_id == account_id, IdempotencyKey.key == key)
        .values(status=status, answer=crypto.encrypt(answer, purpose=PURPOSE))
    )


def forget(session: Session, *, account_id: int, key: str) -> None:
    """Give back a key whose request was refused."""
    session.execute(
        sa.delete(IdempotencyKey).where(
            IdempotencyKey.account_id == account_id, IdempotencyKey.key == key
        )
    )


def purge(session: Session) -> int:
    """Forget keys older than a day; return how many."""
    done = session.execute(
        sa.delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEPT)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE yields a CursorResult
