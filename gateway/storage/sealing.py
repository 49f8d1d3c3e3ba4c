"""Sealing: AES-256-GCM over a few bytes, bound to whom they belong to."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_FORMAT = b"\x01"


def seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """Return `plain` sealed; it opens with the same key and `bound` only.

    https://csrc.nist.gov/pubs/sp/800/38/d/final
    """
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, bound)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Return what was sealed; raises cryptography's `InvalidTag` when anything was changed."""
    start = len(_FORMAT)
    nonce = sealed[start : start + _NONCE_BYTES]
    return AESGCM(key).decrypt(nonce, sealed[start + _NONCE_BYTES :], bound)
