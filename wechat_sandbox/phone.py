"""Phone numbers, by the code of the button `getPhoneNumber`.

Such a code is not a login code, works once and for five minutes, and needs no login before it. With
an `openid` in the request, WeChat refuses a code that another user was given.
"""

from flask import Blueprint, Response

from wechat_sandbox.answers import Refusal, body, done, text
from wechat_sandbox.login import spend
from wechat_sandbox.state import LOCK, Code, state

blueprint = Blueprint("phone", __name__)


@blueprint.post("/wxa/business/getuserphonenumber")
def phone_number() -> Response:
    given = body()
    name, openid = text(given, "code"), text(given, "openid")
    with LOCK:
        code = state().phones.get(name)
        # A used one is answered like one that never was; the demo's belong to whoever comes.
        if code is None or (code.used and not code.reusable):
            raise Refusal(40029)
        if openid and code.openid and openid != code.openid:
            raise Refusal(40029)
        return done(phone_info=_info(spend(code)))


def _info(code: Code) -> dict[str, object]:
    """Numbers from abroad carry their country code in `phoneNumber` only."""
    abroad = code.country != "86"
    return {
        "phoneNumber": f"+{code.country}{code.phone}" if abroad else code.phone,
        "purePhoneNumber": code.phone,
        "countryCode": code.country,
        "watermark": {"timestamp": int(state().now()), "appid": state().appid},
    }
