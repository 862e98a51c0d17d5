"""Where the stand-in listens, and where it refuses to."""

import pytest

from tests.wechat_sandbox.program import Sandbox, free_port, start, wait_for
from wechat_sandbox.addresses import is_local_url, is_loopback

DEFAULT_APPID = "wx0000000000demo01"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_addresses_of_this_machine_are_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.2", "example.com", "", "127.1", "unix:///tmp/a"]
)
def test_every_other_address_is_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.weixin.qq.com/",
        "http://127.0.0.1@example.com/",
        "http://127.0.0.1.example.com/",
        "http://[::1",
        "http://127.0.0.1:x/",
        "file:///etc/hosts",
        "http://127.0.0.1/\r\nX: y",
    ],
)
def test_a_push_url_elsewhere_is_no_local_one(url: str) -> None:
    assert not is_local_url(url)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_it_does_not_start_on_a_foreign_address(host: str) -> None:
    with start("--host", host, "--port", str(free_port())) as process:
        output, error = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "loopback only" in error
    assert output == ""


def test_it_does_not_start_with_a_push_url_elsewhere() -> None:
    with start("--push-url", "http://example.com/push") as process:
        error = process.communicate(timeout=10)[1]
    assert process.returncode == 2
    assert "this machine only" in error


def test_it_does_not_start_with_a_broken_push_key() -> None:
    with start(WECHAT_PUSH_AES_KEY="short") as process:
        error = process.communicate(timeout=10)[1]
    assert process.returncode == 2
    assert "WECHAT_PUSH_AES_KEY" in error


def test_its_output_tells_no_secret_and_no_code() -> None:
    port = free_port()
    process = start("--port", str(port))
    sandbox = Sandbox(f"http://127.0.0.1:{port}")
    try:
        wait_for(sandbox, process)
        token = sandbox.stable_token()["access_token"]
        sandbox.login("demo-member")
        sandbox.json("GET", "/cgi-bin/token", params={"secret": "s3cret-of-a-caller"})
        log = sandbox.state()["log"]
    finally:
        sandbox.http.close()
        process.terminate()
        output, error = process.communicate(timeout=5)
    assert [set(entry) for entry in log] == [{"method", "path", "at"}] * 3
    for secret in (token, "s3cret-of-a-caller", "demo-member"):
        assert secret not in output + error + str(log)


def test_made_up_credentials_are_the_default() -> None:
    port = free_port()
    process = start("--port", str(port), WECHAT_APPID="", WECHAT_SECRET="")
    sandbox = Sandbox(f"http://127.0.0.1:{port}")
    try:
        wait_for(sandbox, process)
        mine = {"grant_type": "client_credential", "secret": "demo-secret"}
        answer = sandbox.json("GET", "/cgi-bin/token", params=mine | {"appid": DEFAULT_APPID})
    finally:
        sandbox.http.close()
        process.terminate()
        process.communicate(timeout=5)
    assert "access_token" in answer
