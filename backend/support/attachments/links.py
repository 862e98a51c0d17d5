"""Short-lived addresses that open one file to whoever holds them."""

from datetime import datetime, timedelta

from backend.core import links
from backend.core.crypto import Crypto
from backend.support.attachments.models import Attachment

# For a person who has just asked, and for WeChat, which fetches within half an hour.
FOR_PEOPLE, FOR_WECHAT = timedelta(minutes=5), timedelta(hours=2)
PURPOSE = "attachment.link"


def path(keys: Crypto, attachment: Attachment, expires_at: datetime) -> str:
    """Return the address of the bytes below the API's origin."""
    query = links.query(keys, _named(attachment), expires_at, purpose=PURPOSE)
    return f"/api/v1/attachments/{attachment.id}/content?{query}"


def opens(keys: Crypto, attachment: Attachment, *, expires: str, signature: str) -> bool:
    """Say whether an address is one of ours, unchanged, and still holds."""
    what = _named(attachment)
    return links.opens(keys, what, expires=expires, signature=signature, purpose=PURPOSE)


def _named(attachment: Attachment) -> str:
    return f"{attachment.id}:{attachment.storage_key}"
