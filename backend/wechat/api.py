"""wechatpy's client classes, with its request loop replaced by ours.

The original recurses without limit on a rejected token, waits for ever on a hung token request,
keeps a token a process, and puts the secret into the texts of its errors.
"""

import json
import time
from typing import Any

from wechatpy.client import WeChatClient
from wechatpy.client.api import WeChatWxa

from backend.core.settings import Settings
from backend.wechat.errors import WechatNotAsked, WechatRefused, WechatUnavailable
from backend.wechat.tokens import TokenStore
from backend.wechat.transport import Deadline, Transport

STALE_TOKEN = frozenset({40001, 40014, 42001})
BUSY = -1
BUSY_PAUSES = (0.2, 0.4)


class Wxa(WeChatWxa):  # type: ignore[misc]  # wechatpy ships no type hints
    """What a26 lacks: signing in needs no access token, and a code belongs to one user."""

    def code_to_session(self, js_code: str) -> dict[str, Any]:
        """Ask /sns/jscode2session, one call: signing in does not hang on the token endpoint."""
        params = {
            "appid": self.appid,
            "secret": self.secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer: dict[str, Any] = self._get("sns/jscode2session", params=params, with_token=False)
        return answer

    def get_phone_number(self, code: str, openid: str) -> dict[str, Any]:
        """Ask /wxa/business/getuserphonenumber; with the openid WeChat checks whose code it is."""
        answer: dict[str, Any] = self._post(
            "wxa/business/getuserphonenumber", data={"code": code, "openid": openid}
        )
        return answer

    def check_text(self, content: str, openid: str) -> dict[str, Any]:
        """Ask /wxa/msg_sec_check, version 2; scene 2 is what people write about something."""
        body = {"content": content, "version": 2, "scene": 2, "openid": openid}
        answer: dict[str, Any] = self._post("wxa/msg_sec_check", data=body)
        return answer

    def check_image(self, media_url: str, openid: str) -> dict[str, Any]:
        """Ask /wxa/media_check_async, version 2; a26 knows the first only. The verdict is pushed.

        Scene 4 is what people write about themselves for others to read.
        """
        answer: dict[str, Any] = self._post(
            "wxa/media_check_async",
            data={
                "media_url": media_url,
                "media_type": 2,
                "version": 2,
                "scene": 4,
                "openid": openid,
            },
        )
        return answer


class MiniProgramClient(WeChatClient):  # type: ignore[misc]  # wechatpy ships no type hints
    """Lives for one operation: it carries that operation's deadline."""

    wxa = Wxa()

    def __init__(
        self,
        settings: Settings,
        tokens: TokenStore,
        transport: Transport,
        *,
        repeat_when_busy: bool,
    ) -> None:
        self._tokens = tokens
        self._transport = transport
        self._repeat_when_busy = repeat_when_busy
        self._deadline = Deadline.within(settings.wechat_deadline_seconds)
        self.appid = settings.wechat_appid
        self.secret = settings.wechat_secret.get_secret_value()

    # `__new__` looks at every member before `__init__` has run, so this must not fail then.
    session = None
    timeout = None
    auto_retry = False

    @property
    def access_token(self) -> str | None:
        """Never used: the loop below asks the token store itself."""
        return None

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> dict[str, Any]:
        """Return WeChat's answer. Raises WechatRefused, WechatUnavailable."""
        url = kwargs.pop("api_base_url", self.API_BASE_URL) + url_or_endpoint
        with_token = kwargs.pop("with_token", True)
        params, body = dict(kwargs.pop("params", {})), _encoded(kwargs.pop("data", None))
        refused, pauses = None, iter(BUSY_PAUSES)
        while True:
            token = self._token(refused) if with_token else None
            sent = params | ({"access_token": token} if token else {})
            answer = self._transport.exchange(method, url, self._deadline, params=sent, data=body)
            errcode = int(answer.get("errcode") or 0)
            if with_token and errcode in STALE_TOKEN and refused is None:
                refused = token  # once: a second refusal is WeChat's trouble, not the token's
                continue
            if errcode == BUSY and self._repeat_when_busy and (pause := next(pauses, None)):
                time.sleep(min(pause, self._deadline.left()))
                continue
            if errcode:
                raise WechatRefused(errcode)
            return answer

    def _token(self, refused: str | None) -> str:
        """Without a token nothing has been asked: what fails here may be tried again."""
        try:
            return self._tokens.token(self._deadline, refused=refused)
        except WechatUnavailable as failure:
            raise WechatNotAsked(failure.problem) from None


def _encoded(data: Any) -> bytes | None:
    return None if data is None else json.dumps(data, ensure_ascii=False).encode()
