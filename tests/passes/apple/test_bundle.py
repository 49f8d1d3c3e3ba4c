"""The bundle: a zip any reader opens, a manifest of every file, the same bytes each time."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passes.apple.archive import archive, lay_out
from passes.apple.assets import Assets
from passes.apple.bundle import (
    BUNDLE_BYTES_MAX,
    build,
    build_bundle,
    build_parts,
)
from passes.apple.localisation import Localisation
from passes.apple.pass_json import pass_json
from passes.apple.signing.signer import Signer
from passes.errors import InvalidPass
from tests.passes.makers import NOW, make_images, make_pass, make_png

GERMAN = Localisation("de", {"Stamps": "Stempel"}, {"secondaryLogo.png": make_png(99, 12)})
NAMES = st.text("abcXYZ019@-./", min_size=1, max_size=12)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_pass_holds_its_files_at_the_top(assets: Assets, signer: Signer) -> None:
    """pass.json, manifest, signature and images, in no folder and with nothing beside them."""
    files = unpacked(build(make_pass(), assets, signer, signed_at=NOW))
    assert files.keys() == {"pass.json", "manifest.json", "signature", *make_images()}
    assert files["pass.json"] == pass_json(make_pass())


def test_the_manifest_lists_every_file_by_sha_1(signer: Signer) -> None:
    """Languages included, manifest and signature excluded, sorted and compact."""
    images = make_images("icon", "logo", "strip", "artwork", "primaryLogo")
    assets = Assets.prepare(images, [GERMAN])
    files = unpacked(build(make_pass(), assets, signer, signed_at=NOW))
    manifest = files.pop("manifest.json")
    del files["signature"]
    expected = {
        name: hashlib.sha1(data, usedforsecurity=False).hexdigest() for name, data in files.items()
    }
    assert json.loads(manifest) == expected
    assert manifest == json.dumps(expected, sort_keys=True, separators=(",", ":")).encode()
    assert "de.lproj/pass.strings" in expected


@given(st.binary(max_size=50), st.sets(st.sampled_from(["aa.lproj", "zz.lproj"])))
def test_the_manifest_is_that_of_a_plain_writer(pass_file: bytes, folders: set[str]) -> None:
    """Assembled from prepared pieces, it still is what json.dumps would write."""
    languages = [Localisation(folder[:2], {"a": folder}) for folder in sorted(folders)]
    assets = Assets.prepare(make_images("icon"), languages)
    parsed = json.loads(assets.manifest(pass_file))
    assert parsed["pass.json"] == hashlib.sha1(pass_file, usedforsecurity=False).hexdigest()
    assert list(parsed) == sorted(parsed)
    assert len(parsed) == 3 + len(folders) + 1


def test_the_same_pass_has_the_same_bytes(signer: Signer) -> None:
    """Whatever the order of images, and however often it is built."""
    images = make_images()
    turned = Assets.prepare(dict(reversed(images.items())))
    first = build(make_pass(), Assets.prepare(images), signer, signed_at=NOW)
    assert build(make_pass(), turned, signer, signed_at=NOW) == first


def test_only_the_signature_depends_on_the_time(assets: Assets, signer: Signer) -> None:
    """Wallet compares manifests: signing again is no update."""
    first = unpacked(build(make_pass(), assets, signer, signed_at=NOW))
    later = unpacked(build(make_pass(), assets, signer, signed_at=NOW + timedelta(days=1)))
    assert first.pop("signature") != later.pop("signature")
    assert first == later


def test_the_parts_are_the_whole_without_copying_images(assets: Assets, signer: Signer) -> None:
    """The first part is the prepared memory itself."""
    parts = build_parts(make_pass(), assets, signer, signed_at=NOW)
    assert parts[0] is assets.stored.body
    assert b"".join(parts) == build(make_pass(), assets, signer, signed_at=NOW)


@given(st.dictionaries(NAMES, st.binary(max_size=99)), st.dictionaries(NAMES, st.binary()))
def test_any_files_can_be_read_back(constant: dict[str, bytes], own: dict[str, bytes]) -> None:
    """Constant and own files alike, through a reader that checks every checksum."""
    own = {name: data for name, data in own.items() if name not in constant}
    assert unpacked(b"".join(archive(lay_out(constant), own))) == {**constant, **own}


def test_entries_are_stored_plain_files_without_a_date(assets: Assets, signer: Signer) -> None:
    """Nothing is deflated, and no clock shows in the archive."""
    data = build(make_pass(), assets, signer, signed_at=NOW)
    for entry in zipfile.ZipFile(io.BytesIO(data)).infolist():
        assert entry.compress_type == zipfile.ZIP_STORED
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.external_attr >> 16 == 0o100644


def test_several_passes_travel_in_one_bundle(assets: Assets, signer: Signer) -> None:
    """A .pkpasses is a zip of passes, byte for byte."""
    one = build(make_pass(), assets, signer, signed_at=NOW)
    two = build(make_pass(serial_number="other"), assets, signer, signed_at=NOW)
    passes = {"one.pkpass": one, "two.pkpass": two}
    assert unpacked(build_bundle(passes)) == passes


@pytest.mark.parametrize(
    ("code", "passes"),
    [
        ("bundle.count", {}),
        ("bundle.count", {f"{index}.pkpass": b"" for index in range(11)}),
        ("bundle.too-large", {"one.pkpass": bytes(BUNDLE_BYTES_MAX + 1)}),
    ],
)
def test_a_bundle_has_apples_limits(code: str, passes: dict[str, bytes]) -> None:
    """At most ten passes and 150 MB, and never none."""
    with pytest.raises(InvalidPass) as refused:
        build_bundle(passes)
    assert [problem.code for problem in refused.value.problems] == [code]
