"""Access tokens: ours are believed, everything that looks like one is not."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.domain.errors import NotSignedIn
from gateway.web.identity import token_cache
from gateway.web.identity.token_cache import TokenCache
from gateway.web.identity.tokens import LIFETIME, Mint, key_ring, signing_key, thumbprint
from tests.web.doors import MERCHANT, NOW, PERSON, Client

SCOPES = frozenset({"stamps:write", "cards:read"})


def issue(mint: Mint) -> str:
    return mint.issue(subject=PERSON, merchant_id=MERCHANT, scopes=SCOPES, now=NOW)


def forge(
    mint: Mint,
    *,
    header: Mapping[str, object] = MappingProxyType({}),
    claims: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """Sign with the right key, but say something else; a claim of None is left out."""
    honest = jwt.decode(issue(mint), options={"verify_signature": False})
    said = {name: value for name, value in {**honest, **claims}.items() if value is not None}
    fields = {"typ": "at+jwt", "kid": mint.keys.key_id, **header}
    return jwt.encode(said, mint.keys.signing, algorithm="ES256", headers=fields)


def test_our_own_token_is_believed(mint: Mint) -> None:
    """Subject, merchant and scopes come back."""
    access = mint.verify(issue(mint), NOW)

    assert (access.sub, access.merchant, access.scopes) == (PERSON, MERCHANT, SCOPES)


def test_a_token_of_the_older_key_is_believed_while_keys_rotate(mint: Mint) -> None:
    """A new signing key does not sign anybody out."""
    newer = key_ring(ec.generate_private_key(ec.SECP256R1()), mint.keys.signing.public_key())
    rotated = Mint(newer, mint.issuer, mint.audience)

    assert rotated.verify(issue(mint), NOW).sub == PERSON


def test_a1_an_unsigned_token_is_refused(mint: Mint) -> None:
    """`alg: none` is not a signature."""
    claims = jwt.decode(issue(mint), options={"verify_signature": False})
    header = {"typ": "at+jwt", "kid": mint.keys.key_id}
    token = jwt.encode(claims, "", algorithm="none", headers=header)

    with pytest.raises(NotSignedIn):
        mint.verify(token, NOW)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a1_our_public_key_is_not_a_shared_secret(mint: Mint, encoding: Encoding) -> None:
    """A token signed HS256 with the public key's bytes is refused."""
    public = mint.keys.signing.public_key()
    secret = public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "typ": "at+jwt", "kid": mint.keys.key_id}
    claims = issue(mint).split(".")[1]
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    signature = hmac.digest(secret, f"{head}.{claims}".encode(), hashlib.sha256)
    tail = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()

    with pytest.raises(NotSignedIn):
        mint.verify(f"{head}.{claims}.{tail}", NOW)


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "unknown"},
        {"kid": "../../etc/passwd"},
        {"kid": "' or 1=1 --"},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/chain"},
        {"jwk": {"kty": "EC"}},
        {"crit": ["exp"]},
    ],
)
def test_a2_a_header_cannot_bring_its_own_key(mint: Mint, header: dict[str, object]) -> None:
    """A key is looked up in our ring only, and nothing is fetched."""
    with pytest.raises(NotSignedIn):
        mint.verify(forge(mint, header=header), NOW)


@pytest.mark.parametrize("claim", ["aud", "iss", "exp", "sub", "iat", "merchant", "scope"])
def test_a3_a_missing_claim_is_refused(mint: Mint, claim: str) -> None:
    """Every claim is needed."""
    with pytest.raises(NotSignedIn):
        mint.verify(forge(mint, claims={claim: None}), NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "passgate-refresh"},
        {"iss": "https://gate.example.evil"},
        {"sub": "nobody"},
        {"exp": int(NOW.timestamp())},
        {"exp": int((NOW + timedelta(days=365)).timestamp())},
        {"iat": int((NOW + timedelta(seconds=61)).timestamp())},
        {"nbf": int((NOW + timedelta(days=36500)).timestamp())},
    ],
)
def test_a3_a_wrong_claim_is_refused(mint: Mint, claims: dict[str, object]) -> None:
    """Another audience, issuer or time is another token."""
    with pytest.raises(NotSignedIn):
        mint.verify(forge(mint, claims=claims), NOW)


@pytest.mark.parametrize("kind", ["JWT", "rt+jwt", None])
def test_a4_another_sort_of_token_is_refused(mint: Mint, kind: str | None) -> None:
    """A refresh or enrolment token of ours is no access token."""
    with pytest.raises(NotSignedIn):
        mint.verify(forge(mint, header={"typ": kind}), NOW)


@pytest.mark.parametrize("token", ["", "a.b.c", "...", "é", "x" * 5000, "\udcff"])
def test_garbage_is_refused(mint: Mint, token: str) -> None:
    """Whatever is sent, the answer is the same."""
    with pytest.raises(NotSignedIn):
        TokenCache(mint).verify(token, NOW)


def test_a_remembered_token_still_expires(mint: Mint) -> None:
    """The memory does not make a token live longer."""
    cache, token = TokenCache(mint), issue(mint)
    cache.verify(token, NOW)

    cache.verify(token, NOW + LIFETIME - timedelta(seconds=1))
    with pytest.raises(NotSignedIn):
        cache.verify(token, NOW + LIFETIME)


def test_a5_a_revoked_subject_is_refused_at_once(mint: Mint) -> None:
    """A remembered token ends with its subject's revocation, a newer one begins."""
    cache, token = TokenCache(mint), issue(mint)
    cache.verify(token, NOW)
    cache.revoke(PERSON, NOW)

    with pytest.raises(NotSignedIn):
        cache.verify(token, NOW)
    later = NOW + timedelta(seconds=1)
    newer = mint.issue(subject=PERSON, merchant_id=MERCHANT, scopes=SCOPES, now=later)
    assert cache.verify(newer, later).sub == PERSON


def test_the_memory_is_bounded(mint: Mint, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tokens longest unused are forgotten."""
    monkeypatch.setattr(token_cache, "TOKENS_MAX", 3)
    cache = TokenCache(mint)
    for number in range(5):
        token = mint.issue(subject=UUID(int=number), merchant_id=MERCHANT, scopes=SCOPES, now=NOW)
        cache.verify(token, NOW)

    assert len(cache._known) == 3


def test_one_seed_is_one_key() -> None:
    """Every process of an installation signs with the same key, whatever its seed."""
    for seed in (b"\x00" * 32, b"\xff" * 32, b"s" * 32):
        assert thumbprint(signing_key(seed).public_key()) == thumbprint(
            signing_key(seed).public_key()
        )


async def test_the_public_keys_are_served_without_the_private_part(client: Client) -> None:
    """Two keys while they rotate, each with its id."""
    async with client.get("/.well-known/jwks.json") as response:
        keys = (await response.json())["keys"]

    assert len(keys) == 2
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"} for key in keys)
