"""Whether a member lets the community where they registered see their number: asked once under a
notice, taken back at any time. Callers own the transaction."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.people.members import queries
from backend.people.members.models import Account, Consent, Member, Purpose

PURPOSE = Purpose.PHONE_TO_COMMUNITY


@cache
def shared_by(member_id: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """Say whether the member on that row agreed, and there is a number to be seen."""
    return (
        sa.exists()
        .where(
            Account.member_id == member_id,
            Member.id == Account.member_id,
            Member.phone_encrypted.is_not(None),
            Consent.account_id == Account.id,
            Consent.purpose == PURPOSE,
            Consent.withdrawn_at.is_(None),
        )
        .correlate_except(Account, Member, Consent)
    )


@cache
def answered(account_id: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """Say whether somebody was asked under the notice in force, whatever the answer was."""
    return sa.exists().where(
        Consent.account_id == account_id,
        Consent.notice_version == queries.current_notice_version(),
        Consent.purpose == PURPOSE,
    )


def answer(session: Session, *, actor: Actor, agreed: bool) -> Consent:
    """Keep what the member says to the question, a no as well; the last word stands.

    Raises Conflict `notice_not_published` before a notice is published.
    """
    actor.as_member()
    version = session.scalar(sa.select(queries.current_notice_version()))
    if version is None:
        raise Conflict("notice_not_published", "尚未发布隐私告知，请在发布后再选择。")
    withdrawn = {"withdrawn_at": None if agreed else clock.now()}
    key = {"account_id": actor.account_id, "notice_version": version, "purpose": PURPOSE}
    session.execute(
        insert(Consent)
        .values(**key, **withdrawn)
        .on_conflict_do_update(
            constraint="uq_consent_account_id_notice_version_purpose", set_=withdrawn
        )
    )
    mine = Consent.account_id == actor.account_id, Consent.purpose == PURPOSE
    if not agreed:  # under an older notice as well
        open_ = Consent.withdrawn_at.is_(None)
        session.execute(sa.update(Consent).where(*mine, open_).values(**withdrawn))
    row = session.scalars(sa.select(Consent).where(*mine, Consent.notice_version == version)).one()
    session.refresh(row)
    audit.record(session, actor, "phone_to_community.answered", row, agreed=agreed)
    return row
