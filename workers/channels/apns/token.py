"""The provider token of .p8 authentication: one per key, minted rarely, shared by everyone."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from workers.channels.apns.credentials import TokenKey
from workers.channels.apns.request import authorization_header

# Apple takes a token for an hour and a new one at most every 20 minutes.
TOKEN_SECONDS = 40 * 60
COORDINATE_BYTES = 32


class ProviderToken:
    """Mints one token per 40 minutes of wall-clock time, the same in every process.

    The issue time is rounded down to the window and the ECDSA signature is deterministic
    (RFC 6979), so that several workers together still show Apple one token per window.
    https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
    """

    def __init__(self, key: TokenKey, clock: Callable[[], float]) -> None:
        """Parse the key once; `clock` tells seconds since the epoch. Raises ValueError."""
        private_key = load_pem_private_key(key.private_key_pem, None)
        if not isinstance(private_key, ec.EllipticCurvePrivateKey):
            message = "an APNs key is a P-256 key"
            raise ValueError(message)  # noqa: TRY004 - a wrong value, whatever its type
        self._private_key = private_key
        self._key = key
        self._clock = clock
        self._window = -1
        self._header = b""

    def header(self) -> bytes:
        """Give the encoded `authorization` header that is valid now."""
        window = int(self._clock() // TOKEN_SECONDS)
        if window != self._window:
            self._window = window
            self._header = authorization_header(self._mint(window * TOKEN_SECONDS))
        return self._header

    def _mint(self, issued_at: int) -> str:
        """Sign a JWT with ES256 (RFC 7515 §3.1)."""
        head = _part({"alg": "ES256", "kid": self._key.key_id})
        claims = _part({"iss": self._key.team_id, "iat": issued_at})
        signed = head + b"." + claims
        algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(self._private_key.sign(signed, algorithm))
        signature = r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)
        return (signed + b"." + _encoded(signature)).decode("ascii")


def _part(value: dict[str, str | int]) -> bytes:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
