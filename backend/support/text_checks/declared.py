"""What a capability declares of the texts it has checked, in its own `kinds.py`."""

import enum
from dataclasses import dataclass

from backend.core.kinds import Kind


class Audience(enum.StrEnum):
    """Who reads the thing, and so who may decide about a text of it that is held.

    `offices`: whoever decides about anything its author has at the community; `community`: the
    community alone, no street; `branch`: a branch's own people, so that nobody outside is asked.
    """

    OFFICES = "offices"
    COMMUNITY = "community"
    BRANCH = "branch"


@dataclass(frozen=True)
class TextKind(Kind):
    """`nameless`: judged without a name, for nobody learns who brought the thing."""

    audience: Audience = Audience.OFFICES
    nameless: bool = False
