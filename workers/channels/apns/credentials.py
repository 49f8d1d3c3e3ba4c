"""Who we are to APNs: the pass type's own certificate, or a token signed with a team's key."""

import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """The Pass Type ID certificate that also signs the passes, and its key, both PEM."""

    certificate_pem: bytes
    private_key_pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A team's .p8 key; reaches the pass types of that team only."""

    team_id: str
    key_id: str
    private_key_pem: bytes = field(repr=False)


Credentials = ClientCertificate | TokenKey


def client_context(credentials: Credentials, trusted_roots_pem: bytes | None) -> ssl.SSLContext:
    """Build the TLS context of a pool; without roots of its own it trusts the system's.

    Raises ValueError (or ssl.SSLError, an OSError) when certificate and key cannot be used.
    """
    roots = None if trusted_roots_pem is None else trusted_roots_pem.decode("ascii")
    context = ssl.create_default_context(cadata=roots)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2"])
    if isinstance(credentials, ClientCertificate):
        _load(context, credentials)
    return context


def _load(context: ssl.SSLContext, credentials: ClientCertificate) -> None:
    """Load the pair through a file, as the ssl module demands; the key lies there encrypted."""
    password = secrets.token_urlsafe()
    key = load_pem_private_key(credentials.private_key_pem, None)
    sealed = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "identity.pem")
        path.write_bytes(credentials.certificate_pem.rstrip() + b"\n" + sealed)
        context.load_cert_chain(path, password=password)
