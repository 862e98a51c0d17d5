"""Who decides about a text may read what it belongs to; nobody reads who else wrote what."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend import capabilities
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.people.areas.models import Area
from backend.support.notifications.models import Notification
from backend.support.text_checks import service
from backend.support.text_checks.declared import Audience, TextKind
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests.factories import Make
from tests.http_client import ApiClient

S = TextCheckStatus
TEXTS = [kind for kind in capabilities.KINDS if isinstance(kind, TextKind)]
OF_A_BRANCH = [kind for kind in TEXTS if kind.audience is Audience.BRANCH]
CLOSED_ABOVE = [kind for kind in TEXTS if kind.audience is Audience.COMMUNITY]


def held(
    session: Session, author: Actor, community: Area, kind: TextKind, status: S = S.HELD
) -> TextCheck:
    row = TextCheck(
        account_id=author.account_id,
        kind=kind.name,
        audience=kind.audience,
        nameless=kind.nameless,
        subject="thing:1",
        part="content",
        area_id=community.id,
        content="文字",
        status=status,
    )
    session.add(row)
    session.flush()
    return row


def queue(client: ApiClient, actor: Actor, query: str = "") -> list[int]:
    items = client.request("GET", f"/text-checks{query}", as_=actor, expect=200)["items"]
    return [item["id"] for item in items]


@pytest.mark.parametrize("kind", OF_A_BRANCH, ids=str)
def test_a_branchs_own_texts_go_to_no_check_and_before_no_community(
    client: ApiClient, session: Session, make: Make, kind: TextKind
) -> None:
    community, author = make.community(), make.actor(make.member())
    keeper = make.community_secretary(community)
    before = held(session, author, community, kind)
    path = f"/text-checks/{before.id}"

    assert queue(client, keeper) == []
    assert client.status("POST", f"{path}/release", as_=keeper) == 404
    assert client.status("POST", f"{path}/removal", as_=keeper, json={"reason": "x"}) == 404
    service.submit(
        session,
        author,
        kind=kind,
        subject="thing:1",
        part="content",
        area_id=community.id,
        texts=["新"],
    )
    assert [(row.id, row.status) for row in session.scalars(sa.select(TextCheck))] == [
        (before.id, S.SUPERSEDED)
    ]


@pytest.mark.parametrize("kind", CLOSED_ABOVE, ids=str)
def test_what_is_closed_to_the_street_is_not_decided_there(
    client: ApiClient, session: Session, make: Make, kind: TextKind
) -> None:
    community = make.community()
    author, deputy = make.community_secretary(community), make.community_secretary(community)
    street = make.officer(Role.STREET_OFFICER, session.get_one(Area, community.township_id))
    row = held(session, author, community, kind, S.PENDING)
    service.hold(session, row, "hold")

    told = session.scalars(sa.select(Notification.account_id)).all()
    assert told == [deputy.account_id]
    assert queue(client, street) == []
    assert client.status("POST", f"/text-checks/{row.id}/release", as_=street) == 404
    assert queue(client, deputy) == [row.id]


@pytest.mark.parametrize("status", [S.PENDING, S.PASSED, S.RELEASED, S.REMOVED, S.SUPERSEDED])
def test_nobody_reads_who_wrote_what_is_not_theirs_to_decide(
    client: ApiClient, session: Session, make: Make, status: S
) -> None:
    community, author = make.community(), make.actor(make.member())
    keeper, other = make.community_secretary(community), make.community_secretary(community)
    row = held(session, author, community, TextKind("volunteering.record_texts"), status)
    decided = status in {S.RELEASED, S.REMOVED}
    row.decided_by, row.decided_at = (keeper.account_id, clock.now()) if decided else (None, None)
    session.flush()

    assert queue(client, other, f"?status={status}") == []
    assert queue(client, keeper, f"?status={status}") == ([row.id] if decided else [])
