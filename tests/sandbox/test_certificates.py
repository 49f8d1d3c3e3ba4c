"""The development chain: shaped like Apple's, made once, readable by its owner only."""

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtensionOID, NameOID

from gateway.apple_folder import AppleFolder
from passes.apple.signing.signer import Signer
from sandbox.certificates import LEAF_LIFE, DevelopmentChain, write_development_chain

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
PASS_TYPES = ("pass.com.example.coffee", "pass.com.example.books")


@pytest.fixture
def chain(tmp_path: Path) -> DevelopmentChain:
    return write_development_chain(tmp_path / "certificates", PASS_TYPES, NOW)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


@pytest.mark.parametrize("pass_type", PASS_TYPES)
def test_each_pass_type_gets_a_certificate_that_signs(
    chain: DevelopmentChain, pass_type: str
) -> None:
    """The library takes it like one of Apple's: identity, key and issuer fit."""
    signer = Signer.from_pem(
        chain.pass_certificate(pass_type).read_bytes(),
        chain.pass_key(pass_type).read_bytes(),
        chain.intermediate.read_bytes(),
    )
    assert signer.pass_type_identifier == pass_type
    assert signer.not_before < NOW < signer.not_after


def test_the_gateway_finds_its_certificates_there(chain: DevelopmentChain) -> None:
    """The chain lies as `PASSGATE_APPLE_FOLDER` wants it, so that no copy is needed."""
    signer = AppleFolder(chain.folder).signer(PASS_TYPES[0])
    assert signer.pass_type_identifier == PASS_TYPES[0]


def test_openssl_accepts_the_chain(chain: DevelopmentChain) -> None:
    """From the pass certificate over the intermediate to the root."""
    command = ["openssl", "verify", "-CAfile", str(chain.root), "-untrusted"]
    command += [str(chain.intermediate), "-attime", str(int(NOW.timestamp()))]
    for leaf in (chain.pass_certificate(PASS_TYPES[0]), chain.server_certificate):
        result = subprocess.run([*command, str(leaf)], capture_output=True, check=False)
        assert result.returncode == 0, result.stderr


def test_certificates_carry_what_apples_carry(chain: DevelopmentChain) -> None:
    """The intermediate is called G4; pass certificates name their purpose and push topics."""
    unit = certificate(chain.intermediate).subject.get_attributes_for_oid(
        NameOID.ORGANIZATIONAL_UNIT_NAME
    )
    assert unit[0].value == "G4"
    leaf = certificate(chain.pass_certificate(PASS_TYPES[0]))
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert "1.2.840.113635.100.4.14" in {oid.dotted_string for oid in purposes}
    oid = x509.ObjectIdentifier("1.2.840.113635.100.6.3.6")
    topics = leaf.extensions.get_extension_for_oid(oid).value
    assert isinstance(topics, x509.UnrecognizedExtension)
    parsed = core.Sequence.load(topics.value, strict=True)
    assert parsed[0].native == PASS_TYPES[0]
    authority = certificate(chain.root).extensions.get_extension_for_oid(
        ExtensionOID.BASIC_CONSTRAINTS
    )
    assert authority.critical


def test_the_stand_in_can_serve_tls_on_this_machine(chain: DevelopmentChain) -> None:
    """Certificate and key load as a server's, for localhost and for 127.0.0.1."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(chain.root))
    context.load_cert_chain(chain.server_certificate, chain.server_key)
    names = certificate(chain.server_certificate).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(each) for each in names.value.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


def test_the_push_key_is_one_for_provider_tokens(chain: DevelopmentChain) -> None:
    """A .p8 holds an EC key on P-256."""
    key = load_pem_private_key(chain.apns_key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert isinstance(key.curve, ec.SECP256R1)


def test_a_second_run_changes_nothing(chain: DevelopmentChain) -> None:
    """Passes signed yesterday still verify today."""
    before = contents(chain.folder)
    write_development_chain(chain.folder, PASS_TYPES, NOW + timedelta(days=1))
    assert contents(chain.folder) == before


def test_a_new_pass_type_is_added_without_touching_the_others(chain: DevelopmentChain) -> None:
    """Only the missing is made."""
    before = contents(chain.folder)
    write_development_chain(chain.folder, [*PASS_TYPES, "pass.com.example.tea"], NOW)
    after = contents(chain.folder)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {
        "pass.com.example.tea/certificate.pem",
        "pass.com.example.tea/key.pem",
    }


def test_what_is_about_to_end_is_made_anew(chain: DevelopmentChain) -> None:
    """Leaves are renewed below the authorities that stay."""
    before = contents(chain.folder)
    write_development_chain(chain.folder, PASS_TYPES, NOW + LEAF_LIFE)
    after = contents(chain.folder)
    assert after["root.pem"] == before["root.pem"]
    assert after["intermediate.pem"] == before["intermediate.pem"]
    for pass_type in PASS_TYPES:
        assert after[f"{pass_type}/certificate.pem"] != before[f"{pass_type}/certificate.pem"]


def test_a_lost_root_takes_all_below_it_along(chain: DevelopmentChain) -> None:
    """A chain with the names but not the key of its issuer would verify nowhere."""
    chain.root.unlink()
    write_development_chain(chain.folder, PASS_TYPES, NOW)
    test_openssl_accepts_the_chain(chain)


def test_a_certificate_of_another_key_is_replaced(chain: DevelopmentChain) -> None:
    """A run cut short between two files repairs itself."""
    first, second = (chain.pass_key(pass_type) for pass_type in PASS_TYPES)
    first.write_bytes(second.read_bytes())
    write_development_chain(chain.folder, PASS_TYPES, NOW)
    test_each_pass_type_gets_a_certificate_that_signs(chain, PASS_TYPES[0])


def test_only_the_owner_can_read_what_is_written(chain: DevelopmentChain) -> None:
    """Keys are born with mode 0600, in a folder of mode 0700, and no draft is left."""
    assert chain.folder.stat().st_mode & 0o777 == 0o700
    for path in chain.folder.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
        assert path.is_dir() or path.suffix in {".pem", ".key", ".p8"}
