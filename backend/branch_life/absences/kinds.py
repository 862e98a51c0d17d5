"""The kinds of what is told about long absence."""

from backend.support.notifications.declared import NewsKind

ALERT = NewsKind("absences.alert")
