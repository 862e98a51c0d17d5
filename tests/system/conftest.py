"""One demo city for all tests of this folder, on a PostgreSQL as durable as a real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import postgres
from launcher.places import places_for
from tests.folders import open_folder
from tests.system import template
from tests.system.city import City, running_city

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the shared city in one process of the runner."""
    for item in items:
        if HERE in item.path.parents and "city" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("city"))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    logs = tmp_path_factory.mktemp("city")
    with open_folder() as folder:
        template.copy(folder)
        cluster = folder / template.CLUSTER
        with postgres.running(cluster) as server, running_city(server, logs) as city:
            city.places = places_for(cluster)
            city.server = server
            yield city
            # A test may have killed the server and started another: end that one too.
            if city.postmaster is not None:
                postgres.stop(city.postmaster)
