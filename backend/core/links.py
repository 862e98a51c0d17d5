"""Short-lived addresses: whoever holds one may open it until it ends."""

import hmac
from datetime import datetime

from backend.core import clock
from backend.core.crypto import Crypto


def query(keys: Crypto, what: str, expires_at: datetime, *, purpose: str) -> str:
    """Return the query string that opens `what`, a text that names it and nothing else."""
    expires = int(expires_at.timestamp())
    signature = _signature(keys, what, str(expires), purpose)
    return f"expires={expires}&signature={signature}"


def opens(keys: Crypto, what: str, *, expires: str, signature: str, purpose: str) -> bool:
    """Say whether a query is one of ours for `what`, unchanged, and still holds."""
    wanted = _signature(keys, what, expires, purpose)
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        return False
    return clock.now().timestamp() < int(expires)  # signed, so it is a number of ours


def _signature(keys: Crypto, what: str, expires: str, purpose: str) -> str:
    return keys.lookup(f"{what}:{expires}", purpose=purpose)
