"""Many who wait for one row: each is told to come again, and the others are served meanwhile."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.projects.models import ServiceProject
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.people.members import service as members
from backend.people.members.models import Account
from tests.factories import Make
from tests.system.web import serving

WAITERS = 40


@pytest.fixture
def session(committed: Database) -> Iterator[Session]:
    with committed.transaction() as session:
        yield session


@pytest.fixture
def api(settings: Settings, tmp_path: Path) -> Iterator[str]:
    with serving(settings, tmp_path) as port:
        yield f"http://127.0.0.1:{port}/api/v1"


def signed(session: Session, actor: Actor) -> dict[str, str]:
    account = session.get_one(Account, actor.account_id)
    return {"Authorization": f"Bearer {members.open_session(session, account).token}"}


def test_forty_who_wait_for_one_row_end_with_503_and_hold_up_nobody(
    session: Session, committed: Database, keys: Crypto, api: str
) -> None:
    make = Make(session, keys)
    community = make.community()
    project = make.project(community)
    branch = make.branch(make.unit(community))
    people = [make.actor(make.member(branch, community_id=community.id)) for _ in range(4)]
    waiting, other = [signed(session, one) for one in people[1:]], signed(session, people[0])
    session.commit()
    claims = f"{api}/projects/{project.id}/claims"

    def claim(number: int) -> requests.Response:
        return requests.post(claims, headers=waiting[number % len(waiting)], timeout=60)

    with committed.transaction() as holder, ThreadPoolExecutor(WAITERS) as pool:
        locked = sa.select(ServiceProject).where(ServiceProject.id == project.id)
        holder.execute(locked.with_for_update())
        asked = [pool.submit(claim, number) for number in range(WAITERS)]
        time.sleep(1)
        looked = []
        while not all(one.done() for one in asked):
            began = time.monotonic()
            assert requests.get(f"{api}/me", headers=other, timeout=60).status_code == 200
            looked.append(time.monotonic() - began)
        answers = [one.result() for one in asked]

    assert {answer.status_code for answer in answers} == {503}
    assert all(answer.json()["code"] == "busy" for answer in answers)
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers)
    assert max(looked) < 2.5
