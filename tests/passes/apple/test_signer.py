"""The signer: whose certificate it is, what is in a signature, and who can verify it."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from passes.apple.signing.cms import der
from passes.apple.signing.signer import Signer
from passes.errors import UnusableSigner
from sandbox.certificates import TEAM_IDENTIFIER, DevelopmentChain, write_development_chain
from tests.passes.keys import issue, pem, rsa_key
from tests.passes.makers import NOW, PASS_TYPE

MANIFEST = b'{"icon.png":"0000","pass.json":"1111"}'

Verify = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def verify(tmp_path: Path, chain: DevelopmentChain) -> Verify:
    def run(
        signature: bytes, manifest: bytes = MANIFEST, root: Path = chain.root
    ) -> subprocess.CompletedProcess[bytes]:
        (tmp_path / "signature").write_bytes(signature)
        (tmp_path / "manifest.json").write_bytes(manifest)
        command = ["openssl", "cms", "-verify", "-inform", "DER", "-binary", "-purpose", "any"]
        command += ["-in", str(tmp_path / "signature"), "-out", str(tmp_path / "out")]
        command += ["-content", str(tmp_path / "manifest.json"), "-CAfile", str(root)]
        command += ["-attime", str(int(NOW.timestamp()))]
        return subprocess.run(command, capture_output=True, check=False)

    return run


def test_openssl_verifies_what_we_sign(signer: Signer, verify: Verify) -> None:
    """An independent program, knowing only the root, accepts the signature."""
    result = verify(signer.sign(MANIFEST, NOW))
    assert (result.returncode, result.stderr) == (0, b"CMS Verification successful\n")


def test_openssl_refuses_an_edited_manifest(signer: Signer, verify: Verify) -> None:
    """The check above can fail: one changed digit is enough."""
    result = verify(signer.sign(MANIFEST, NOW), MANIFEST.replace(b"1111", b"1112"))
    assert result.returncode != 0
    assert b"verification failure" in result.stderr


def test_openssl_refuses_another_root(signer: Signer, verify: Verify, tmp_path: Path) -> None:
    """A chain of the same names, made elsewhere, is not trusted."""
    other = write_development_chain(tmp_path / "other", [], NOW)
    result = verify(signer.sign(MANIFEST, NOW), root=other.root)
    assert result.returncode != 0


def test_a_manifest_with_line_ends_is_signed_as_it_is(signer: Signer, verify: Verify) -> None:
    """No line end is rewritten before hashing, which breaks pretty manifests elsewhere."""
    manifest = b'{\n  "a": "b"\r\n}\n'
    assert verify(signer.sign(manifest, NOW), manifest).returncode == 0


def test_an_elliptic_curve_key_signs_too(chain: DevelopmentChain, verify: Verify) -> None:
    """P-256 needs other algorithm identifiers, and openssl agrees with them."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = Signer.from_pem(issue(chain, key), pem(key), chain.intermediate.read_bytes())
    assert verify(signer.sign(MANIFEST, NOW)).returncode == 0


def test_the_signature_holds_what_wallet_wants(signer: Signer) -> None:
    """Detached, SHA-256, both certificates, and exactly three attributes with the given time."""
    info = cms.ContentInfo.load(signer.sign(MANIFEST, NOW), strict=True)
    signed_data = info["content"]
    (signer_info,) = signed_data["signer_infos"]
    certificates = {choice.chosen.dump() for choice in signed_data["certificates"]}
    attributes = {
        each["type"].native: each["values"].native for each in signer_info["signed_attrs"]
    }
    assert signed_data["encap_content_info"]["content"].native is None
    assert signer_info["digest_algorithm"]["algorithm"].native == "sha256"
    assert certificates == {
        signer.certificate.public_bytes(Encoding.DER),
        signer.intermediate.public_bytes(Encoding.DER),
    }
    assert attributes.keys() == {"content_type", "message_digest", "signing_time"}
    assert attributes["content_type"] == ["data"]
    assert attributes["signing_time"] == [NOW.replace(microsecond=0)]


def test_attributes_and_certificates_are_sorted_as_der_demands(signer: Signer) -> None:
    """A SET OF in DER is in the order of its encodings."""
    signed_data = cms.ContentInfo.load(signer.sign(MANIFEST, NOW))["content"]
    (signer_info,) = signed_data["signer_infos"]
    for members in (signer_info["signed_attrs"], signed_data["certificates"]):
        encoded = [member.dump() for member in members]
        assert encoded == sorted(encoded)


@pytest.mark.parametrize("year", [1950, 2049, 2050, 2100])
def test_signing_times_beyond_2049_are_written_in_four_digits(signer: Signer, year: int) -> None:
    """RFC 5652 changes the type of the time with the year 2050."""
    moment = datetime(year, 1, 1, 12, tzinfo=UTC)
    signed_data = cms.ContentInfo.load(signer.sign(MANIFEST, moment))["content"]
    (signer_info,) = signed_data["signer_infos"]
    (time,) = [
        each["values"][0]
        for each in signer_info["signed_attrs"]
        if each["type"].native == "signing_time"
    ]
    assert time.native == moment
    assert time.name == ("generalized_time" if year >= 2050 else "utc_time")


def test_the_same_moment_gives_the_same_signature(signer: Signer) -> None:
    """Nothing but the arguments enters an RSA signature."""
    assert signer.sign(MANIFEST, NOW) == signer.sign(MANIFEST, NOW)


def test_a_signer_knows_whose_it_is(signer: Signer) -> None:
    """Pass type and team are read from the subject; the first end of the two counts."""
    assert signer.pass_type_identifier == PASS_TYPE
    assert signer.team_identifier == TEAM_IDENTIFIER
    assert signer.not_before < NOW < signer.not_after < signer.intermediate.not_valid_after_utc
    assert "PrivateKey" not in repr(signer)


def test_expiry_is_told_in_time(signer: Signer) -> None:
    """30 days before the certificate ends, 90 days before the intermediate does."""
    end = signer.certificate.not_valid_after_utc
    assert signer.expiry_warnings(end - timedelta(days=31)) == ()
    (warning,) = signer.expiry_warnings(end - timedelta(days=29, hours=1))
    assert (warning.subject, warning.days_left) == ("pass certificate", 29)
    assert "ends on 2027-04-13" in warning.sentence
    late = signer.intermediate.not_valid_after_utc - timedelta(days=89)
    certificate, intermediate = signer.expiry_warnings(late)
    assert certificate.days_left < 0
    assert "ended on" in certificate.sentence
    assert (intermediate.subject, intermediate.days_left) == ("intermediate certificate", 89)


def test_an_encrypted_key_opens_with_its_password(chain: DevelopmentChain) -> None:
    """PEM keys may be encrypted, and the intermediate may be Apple's DER file."""
    key = rsa_key()
    wwdr = x509.load_pem_x509_certificate(chain.intermediate.read_bytes())
    intermediate = wwdr.public_bytes(Encoding.DER)
    certificate = issue(chain, key)
    signer = Signer.from_pem(certificate, pem(key, b"secret"), intermediate, b"secret")
    assert signer.team_identifier == TEAM_IDENTIFIER


def test_a_p12_from_keychain_can_be_used(chain: DevelopmentChain) -> None:
    """Certificate and key in one file, as Keychain exports them."""
    key = rsa_key()
    certificate = x509.load_pem_x509_certificate(issue(chain, key))
    encryption = BestAvailableEncryption(b"secret")
    bundle = pkcs12.serialize_key_and_certificates(b"pass", key, certificate, None, encryption)
    signer = Signer.from_pkcs12(bundle, chain.intermediate.read_bytes(), b"secret")
    assert signer.pass_type_identifier == PASS_TYPE
    with pytest.raises(UnusableSigner, match="openssl pkcs12 -legacy") as refused:
        Signer.from_pkcs12(bundle, chain.intermediate.read_bytes(), b"wrong")
    assert [each.code for each in refused.value.problems] == ["pkcs12.unreadable"]


def test_a_p12_without_a_certificate_is_named(chain: DevelopmentChain) -> None:
    """A key alone signs nothing."""
    key = rsa_key()
    bundle = pkcs12.serialize_key_and_certificates(b"k", key, None, None, NoEncryption())
    with pytest.raises(UnusableSigner) as refused:
        Signer.from_pkcs12(bundle, chain.intermediate.read_bytes(), None)
    assert [each.code for each in refused.value.problems] == ["certificate.missing"]


def test_everything_unreadable_is_told_at_once() -> None:
    """Three bad files give three problems."""
    with pytest.raises(UnusableSigner) as refused:
        Signer.from_pem(b"-----BEGIN CERTIFICATE-----", b"key", b"\x30\x00")
    assert [each.code for each in refused.value.problems] == [
        "certificate.unreadable",
        "key.unreadable",
        "intermediate.unreadable",
    ]


@pytest.mark.parametrize(
    ("make_key", "password", "code"),
    [
        (lambda: pem(rsa_key(), b"secret"), None, "key.password"),
        (lambda: pem(rsa_key()), b"secret", "key.password"),
        (lambda: pem(rsa_key(), b"secret"), b"wrong", "key.unreadable"),
        (lambda: pem(rsa_key(1024)), None, "key.unsupported"),
        (lambda: pem(ec.generate_private_key(ec.SECP384R1())), None, "key.unsupported"),
        (lambda: pem(ed25519.Ed25519PrivateKey.generate()), None, "key.unsupported"),
        (lambda: pem(rsa_key()), None, "key.mismatch"),
    ],
    ids=("encrypted", "plain", "wrong-password", "rsa-1024", "p-384", "ed25519", "another"),
)
def test_a_key_that_cannot_sign_is_named(
    chain: DevelopmentChain, make_key: Callable[[], bytes], password: bytes | None, code: str
) -> None:
    """Wrong password, wrong kind, wrong size or another certificate's."""
    certificate = chain.pass_certificate(PASS_TYPE).read_bytes()
    with pytest.raises(UnusableSigner) as refused:
        Signer.from_pem(certificate, make_key(), chain.intermediate.read_bytes(), password)
    assert [each.code for each in refused.value.problems] == [code]


def test_certificates_without_identity_or_of_another_issuer_are_named(
    chain: DevelopmentChain, tmp_path: Path
) -> None:
    """A certificate must name pass type and team, and the intermediate must be its issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    nobody = issue(chain, key, user_id=None, team=None)
    stranger = write_development_chain(tmp_path, [], NOW).intermediate.read_bytes()
    with pytest.raises(UnusableSigner, match="WWDR certificate, G4") as refused:
        Signer.from_pem(nobody, pem(key), stranger)
    assert [each.code for each in refused.value.problems] == [
        "certificate.pass-type-missing",
        "certificate.team-missing",
        "intermediate.mismatch",
    ]


@given(st.binary(max_size=70_000))
def test_lengths_are_written_as_der_demands(content: bytes) -> None:
    """A reader of DER finds exactly the content, however long."""
    encoded = der(0x04, content)
    assert cms.OctetString.load(encoded, strict=True).native == content
