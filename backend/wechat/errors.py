"""What can go wrong with WeChat, in our words. No text here ever holds a URL, token or secret."""

from backend.core.errors import Unavailable


class WechatUnavailable(Unavailable):
    """No usable answer: nothing is known about what happened at the other end, or it is busy."""

    def __init__(self, problem: str) -> None:
        super().__init__("wechat_unavailable", "微信服务暂时没有响应，请稍后再试。")
        self.problem = problem


class WechatNotAsked(WechatUnavailable):
    """WeChat was not even asked: trying again later can do nothing twice."""


class WechatRefused(Exception):
    """WeChat answered with an errcode. It did nothing, unless the code is -1 (busy): who knows."""

    def __init__(self, errcode: int) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode
