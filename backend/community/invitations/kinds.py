"""The kinds of what is told about invitations."""

from backend.support.notifications.declared import NewsKind
from backend.support.notifications.templates import Template

INVITED = NewsKind("invitations.invited", Template.INVITATION)
