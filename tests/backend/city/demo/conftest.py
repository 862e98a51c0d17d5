from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from backend.core.db import driver_url
from launcher.postgres import Server


@pytest.fixture(scope="package")
def engine(server: Server) -> Iterator[sa.Engine]:
    """Connections that plan each statement for what is there by now: a city is loaded from nothing,
    and a plan that was made for empty tables takes minutes for full ones."""
    engine = sa.create_engine(driver_url(server.app_url))
    yield engine
    engine.dispose()
