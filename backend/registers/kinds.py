"""The kinds of what is checked in registers."""

from backend.support.text_checks.declared import Audience, TextKind

TEXTS = TextKind("registers.texts", Audience.OFFICES)
