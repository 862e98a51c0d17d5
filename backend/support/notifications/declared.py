"""What a capability declares of its news and its reminders, in its own `kinds.py`."""

from dataclasses import dataclass

from backend.core.kinds import Kind
from backend.support.notifications.templates import Template


@dataclass(frozen=True)
class NewsKind(Kind):
    """`template` is the message by which WeChat repeats such news; without one the inbox alone has
    them."""

    template: Template | None = None


@dataclass(frozen=True)
class ReminderKind(Kind):
    """Whom it concerns, the capability's `reminders.HANDLERS` say when it is due."""
