"""Short-lived addresses that open one file to whoever holds them."""

import hmac
from datetime import datetime, timedelta

from backend.attachments.models import Attachment
from backend.core import clock
from backend.core.crypto import Crypto

# For a person who has just asked, and for WeChat, which fetches within half an hour.
FOR_PEOPLE, FOR_WECHAT = timedelta(minutes=5), timedelta(hours=2)


def path(keys: Crypto, attachment: Attachment, expires_at: datetime) -> str:
    """Return the address of the bytes below the API's origin."""
    expires = int(expires_at.timestamp())
    signature = _signature(keys, attachment, str(expires))
    return f"/api/v1/attachments/{attachment.id}/content?expires={expires}&signature={signature}"


def opens(keys: Crypto, attachment: Attachment, *, expires: str, signature: str) -> bool:
    """Whether an address is one of ours, unchanged, and still holds."""
    wanted = _signature(keys, attachment, expires)
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        return False
    return clock.now().timestamp() < int(expires)  # signed, so it is a number of ours


def _signature(keys: Crypto, attachment: Attachment, expires: str) -> str:
    signed = f"{attachment.id}:{attachment.storage_key}:{expires}"
    return keys.lookup(signed, purpose="attachment.link")
