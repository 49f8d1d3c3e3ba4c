"""The link that saves a card: what it claims, that it is short, and who signed it."""

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from passes.errors import InvalidPass
from passes.google.ids import ClassId, ObjectId
from passes.google.save_link import TOKEN_CHARACTERS_MAX, LinkSigner
from tests.passes.google.makers import CLASS_ID, NOW, OBJECT_ID, complaints

KEY = rsa.generate_private_key(65537, 2048)
EMAIL = "passgate@example-project.iam.gserviceaccount.com"
SIGNER = LinkSigner(EMAIL, "0123456789abcdef0123456789abcdef01234567", KEY)


def token() -> str:
    return SIGNER.token(OBJECT_ID, CLASS_ID, NOW)


def part(token: str, index: int) -> dict[str, Any]:
    text = token.split(".")[index]
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return content


def test_the_link_claims_what_google_asks_for() -> None:
    """Issuer, audience, type, whole seconds as a number, origins also when there are none."""
    assert part(token(), 0) == {"alg": "RS256", "kid": SIGNER.key_id, "typ": "JWT"}
    assert part(token(), 1) == {
        "iss": EMAIL,
        "aud": "google",
        "typ": "savetowallet",
        "iat": 1_773_500_966,
        "origins": [],
        "payload": {"loyaltyObjects": [{"id": str(OBJECT_ID), "classId": str(CLASS_ID)}]},
    }
    assert type(part(token(), 1)["iat"]) is int


def test_the_link_is_signed_by_the_service_account() -> None:
    """Its public key verifies the token; what it names is an object Google describes."""
    claims = jwt.decode(
        token(),
        KEY.public_key(),
        algorithms=["RS256"],
        audience="google",
        options={"verify_iat": False},
    )
    (card,) = claims["payload"]["loyaltyObjects"]
    assert complaints("LoyaltyObject", card) == []


def test_sites_with_googles_own_button_are_named() -> None:
    """The button stays away from a site that the token does not name."""
    signed = SIGNER.token(OBJECT_ID, CLASS_ID, NOW, ["https://cards.example.com"])
    assert part(signed, 1)["origins"] == ["https://cards.example.com"]


def test_the_longest_names_still_make_a_link_short_enough() -> None:
    """Browsers cut what is longer; nothing of a card's content is in the link."""
    long = "9" * 20, "x" * 64
    signer = LinkSigner(f"{'a' * 30}@{'b' * 30}.iam.gserviceaccount.com", "f" * 40, KEY)
    assert len(signer.token(ObjectId(*long), ClassId(*long), NOW)) < 1_100
    assert len(token()) < TOKEN_CHARACTERS_MAX


def test_a_link_too_long_is_not_given_out() -> None:
    """A link that fails on some phones is refused on all."""
    with pytest.raises(InvalidPass) as caught:
        SIGNER.token(OBJECT_ID, CLASS_ID, NOW, ["https://cards.example.com"] * 40)
    assert [problem.code for problem in caught.value.problems] == ["link.too-long"]


def test_the_key_stays_out_of_logs() -> None:
    """A signer says who it is and nothing of its key."""
    assert "RSAPrivateKey" not in repr(SIGNER)
