"""The sandbox phone's reader: it takes sound passes and says why it refuses others."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from passes.apple.archive import archive, lay_out
from passes.apple.assets import Assets
from passes.apple.bundle import build
from passes.apple.localisation import Localisation
from passes.apple.signing import cms as apple_cms
from passes.apple.signing.signer import Signer
from sandbox.certificates import DevelopmentChain, write_development_chain
from sandbox.opened_pass import (
    ARCHIVE_BYTES_MAX,
    FILES_MAX,
    NotAPass,
    OpenedPass,
    open_pass,
    parse_strings,
)
from tests.passes.keys import PrivateKey, issue, pem, rsa_key
from tests.passes.makers import NOW, PASS_TYPE, make_images, make_pass

Edit = Callable[[dict[str, bytes]], object]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentChain:
    types = [PASS_TYPE, "pass.com.example.other"]
    return write_development_chain(tmp_path_factory.mktemp("chain"), types, NOW)


def make_signer(chain: DevelopmentChain, pass_type: str = PASS_TYPE) -> Signer:
    return Signer.from_pem(
        chain.pass_certificate(pass_type).read_bytes(),
        chain.pass_key(pass_type).read_bytes(),
        chain.intermediate.read_bytes(),
    )


def root_of(chain: DevelopmentChain) -> x509.Certificate:
    return x509.load_pem_x509_certificate(chain.root.read_bytes())


def built(chain: DevelopmentChain, signed_at: datetime = NOW) -> bytes:
    assets = Assets.prepare(make_images(), [Localisation("de", {"Stamps": 'Stempel "10"'})])
    return build(make_pass(), assets, make_signer(chain), signed_at=signed_at)


def zipped(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        for name, content in files.items():
            written.writestr(name, content)
    return data.getvalue()


def edited(chain: DevelopmentChain, edit: Edit) -> OpenedPass:
    with zipfile.ZipFile(io.BytesIO(built(chain))) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    edit(files)
    return open_pass(zipped(files), [root_of(chain)], NOW)


def codes(opened: OpenedPass) -> list[str]:
    return [problem.code for problem in opened.problems]


def test_a_sound_pass_is_taken(chain: DevelopmentChain) -> None:
    """Content, images, translations, signer and time come out, and no problem does."""
    opened = open_pass(built(chain), [root_of(chain)], NOW)
    assert opened.problems == ()
    assert opened.content["serialNumber"] == make_pass().serial_number
    assert opened.images == make_images()
    assert opened.strings("de") == {"Stamps": 'Stempel "10"'}
    assert opened.strings("fr") == {}
    assert opened.signature is not None
    assert opened.signature.pass_type_identifier == PASS_TYPE
    assert opened.signature.signed_at == NOW.replace(microsecond=0)
    assert len(opened.manifest_digest) == 64


def resign(files: dict[str, bytes], change: Callable[[cms.SignedData], object]) -> None:
    """Change the signature's structure and encode it again."""
    info = cms.ContentInfo.load(files["signature"])
    change(info["content"])
    files["signature"] = info.dump(force=True)


def without_signing_time(data: cms.SignedData) -> None:
    signer = data["signer_infos"][0]
    kept = [each for each in signer["signed_attrs"] if each["type"].native != "signing_time"]
    signer["signed_attrs"] = cms.CMSAttributes(kept)


def without_signer_certificate(data: cms.SignedData) -> None:
    data["certificates"] = cms.CertificateSet([])


def attached(data: cms.SignedData) -> None:
    data["encap_content_info"] = {"content_type": "data", "content": b"manifest"}


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda files: files.update({"pass.json": b'{"edited": true}'}), "manifest.hash"),
        (lambda files: files.update({"extra.txt": b""}), "manifest.unlisted"),
        (lambda files: files.pop("logo.png"), "manifest.absent"),
        (lambda files: files.pop("icon.png"), "image.icon-missing"),
        (lambda files: files.pop("manifest.json"), "manifest.unreadable"),
        (lambda files: files.update({"manifest.json": b"[]"}), "manifest.unreadable"),
        (
            lambda files: files.update({"manifest.json": files["manifest.json"] + b" "}),
            "signature.digest",
        ),
        (lambda files: files.pop("signature"), "signature.unreadable"),
        (lambda files: files.update({"signature": b"\x30\x00"}), "signature.unreadable"),
        (lambda files: resign(files, without_signer_certificate), "signature.no-certificate"),
        (lambda files: resign(files, without_signing_time), "signature.wrong"),
        (lambda files: resign(files, attached), "signature.attached"),
    ],
    ids=(
        "edited-file",
        "added-file",
        "lost-file",
        "lost-icon",
        "lost-manifest",
        "odd-manifest",
        "edited-manifest",
        "lost-signature",
        "odd-signature",
        "lost-certificate",
        "lost-time",
        "attached",
    ),
)
def test_an_edited_pass_is_refused_for_its_reason(
    chain: DevelopmentChain, edit: Edit, code: str
) -> None:
    """Whatever is changed after signing, the reader names it."""
    assert code in codes(edited(chain, edit))


def test_another_root_is_not_trusted(
    chain: DevelopmentChain, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A phone trusts Apple's root alone; the sandbox phone trusts ours alone."""
    other = write_development_chain(tmp_path_factory.mktemp("other"), [], NOW)
    assert codes(open_pass(built(chain), [root_of(other)], NOW)) == ["signature.untrusted"]
    assert codes(open_pass(built(chain), [], NOW)) == ["signature.untrusted"]


def test_the_signing_time_must_be_past_and_within_the_certificates_life(
    chain: DevelopmentChain,
) -> None:
    """An expired certificate signs nothing a phone takes, nor does a clock that runs ahead."""
    assert codes(open_pass(built(chain), [root_of(chain)], NOW - timedelta(hours=1))) == [
        "signature.future"
    ]
    signer = make_signer(chain)
    late = datetime(2029, 1, 1, tzinfo=UTC)
    opened = edited(
        chain,
        lambda files: files.update({"signature": signer.sign(files["manifest.json"], late)}),
    )
    assert codes(opened) == ["signature.future"]


def test_a_signature_of_an_expired_certificate_is_refused(chain: DevelopmentChain) -> None:
    """What counts is the life of the certificate at the time of signing."""
    late = NOW + timedelta(days=500)
    signer = make_signer(chain)
    with zipfile.ZipFile(io.BytesIO(built(chain))) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    files["signature"] = signer.sign(files["manifest.json"], late)
    assert codes(open_pass(zipped(files), [root_of(chain)], late)) == ["signature.expired"]


def test_a_pass_signed_for_another_type_is_refused(chain: DevelopmentChain) -> None:
    """A merchant's certificate must not sign another merchant's passes."""
    other = make_signer(chain, "pass.com.example.other")
    opened = edited(
        chain, lambda files: files.update({"signature": other.sign(files["manifest.json"], NOW)})
    )
    assert codes(opened) == ["signature.identity"]
    assert "pass.com.example.other" in opened.problems[0].sentence


def resigned(chain: DevelopmentChain, key: PrivateKey, attributes: bytes) -> OpenedPass:
    """Sign given attributes with a key whose certificate the intermediate issued."""
    certificate = x509.load_pem_x509_certificate(issue(chain, key))
    intermediate = x509.load_pem_x509_certificate(chain.intermediate.read_bytes())
    envelope = apple_cms.envelope(certificate, intermediate, apple_cms.RSA_ALGORITHM)
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(attributes, padding.PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(key, ed25519.Ed25519PrivateKey)
        signature = key.sign(attributes)
    packed = apple_cms.signed_data(envelope, attributes, signature)
    return edited(chain, lambda files: files.update({"signature": packed}))


def attributes_of(chain: DevelopmentChain) -> list[bytes]:
    """Take the signed attributes out of the signature over the test's manifest."""
    found: list[bytes] = []

    def take(files: dict[str, bytes]) -> None:
        signer = cms.ContentInfo.load(files["signature"])["content"]["signer_infos"][0]
        found.extend(each.dump() for each in signer["signed_attrs"])

    edited(chain, take)
    return found


def test_a_signature_without_a_time_is_refused(chain: DevelopmentChain) -> None:
    """Phones want to know when a pass was signed, even if all else is right."""
    content_type, _signing_time, digest = attributes_of(chain)
    opened = resigned(chain, rsa_key(), apple_cms.der(0x31, content_type, digest))
    assert codes(opened) == ["signature.time-missing"]


def test_a_signature_without_a_digest_is_unreadable(chain: DevelopmentChain) -> None:
    """Without it the signature would say nothing about the manifest."""
    content_type, signing_time, _digest = attributes_of(chain)
    opened = resigned(chain, rsa_key(), apple_cms.der(0x31, content_type, signing_time))
    assert codes(opened) == ["signature.unreadable"]


def test_a_key_of_another_kind_is_refused(chain: DevelopmentChain) -> None:
    """Only RSA and elliptic curves are known to sign passes."""
    attributes = apple_cms.der(0x31, *attributes_of(chain))
    opened = resigned(chain, ed25519.Ed25519PrivateKey.generate(), attributes)
    assert codes(opened) == ["signature.key"]


def test_an_elliptic_curve_signature_is_taken(chain: DevelopmentChain) -> None:
    """Whether Apple takes one is unknown; the reader can tell a right one from a wrong one."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = Signer.from_pem(issue(chain, key), pem(key), chain.intermediate.read_bytes())
    data = build(make_pass(), Assets.prepare(make_images()), signer, signed_at=NOW)
    assert open_pass(data, [root_of(chain)], NOW).problems == ()


def duplicated() -> bytes:
    once = b"".join(archive(lay_out({}), {"pass.json": b"{}", "pass.jsoN": b"{}"}))
    return once.replace(b"pass.jsoN", b"pass.json")


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"not a zip",
        lambda: bytes(ARCHIVE_BYTES_MAX + 1),
        lambda: zipped({}),
        lambda: zipped({"pass.json": b"not json"}),
        lambda: zipped({"pass.json": b"[]"}),
        lambda: zipped({"../pass.json": b"{}"}),
        lambda: zipped({"/pass.json": b"{}"}),
        lambda: zipped({str(index): b"" for index in range(FILES_MAX + 1)}),
        duplicated,
    ],
    ids=("bytes", "large", "empty", "text", "list", "up", "root", "many", "twice"),
)
def test_what_is_no_pass_is_said_to_be_none(make: Callable[[], bytes]) -> None:
    """Not a zip, too large, without pass.json, or with files that leave their folder."""
    with pytest.raises(NotAPass):
        open_pass(make(), [], NOW)


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked() -> None:
    """The sizes in the directory are added up before anything is inflated."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("bomb", bytes(60_000_000))
    with pytest.raises(NotAPass, match="too much"):
        open_pass(data.getvalue(), [], NOW)


def test_strings_are_read_in_both_encodings() -> None:
    """UTF-16 with its mark, or UTF-8 as other tools write it."""
    assert parse_strings('"a" = "é";'.encode()) == {"a": "é"}
    assert parse_strings('"a" = "é";'.encode("utf-16")) == {"a": "é"}
