"""What a device is called before its owner: a system and a browser, and nothing that finds it."""

SYSTEMS = (
    ("Windows", "Windows 电脑"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "鸿蒙设备"),
    ("OpenHarmony", "鸿蒙设备"),
    ("Android", "安卓设备"),
    ("Macintosh", "Mac 电脑"),
    ("Linux", "Linux 电脑"),
)
# The order counts: most of them say that they are Chrome and Safari, too.
BROWSERS = (
    ("miniProgram", "微信小程序"),
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge 浏览器"),
    ("360SE", "360 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox/", "Firefox 浏览器"),
    ("Chrome/", "Chrome 浏览器"),
    ("Safari/", "Safari 浏览器"),
)


def described(user_agent: str) -> str:
    """Return `Windows 电脑上的 Edge 浏览器`, or as much of it as can be told."""
    system = _first(SYSTEMS, user_agent)
    browser = _first(BROWSERS, user_agent)
    if system and browser:
        return f"{system}上的 {browser}" if browser[0].isascii() else f"{system}上的{browser}"
    return system or browser or "未识别的设备"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in names if mark in user_agent), "")
