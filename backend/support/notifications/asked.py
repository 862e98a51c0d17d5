"""What the app reports when it has asked leave for messages, and what is still granted."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor
from backend.core.settings import Settings
from backend.support.notifications import grants as ledger
from backend.support.notifications.models import GrantReason
from backend.support.notifications.templates import TITLES, Template, all_configured, configured

# `acceptWithAudio` and its like are ways of accepting.
ACCEPTED = "accept"


@dataclass(frozen=True)
class Granted:
    """A message somebody may let WeChat pass on. `id` is WeChat's id of the template."""

    template: Template
    id: str
    title: str
    balance: int


@dataclass(frozen=True)
class Answered:
    """What somebody answered to one of WeChat's questions."""

    template: Template
    answer: str


def grants(session: Session, settings: Settings, *, actor: Actor) -> list[Granted]:
    """Return every configured template with the actor's balance; two statements at most."""
    balances = ledger.balances(session, actor.account_id)
    return [
        Granted(found.template, found.id, TITLES[found.template], balances.get(found.id, 0))
        for found in all_configured(settings)
    ]


def report(
    session: Session,
    settings: Settings,
    *,
    actor: Actor,
    answers: Iterable[Answered],
) -> None:
    """Note which questions were accepted. One template at WeChat counts once, by whatever names."""
    accepted = (one.template for one in answers if one.answer.startswith(ACCEPTED))
    ids = {found.id for template in accepted if (found := configured(settings, template))}
    for template_id in sorted(ids):  # in one order, so that two reports never cross
        ledger.accept(session, actor.account_id, template_id, GrantReason.REPORTED, clock.now())
