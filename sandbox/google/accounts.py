"""The service accounts Google would know, and the issuers each is a user of."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

FILE = "service-account.json"
DEVELOPMENT_ISSUER = "3388000000012345678"
DEVELOPMENT_EMAIL = "wallet@passgate.dev.example"
KEY_BITS = 2_048


@dataclass(frozen=True, slots=True)
class Account:
    """A service account: its address, the public half of its key and an issuer it may write."""

    email: str
    issuer_id: str
    public_key: RSAPublicKey


class Accounts:
    """Reads the same folder as the gateway, so that a new key is known to both at once."""

    def __init__(self, folder: Path) -> None:
        """Take the folder with one sub-folder per issuer id."""
        self._folder = folder
        self._read: dict[Path, tuple[bytes, Account]] = {}

    def of(self, email: str) -> Account | None:
        """Return the account with this address, as its file is now."""
        for path in sorted(self._folder.glob(f"*/{FILE}")):
            account = self._account(path)
            if account.email == email:
                return account
        return None

    def _account(self, path: Path) -> Account:
        content = path.read_bytes()
        if path not in self._read or self._read[path][0] != content:
            info = json.loads(content)
            private = load_pem_private_key(info["private_key"].encode(), None)
            public = cast("RSAPublicKey", private.public_key())
            self._read[path] = content, Account(info["client_email"], path.parent.name, public)
        return self._read[path][1]


def write_development_account(folder: Path, token_uri: str) -> None:
    """Write a service account as Google's console does; its key is drawn once and kept."""
    path = folder / DEVELOPMENT_ISSUER / FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = json.loads(path.read_bytes()) if path.exists() else _drawn()
    path.touch(mode=0o600)
    path.write_text(json.dumps({**kept, "token_uri": token_uri}))


def _drawn() -> dict[str, str]:
    key = generate_private_key(public_exponent=65_537, key_size=KEY_BITS)
    return {
        "type": "service_account",
        "project_id": "passgate-development",
        "private_key_id": "development",
        "private_key": key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode(),
        "client_email": DEVELOPMENT_EMAIL,
    }
