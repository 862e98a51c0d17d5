"""What a device is called before its owner."""

import pytest

from miniprogram_api.devices import described


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/1 Safari/1 Edg/1", "Windows 电脑上的 Edge 浏览器"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537", "Linux 电脑上的 Chrome 浏览器"),
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8 miniProgram", "安卓设备上的微信小程序"),
        ("Mozilla/5.0 (iPhone) Mobile MicroMessenger/8.0", "iPhone上的微信"),
        ("curl/8", "未识别的设备"),
        ("", "未识别的设备"),
        ("Mozilla/5.0 (Macintosh)", "Mac 电脑"),
    ],
)
def test_a_device_is_called_by_system_and_browser(sent: str, words: str) -> None:
    assert described(sent) == words
