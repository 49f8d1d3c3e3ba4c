"""Makers for tests with Google Wallet: service accounts, and bodies Google takes."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ISSUER = "3388000000012345678"
CLASS_ID = f"{ISSUER}.p1"
OBJECT_ID = f"{ISSUER}.card1"
EMAIL = "wallet@example.iam.gserviceaccount.com"
_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def make_key_file(
    folder: Path, url: str, issuer: str = ISSUER, key: rsa.RSAPrivateKey = _KEY
) -> Path:
    """Write a service account as Google's console does, whose tokens come from `url`."""
    path = folder / issuer / "service-account.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    content = {
        "type": "service_account",
        "client_email": EMAIL,
        "private_key_id": "key-1",
        "private_key": pem,
        "token_uri": f"{url}/token",
    }
    path.write_text(json.dumps(content))
    return path


def make_class(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Make the body of a class that is right but for what is changed."""
    return {
        "id": CLASS_ID,
        "issuerName": "Corner Café",
        "programName": "Coffee card",
        "programLogo": {"sourceUri": {"uri": "https://example.com/logo.png"}},
        "reviewStatus": "UNDER_REVIEW",
    } | changes


def make_object(stamps: int = 3, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Make the body of an object with so many stamps, right but for what is changed."""
    return {
        "id": OBJECT_ID,
        "classId": CLASS_ID,
        "state": "ACTIVE",
        "loyaltyPoints": {"label": "Stamps", "balance": {"int": stamps}},
        "barcode": {"type": "QR_CODE", "value": "PG1-1234"},
    } | changes


def make_message(name: str = "m1", **changes: str) -> dict[str, str]:
    """Make a message with an id."""
    return {"id": name, "header": "Hello", "body": "Two stamps to go"} | changes
