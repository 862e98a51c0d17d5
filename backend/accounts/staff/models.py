"""How somebody signs in who has no member's account, and the codes for a lost phone."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core import clock, wording
from backend.core.db import Base, Id, Timestamped
from backend.people.members.models import Account


class StaffStatus(enum.StrEnum):
    """`enrolling`: the person has not yet set a password and a second factor of their own."""

    ENROLLING = "enrolling"
    ACTIVE = "active"
    LOCKED = "locked"


class StaffAccount(Timestamped, Base):
    """Name, password and second factor of an account that belongs to no member."""

    __tablename__ = "staff_account"
    __table_args__ = (
        sa.CheckConstraint("must_change OR totp_encrypted IS NOT NULL", name="two_factors"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), unique=True
    )
    sign_in_name: Mapped[str]
    # What two spellings of one name have in common.
    sign_in_key: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    # The password is the one that was handed over: it opens nothing but enrolment.
    must_change: Mapped[bool] = mapped_column(server_default=sa.true(), default=True)
    password_until: Mapped[datetime | None]
    totp_encrypted: Mapped[str | None]
    # The last step of time whose code was taken: none is taken twice.
    totp_step: Mapped[int | None]
    enrolment_hash: Mapped[str | None] = mapped_column(unique=True)
    enrolment_until: Mapped[datetime | None]
    # What failed since it last went well, and how often in a row that has locked it.
    failed_count: Mapped[int] = mapped_column(server_default="0", default=0)
    locks: Mapped[int] = mapped_column(server_default="0", default=0)
    locked_until: Mapped[datetime | None]
    # By an administrator, until one unlocks it.
    locked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()

    @staticmethod
    def called(sign_in_name: str) -> sa.ColumnElement[bool]:
        """Say whether a row is the account of that sign-in name, however it is spelt."""
        return StaffAccount.sign_in_key == wording.key(sign_in_name)

    @property
    def name(self) -> str:
        """The name of who uses it."""
        return self.account.name or ""

    @property
    def locked(self) -> bool:
        """Whether nobody signs in at the moment."""
        for_a_while = self.locked_until is not None and self.locked_until > clock.now()
        return self.locked_at is not None or for_a_while

    @property
    def status(self) -> StaffStatus:
        """Where it stands at the moment."""
        if self.locked:
            return StaffStatus.LOCKED
        return StaffStatus.ENROLLING if self.must_change else StaffStatus.ACTIVE


class RecoveryCode(Base):
    """A code that stands in once for the second factor."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("staff_account_id", "code_hash"),)

    id: Mapped[Id]
    staff_account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("staff_account.id", ondelete="CASCADE")
    )
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]
