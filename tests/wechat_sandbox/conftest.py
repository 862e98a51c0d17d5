"""One stand-in for a module's tests, as new for every one of them."""

from collections.abc import Iterator

import pytest

from tests.wechat_sandbox.program import Sandbox, running
from tests.wechat_sandbox.receiver import Receiver, receiving


@pytest.fixture(scope="module")
def process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: Sandbox) -> Sandbox:
    process.ctl("push-url", url="")
    process.ctl("reset")
    process.access_token = ""
    return process


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[Receiver]:
    with receiving() as receiver:
        sandbox.ctl("push-url", url=receiver.url)
        yield receiver
        sandbox.ctl("push-url", url="")
