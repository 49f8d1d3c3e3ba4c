"""Access tokens: ES256 JWTs of our own making, by RFC 9068, checked as RFC 8725 advises."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)

from gateway.domain.errors import NotSignedIn

ALGORITHM = "ES256"
TYPE = "at+jwt"
LIFETIME = timedelta(minutes=10)
CLOCK_SKEW = timedelta(seconds=60)
TOKEN_CHARACTERS_MAX = 2048
HEADER_FIELDS = frozenset({"alg", "kid", "typ"})
COORDINATE_BYTES = 32


class AccessToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The claims of a token; times are seconds since 1970."""

    iss: str
    aud: str
    sub: UUID
    merchant: UUID
    scope: str
    iat: int
    exp: int

    @property
    def scopes(self) -> frozenset[str]:
        """What the token allows, as a set."""
        return frozenset(self.scope.split())


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key we sign with, and all whose signatures we believe, by key id."""

    signing: EllipticCurvePrivateKey
    trusted: Mapping[str, EllipticCurvePublicKey]

    @property
    def key_id(self) -> str:
        """The id of the signing key."""
        return thumbprint(self.signing.public_key())

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys as a JWK set (RFC 7517)."""
        keys = [
            _jwk(key) | {"kid": key_id, "use": "sig", "alg": ALGORITHM}
            for key_id, key in self.trusted.items()
        ]
        return {"keys": keys}


def signing_key(seed: bytes) -> EllipticCurvePrivateKey:
    """Derive the signing key from 32 secret bytes, so that every process has the same.

    Reducing 256 bits leaves a bias of 2^-32, as the order of P-256 begins with 32 one-bits.
    """
    scalar = int.from_bytes(seed) % (SECP256R1.group_order - 1) + 1
    return derive_private_key(scalar, SECP256R1())


def key_ring(signing: EllipticCurvePrivateKey, *older: EllipticCurvePublicKey) -> KeyRing:
    """Make a ring that signs with one key and believes `older` ones until they rotate out."""
    public = [signing.public_key(), *older]
    assert all(isinstance(key.curve, SECP256R1) for key in public), "ES256 means P-256"
    return KeyRing(signing, {thumbprint(key): key for key in public})


@dataclass(frozen=True, slots=True)
class Mint:
    """Issues and verifies the tokens of one issuer for one audience."""

    keys: KeyRing
    issuer: str
    audience: str

    def issue(
        self, *, subject: UUID, merchant_id: UUID, scopes: frozenset[str], now: datetime
    ) -> str:
        """Make a token that is valid for `LIFETIME`."""
        issued_at = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(subject),
            "merchant": str(merchant_id),
            "scope": " ".join(sorted(scopes)),
            "iat": issued_at,
            "exp": issued_at + int(LIFETIME.total_seconds()),
        }
        header = {"typ": TYPE, "kid": self.keys.key_id}
        return jwt.encode(claims, self.keys.signing, algorithm=ALGORITHM, headers=header)

    def verify(self, token: str, now: datetime) -> AccessToken:
        """Return the claims of a token that is ours and current; raises NotSignedIn otherwise."""
        if len(token) > TOKEN_CHARACTERS_MAX or not token.isascii():
            raise NotSignedIn
        try:
            claims = self._claims(token)
            access = msgspec.convert(claims, AccessToken)
        except (jwt.PyJWTError, msgspec.ValidationError):
            raise NotSignedIn from None
        if not _is_current(access, now):
            raise NotSignedIn
        return access

    def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        key = self.keys.trusted.get(str(header.get("kid")))
        # PyJWT accepts any `typ`, and a header that names its own key asks us to fetch it.
        if key is None or header.get("typ") != TYPE or header.keys() - HEADER_FIELDS:
            raise jwt.InvalidTokenError
        # Times are compared with our own clock afterwards: PyJWT would read the system's.
        return jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=self.audience,
            issuer=self.issuer,
            options={
                "require": ["iss", "aud", "sub", "iat", "exp"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )


def _is_current(access: AccessToken, now: datetime) -> bool:
    moment, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
    lives = access.exp - access.iat
    return access.iat - skew <= moment < access.exp and 0 < lives <= LIFETIME.total_seconds()


def thumbprint(key: EllipticCurvePublicKey) -> str:
    """Name a key by its content (RFC 7638)."""
    canonical = json.dumps(_jwk(key), sort_keys=True, separators=(",", ":"))
    return _base64url(hashlib.sha256(canonical.encode()).digest())


def _jwk(key: EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": _base64url(numbers.x.to_bytes(COORDINATE_BYTES)),
        "y": _base64url(numbers.y.to_bytes(COORDINATE_BYTES)),
    }


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
