"""Links lead to an allowed host and to nowhere that only looks like one."""

import pytest

from backend.branch_life.meetings import links
from backend.core.errors import Invalid

HOSTS = ("meeting.tencent.com",)


@pytest.mark.parametrize(
    "url",
    [
        "https://user@meeting.tencent.com/dm/1",
        "https://user:word@meeting.tencent.com/dm/1",
        "https://meeting.tencent.com@evil.example/dm/1",
        "https://evil.example\\@meeting.tencent.com/dm/1",
        "https://meeting.tencent.com:8443/dm/1",
        "https://meeting.tencent.com:port/dm/1",
        "https://[meeting.tencent.com/dm/1",
        "https://meeting.tencent.com.evil.example/",
    ],
)
def test_a_link_with_somebody_or_something_beside_its_host_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="会议平台"):
        links.check(url, HOSTS)


@pytest.mark.parametrize(
    "host", ["meeting.tencent.com", "work.meeting.tencent.com", "MEETING.tencent.com"]
)
def test_a_sound_link_is_taken(host: str) -> None:
    links.check(f"https://{host}/dm/1", HOSTS)
