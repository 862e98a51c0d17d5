"""The push's safe mode: AES-256-CBC with the key's first half as IV, and a SHA-1 signature.

Plain text: 16 random bytes, length (4 bytes, big endian), message, appid; PKCS7 to blocks of 32.
`signature` covers token, timestamp and nonce; only `msg_signature` covers the encrypted text too.
"""

import base64
import hashlib
import os
import re
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


def is_key(key: str) -> bool:
    """Return whether `key` is an EncodingAESKey: base64 of 32 bytes without its last `=`."""
    return re.fullmatch(r"[A-Za-z0-9]{43}", key) is not None


def encrypt(plain: bytes, key: str, appid: str) -> str:
    """Return base64 of the encrypted message."""
    secret = base64.b64decode(key + "=")
    framed = os.urandom(16) + struct.pack(">I", len(plain)) + plain + appid.encode()
    padding = BLOCK - len(framed) % BLOCK
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    sealed = encryptor.update(framed + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  # WeChat's choice
