"""When a request is there, whatever pieces it comes in."""

import pytest

from miniprogram_api.arriving import HELD, Arriving, Progress

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        HEAD + b"content-length:  5 \r\n\r\n12345",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nTrailer: b\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nno size\r\n",
    ],
)
def test_a_request_is_whole_with_its_last_byte(request_: bytes) -> None:
    arriving = Arriving()
    for byte in request_[:-1]:
        assert arriving.take(bytes([byte])) is Progress.PARTIAL
    assert arriving.take(request_[-1:]) is Progress.WHOLE
    assert Arriving().take(request_ + HEAD) is Progress.WHOLE


@pytest.mark.parametrize("framing", [b"Content-Length: 99999", b"Transfer-Encoding: chunked"])
def test_the_beginning_of_a_large_body_is_enough(framing: bytes) -> None:
    arriving = Arriving()
    chunk = b"1869f\r\n" if framing.endswith(b"chunked") else b""
    assert arriving.take(HEAD + framing + b"\r\n\r\n" + chunk) is Progress.PARTIAL
    assert arriving.take(b"a" * (HELD - len(chunk) - 1)) is Progress.PARTIAL
    assert arriving.take(b"a") is Progress.LARGE


def test_a_head_has_an_end() -> None:
    arriving = Arriving()
    assert arriving.take(b"GET / HTTP/1.1\r\nX: " + b"a" * (HELD - 19)) is Progress.PARTIAL
    assert arriving.take(b"a") is Progress.ENDLESS


def test_only_the_head_says_what_the_client_waits_for() -> None:
    arriving = Arriving()
    arriving.take(HEAD + b"Content-Length: 99\r\n\r\n\r\nExpect: 100-continue\r\n")
    assert not arriving.waits_for_leave
    assert not arriving.only_reads
