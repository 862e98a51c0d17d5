"""What may happen to a WeChat message and to a reminder."""

from backend.core.states import Machine, Transition
from backend.support.notifications.models import MessageStatus as M
from backend.support.notifications.models import ReminderStatus as R

WORKER, WECHAT, SERVICE = "worker", "push from WeChat", "the capability it is about"

SUBSCRIPTION_MESSAGE = Machine(
    "subscription_message",
    [
        Transition(M.QUEUED, "take", M.SENDING, WORKER, "consent, template, fields; committed"),
        Transition(M.QUEUED, "give_up", M.FAILED, WORKER, "one of these is missing, or too late"),
        Transition(M.QUEUED, "lack_grant", M.REFUSED, WORKER, "known to be refused: not asked"),
        Transition(M.SENDING, "arrive", M.SENT, WORKER, "WeChat took it"),
        Transition(M.SENDING, "refuse", M.REFUSED, WORKER, "WeChat refused it"),
        Transition(M.SENDING, "postpone", M.QUEUED, WORKER, "certainly not sent"),
        Transition(M.SENDING, "give_up", M.FAILED, WORKER, "certainly not sent, once too often"),
        Transition(M.SENDING, "lose_track", M.UNKNOWN, WORKER, "it may have arrived: never again"),
        Transition(M.SENDING, "report_arrived", M.SENT, WECHAT),
        Transition(M.SENDING, "report_failed", M.FAILED, WECHAT),
        Transition(M.UNKNOWN, "report_arrived", M.SENT, WECHAT),
        Transition(M.UNKNOWN, "report_failed", M.FAILED, WECHAT),
        Transition(M.SENT, "report_failed", M.FAILED, WECHAT, "WeChat could not deliver it"),
    ],
)

REMINDER = Machine(
    "reminder",
    [
        Transition(R.PLANNED, "send", R.SENT, WORKER, "due, outside the quiet hours"),
        Transition(R.PLANNED, "drop", R.DROPPED, SERVICE, "cancelled, withdrawn, decided or past"),
    ],
)
