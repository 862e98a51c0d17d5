"""Whether it was proven lately that it is they who sit at a console: asked before rights are given
and before anything is exported."""

from datetime import timedelta

from backend.core import clock
from backend.core.actor import Actor, SessionKind
from backend.core.errors import Forbidden

LASTS = timedelta(minutes=10)


def recently_proven(actor: Actor) -> bool:
    """Say whether the actor signed in, or proved it again, within LASTS; a phone is its owner's."""
    if actor.via is SessionKind.PHONE:
        return True
    now = clock.now()
    return now - LASTS < actor.proven_at <= now


def require(actor: Actor) -> None:
    """Refuse whoever has not proven it lately. Raises Forbidden `reauthentication_required`."""
    if not recently_proven(actor):
        raise Forbidden("reauthentication_required", "此操作须再次验证身份，请验证后重试。")
