"""Signing secrets at rest."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag

from gateway.domain.webhooks import SigningSecrets
from gateway.storage.events.signing_safe import SigningSafe

SAFE = SigningSafe(b"k" * 32)
SECRETS = SigningSecrets(current=b"n" * 32).rotated(b"m" * 32, datetime(2026, 11, 21, tzinfo=UTC))


def test_secrets_open_as_they_were_sealed() -> None:
    """Both of them, and neither can be read in the row or seen in a log."""
    merchant, endpoint = uuid4(), uuid4()

    sealed = SAFE.seal(SECRETS, merchant, endpoint)

    assert SAFE.open(sealed, merchant, endpoint) == SECRETS
    assert sealed.old is not None
    assert b"m" * 8 not in sealed.current
    assert b"n" * 8 not in sealed.old
    assert "m" * 8 not in repr(SECRETS)
    assert repr(sealed.current) not in repr(sealed)


def test_secrets_open_for_their_own_endpoint_only() -> None:
    """Another endpoint, another merchant, another key or a changed byte open nothing."""
    merchant, endpoint = uuid4(), uuid4()
    sealed = SAFE.seal(SECRETS, merchant, endpoint)
    changed = replace(sealed, current=sealed.current[:-1] + bytes([sealed.current[-1] ^ 1]))

    for safe, row, owner, place in (
        (SAFE, sealed, merchant, uuid4()),
        (SAFE, sealed, uuid4(), endpoint),
        (SAFE, changed, merchant, endpoint),
        (SigningSafe(b"j" * 32), sealed, merchant, endpoint),
    ):
        with pytest.raises(InvalidTag):
            safe.open(row, owner, place)
