"""Questions about link applications."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.accounts.onboarding.models import LinkApplication
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[LinkApplication]:
    """Select applications with what every answer shows of them."""
    own_withheld = withheld.of(LinkApplication.__tablename__, LinkApplication.id)
    office = members.holds_office(LinkApplication.member_id)
    return sa.select(LinkApplication).options(
        joinedload(LinkApplication.organization),
        joinedload(LinkApplication.member).joinedload(Member.branch),
        with_expression(LinkApplication.withheld, own_withheld),
        with_expression(LinkApplication.holds_office, office),
    )


def holds_office(member_id: int) -> sa.Select[bool]:
    """Select whether an entry brings rights or a post with it."""
    return sa.select(members.holds_office(Member.id)).where(Member.id == member_id)
