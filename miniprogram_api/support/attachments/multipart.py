"""Which files may be attached, and what comes beside one."""

from backend.support.attachments.content import LARGEST_DOCUMENT, too_large
from miniprogram_api import multipart

# What people call it: WeChat sends its own made-up name of the temporary file.
NAME = "name"
ACCEPTED = (
    "image/jpeg, image/png, image/webp, application/pdf, application/msword, "
    "application/vnd.ms-excel, application/vnd.ms-powerpoint, "
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document, "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, "
    "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)
BODY = multipart.body(ACCEPTED, {NAME: {"type": "string", "maxLength": 200}}, [])


def read_file() -> tuple[str, bytes]:
    """Return name and bytes of the one file. Raises TooLarge, BadRequest, and 422."""
    sent = multipart.read(LARGEST_DOCUMENT, too_large(), (NAME,))
    return sent.words.get(NAME) or sent.name, sent.data
