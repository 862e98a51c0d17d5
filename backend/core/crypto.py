"""Encrypted columns and keyed hashes. Keys come from the settings, never from the database."""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from backend.core.settings import CipherSuite, Settings

_NONCE, _TAG = 12, 16
_SUITES = {CipherSuite.AES_256_GCM: "a", CipherSuite.SM4_GCM: "s"}


class DecryptionFailed(Exception):
    """The value was not encrypted with a key we hold, or has been changed."""


@dataclass(frozen=True)
class Crypto:
    """Encrypts with the first key and decrypts with any; `purpose` binds a value to its column."""

    keys: dict[str, bytes]
    lookup_key: bytes
    suite: CipherSuite

    def encrypt(self, value: str, *, purpose: str) -> str:
        """Return `suite.key_id.base64(nonce + ciphertext + tag)`."""
        key_id, key = next(iter(self.keys.items()))
        mark, nonce = _SUITES[self.suite], os.urandom(_NONCE)
        encryptor = Cipher(_algorithm(mark, key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(f"{purpose}.{key_id}".encode())
        sealed = encryptor.update(value.encode()) + encryptor.finalize()
        return f"{mark}.{key_id}.{base64.b64encode(nonce + sealed + encryptor.tag).decode()}"

    def decrypt(self, value: str, *, purpose: str) -> str:
        """Undo `encrypt`; raises DecryptionFailed."""
        try:
            mark, key_id, encoded = value.split(".")
            raw, key = base64.b64decode(encoded, validate=True), self.keys[key_id]
            mode = modes.GCM(raw[:_NONCE], raw[-_TAG:])
            decryptor = Cipher(_algorithm(mark, key), mode).decryptor()
            decryptor.authenticate_additional_data(f"{purpose}.{key_id}".encode())
            opened = decryptor.update(raw[_NONCE:-_TAG]) + decryptor.finalize()
        except (ValueError, KeyError, InvalidTag):
            raise DecryptionFailed(purpose) from None
        return opened.decode()

    def lookup(self, value: str, *, purpose: str) -> str:
        """Return the keyed hash (64 hex digits) under which `value` is found."""
        message = f"{purpose}:{value}".encode()
        return hmac.new(self.lookup_key, message, hashlib.sha256).hexdigest()


def _algorithm(mark: str, key: bytes) -> algorithms.AES | algorithms.SM4:
    if mark == _SUITES[CipherSuite.AES_256_GCM]:
        return algorithms.AES(key)
    # SM4 takes 128 bits: derive them, so that one key never serves two ciphers.
    return algorithms.SM4(hashlib.sha256(b"sm4-gcm:" + key).digest()[:16])


def from_settings(settings: Settings) -> Crypto:
    """Read the keys from settings. Raises ValueError when one is not base64 of 32 bytes."""
    keys = {}
    for entry in settings.field_keys.get_secret_value().split(","):
        key_id, _, encoded = entry.strip().partition(":")
        keys[key_id] = _key(encoded)
    return Crypto(keys, _key(settings.lookup_key.get_secret_value()), settings.field_cipher)


def _key(encoded: str) -> bytes:
    key = base64.b64decode(encoded, validate=True)
    if len(key) != 32:
        raise ValueError("a key must be base64 of 32 bytes")
    return key


def new_token() -> str:
    """Return an opaque random token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
