"""Encryption of single columns, and keyed hashes to find what is encrypted (trust 9, domain 5.5).

A sealed value is ``algorithm byte | key number byte | 12-byte nonce | AES-256-GCM ciphertext``. The place of the value
(table, column and row) is authenticated with it: a ciphertext that is moved to another row does not open.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

AES_256_GCM = 1
NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value was made with another key, for another row, or is damaged."""


@lru_cache
def _keys() -> dict[int, bytes]:
    keys = {number: bytes.fromhex(key) for number, key in settings.UNIONOPS_DATA_KEYS.items()}
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise CannotOpen("UNIONOPS_DATA_KEYS holds no 32-byte keys")
    return keys


def seal(text: str, *, place: str) -> bytes:
    number = max(_keys())
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_keys()[number]).encrypt(nonce, text.encode(), place.encode())
    return bytes([AES_256_GCM, number]) + nonce + sealed


def unseal(sealed: bytes | memoryview, *, place: str) -> str:
    data = bytes(sealed)
    if len(data) < 2 + NONCE_BYTES or data[0] != AES_256_GCM or data[1] not in _keys():
        raise CannotOpen(place)
    try:
        cipher = AESGCM(_keys()[data[1]])
        return cipher.decrypt(data[2 : 2 + NONCE_BYTES], data[2 + NONCE_BYTES :], place.encode()).decode()
    except InvalidTag as error:
        raise CannotOpen(place) from error


def blind_index(text: str) -> str:
    """Return the keyed hash under which a sealed value can be found again, 64 hexadecimal digits."""
    key = bytes.fromhex(settings.UNIONOPS_INDEX_KEY)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
