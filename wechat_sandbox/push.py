"""WeChat's message push in safe mode: encrypted, signed, three tries of five seconds each."""

import base64
import hashlib
import json
import os
import secrets
import struct
import urllib.error
import urllib.parse
import urllib.request
from typing import Any
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wechat_sandbox.state import state

TRIES, SECONDS = 3, 5
BLOCK = 32
ACCOUNT = "gh_sandbox"


def event(name: str, openid: str, **values: Any) -> dict[str, Any]:
    return {
        "ToUserName": ACCOUNT,
        "FromUserName": openid,
        "CreateTime": int(state().now()),
        "MsgType": "event",
        "Event": name,
        **values,
    }


def deliver(message: dict[str, Any], *, as_xml: bool = False, bad_signature: bool = False) -> int:
    """Push until the product answers 2xx; return the last status, 0 when nobody answered."""
    plain = _xml(message) if as_xml else json.dumps(message, ensure_ascii=False)
    sealed = encrypt(plain.encode())
    query = _query(sealed, str(message["FromUserName"]), bad_signature=bad_signature)
    body = (
        f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
        if as_xml
        else json.dumps({"ToUserName": ACCOUNT, "Encrypt": sealed})
    )
    kind = "text/xml" if as_xml else "application/json"
    status = 0
    for _ in range(TRIES):
        status = _post(f"{state().push_url}?{query}", body.encode(), kind)
        if 200 <= status < 300:
            break
    return status


def encrypt(plain: bytes) -> str:
    """16 random bytes, length, message, appid; PKCS7 to 32; AES-256-CBC with the key as IV."""
    key = base64.b64decode(state().push_key + "=")
    framed = os.urandom(16) + struct.pack(">I", len(plain)) + plain + state().appid.encode()
    padding = BLOCK - len(framed) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = encryptor.update(framed + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def _query(sealed: str, openid: str, *, bad_signature: bool) -> str:
    stamp, nonce = str(int(state().now())), str(secrets.randbits(31))
    signature = "0" * 40 if bad_signature else sign(state().push_token, stamp, nonce, sealed)
    return urllib.parse.urlencode(
        {
            "signature": sign(state().push_token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "openid": openid,
            "encrypt_type": "aes",
            "msg_signature": signature,
        }
    )


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  # WeChat's choice


def _post(url: str, body: bytes, kind: str) -> int:
    # The address is checked to be on this machine when it is set.
    asked = urllib.request.Request(url, body, {"Content-Type": kind})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _xml(message: dict[str, Any]) -> str:
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in message.items())
    return f"<xml>{inner}</xml>"
