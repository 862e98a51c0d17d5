"""What can go wrong in the domain. Nothing here knows about HTTP."""

from collections.abc import Mapping


class DomainError(Exception):
    """Base class: `code` is for programs and never changes, `message` is for people.

    `keeps` says that what was written before the refusal stays: the refusal is itself the answer
    to a request that changed something (an application put into the secretary's queue).
    """

    keeps = False

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class NotFound(DomainError):
    """The thing does not exist, or the actor may not know that it does."""


class Forbidden(DomainError):
    """The actor may see the thing but not do this to it."""


class Conflict(DomainError):
    """The request was fine, the state of the thing does not allow it (any more)."""


class Stale(DomainError):
    """Somebody else saved in between: what was sent belongs to an older version."""


class VersionRequired(DomainError):
    """Two may edit the thing, so that whoever saves must name the version that was read."""


class Invalid(DomainError):
    """A value is wrong in a way only the domain can know; `field` names it."""

    def __init__(self, field: str, message: str, *, code: str = "invalid_input") -> None:
        super().__init__(code, message)
        self.field = field


class InvalidParts(Invalid):
    """Several values are wrong at once: `problems` says what of each, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        field, message = next(iter(problems.items()))
        super().__init__(field, message)
        self.problems = dict(problems)


class TooLarge(DomainError):
    """What was sent is larger than this kind of thing may be."""


class Unauthenticated(DomainError):
    """Nobody is signed in, or what was shown as proof is not valid."""


class TooFast(DomainError):
    """The same was asked too often lately; later it is answered again."""

    def __init__(self, code: str, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(code, message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(DomainError):
    """An outside service did not answer in time; the same request may succeed later."""

    def __init__(self, code: str, message: str, *, retry_after_seconds: int = 5) -> None:
        super().__init__(code, message)
        self.retry_after_seconds = retry_after_seconds
