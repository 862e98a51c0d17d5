"""The hall in which the meetings of these tests take place."""

import pytest
from sqlalchemy.orm import Session

from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_life.meetings.scene import Hall


@pytest.fixture
def hall(client: ApiClient, session: Session, make: Make) -> Hall:
    return Hall(client, session, make)
