"""The kinds of what is checked about branch bodies."""

from backend.support.text_checks.declared import Audience, TextKind

TEXTS = TextKind("branch_bodies.texts", Audience.BRANCH)
