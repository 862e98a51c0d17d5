"""Who signs in at a console by scanning: a member with an office, on the phone."""

from backend.core.actor import Actor, SessionKind
from backend.core.errors import Forbidden


def check_may_sign_in(actor: Actor) -> None:
    """Refuse whoever holds no office today, and whoever is not on the phone. Raises Forbidden."""
    actor.as_member()
    if actor.via is not SessionKind.PHONE:
        raise Forbidden("phone_required", "请用手机上的小程序扫码确认。")
    if not actor.grants:
        raise Forbidden("no_office", "您目前没有任职，不能登录电脑端。")
