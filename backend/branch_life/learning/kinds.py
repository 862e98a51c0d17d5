"""The kinds of what is checked and attached about learning."""

from backend.support.attachments.declared import FileKind
from backend.support.text_checks.declared import Audience, TextKind

TEXTS = TextKind("learning.texts", Audience.BRANCH)
FILES = FileKind("learning.files", of_branch=True)
