"""The stand-in's token endpoint is as strict as Google's."""

import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.google.accounts import Accounts
from sandbox.google.refusals import ApiRefusal
from sandbox.google.tokens import AUDIENCE, GRANT_TYPE, SCOPE, AssertionRefused, Tokens
from tests.googles import EMAIL, ISSUER, make_key_file

KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
NOW = int(time.time())
GOOD = {"iss": EMAIL, "aud": AUDIENCE, "scope": SCOPE, "iat": NOW, "exp": NOW + 3_600}


def make_form(key: rsa.RSAPrivateKey = KEY, **changes: object) -> dict[str, str]:
    """Make a token request that is right but for what is changed."""
    assertion = jwt.encode(GOOD | changes, key, algorithm="RS256")
    return {"grant_type": GRANT_TYPE, "assertion": assertion}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    """Know one account."""
    make_key_file(tmp_path, "http://127.0.0.1:1", key=KEY)
    return Tokens(Accounts(tmp_path), time.time)


def test_a_right_assertion_gives_a_token_of_that_account(tokens: Tokens) -> None:
    """The token says who calls until it is taken back."""
    token = tokens.give(make_form())["access_token"]

    assert tokens.account(f"Bearer {token}").issuer_id == ISSUER
    tokens.revoke()
    with pytest.raises(ApiRefusal):
        tokens.account(f"Bearer {token}")


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": GRANT_TYPE, "assertion": "nonsense"}, "invalid_grant"),
        (make_form(iss="nobody"), "invalid_grant"),
        (make_form(aud="https://example.com"), "invalid_grant"),
        (make_form(exp=NOW - 60), "invalid_grant"),
        (make_form(exp=NOW + 7_200), "invalid_grant"),
        (make_form(scope="email"), "invalid_scope"),
        (make_form(rsa.generate_private_key(65_537, 2_048)), "invalid_grant"),
    ],
)
def test_a_wrong_assertion_is_refused_in_oauths_words(
    tokens: Tokens, form: dict[str, str], reason: str
) -> None:
    """One mistake each."""
    with pytest.raises(AssertionRefused, match=reason):
        tokens.give(form)
    assert tokens.given == 0
