"""py-pkpass as an independent builder: the same card, told through both, reads the same."""

import io
import json
import zipfile
from datetime import UTC, datetime

import py_pkpass.models as peer
import pytest
from cryptography.x509 import load_pem_x509_certificate

from passes.apple.assets import Assets
from passes.apple.barcodes import Barcode
from passes.apple.bundle import build
from passes.apple.card import Location, StoreCard, WebService
from passes.apple.colours import WHITE, Colour, Colours
from passes.apple.fields import CurrencyFormat, Field
from passes.apple.signing.signer import Signer
from sandbox.certificates import TEAM_IDENTIFIER, DevelopmentChain, write_development_chain
from sandbox.opened_pass import open_pass
from tests.passes.makers import NOW, PASS_TYPE, make_images, make_pass

# What py-pkpass always writes though nobody asked, or writes twice in an old form.
ITS_OWN = {"barcode", "suppressStripShine"}
ITS_OWN_IN_PARTS = {"changeMessage", "textAlignment", "altitude", "distance", "relevantText"}

OURS = make_pass(
    featured_actions=(),
    store_card=StoreCard(
        header=(Field("stamps", "7 of 10", label="Stamps"),),
        secondary=(Field("value", 12, label="Value", value_format=CurrencyFormat("EUR")),),
        back=(Field("terms", 'Say "hi" to the ☕', label="Terms"),),
    ),
    barcodes=(Barcode("LC1-ABC", alt_text="LC1"),),
    colours=Colours(Colour(59, 36, 23), WHITE, WHITE),
    web_service=WebService("https://example.com/apple", "t" * 43),
    locations=(Location(latitude=52.52, longitude=13.4),),
)


def theirs(chain: DevelopmentChain) -> bytes:
    """Build the same card as OURS with py-pkpass."""
    card = peer.StoreCard()
    card.addHeaderField("stamps", "7 of 10", "Stamps")
    card.secondaryFields.append(peer.CurrencyField("value", 12, "Value", "EUR"))
    card.addBackField("terms", 'Say "hi" to the ☕', "Terms")
    built = peer.Pass(
        card,
        passTypeIdentifier=PASS_TYPE,
        organizationName=OURS.organization_name,
        teamIdentifier=TEAM_IDENTIFIER,
    )
    built.serialNumber, built.description = OURS.serial_number, OURS.description
    built.barcode = peer.Barcode("LC1-ABC", peer.BarcodeFormat.QR, altText="LC1")
    built.backgroundColor, built.foregroundColor = "rgb(59, 36, 23)", "rgb(255, 255, 255)"
    built.labelColor = "rgb(255, 255, 255)"
    built.webServiceURL, built.authenticationToken = "https://example.com/apple", "t" * 43
    built.locations = [peer.Location(52.52, 13.4)]
    for name, image in make_images().items():
        built.addFile(name, io.BytesIO(image))
    certificate, key = chain.pass_certificate(PASS_TYPE), chain.pass_key(PASS_TYPE)
    packed = built.create(str(certificate), str(key), str(chain.intermediate), "")
    data: bytes = packed.getvalue()
    return data


def without_its_own(value: object) -> object:
    if isinstance(value, dict):
        dropped = ITS_OWN_IN_PARTS if "formatVersion" not in value else ITS_OWN
        kept = {key: without_its_own(each) for key, each in value.items() if key not in dropped}
        return {key: each for key, each in kept.items() if each != []}
    return [without_its_own(each) for each in value] if isinstance(value, list) else value


def read(data: bytes, name: str) -> dict[str, object]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        document: dict[str, object] = json.loads(opened.read(name))
        return document


@pytest.fixture(scope="module")
def todays_chain(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentChain:
    """py-pkpass signs by the clock of the machine, so its certificate must live today."""
    folder = tmp_path_factory.mktemp("today")
    return write_development_chain(folder, [PASS_TYPE], datetime.now(UTC))


def test_both_builders_say_the_same(todays_chain: DevelopmentChain, signer: Signer) -> None:
    """What both can express is written alike, and the images have the same hashes."""
    data = theirs(todays_chain)
    ours = build(OURS, Assets.prepare(make_images()), signer, signed_at=NOW)
    assert without_its_own(read(data, "pass.json")) == read(ours, "pass.json")
    our_manifest, their_manifest = read(ours, "manifest.json"), read(data, "manifest.json")
    assert our_manifest.keys() == their_manifest.keys()
    changed = {name for name in our_manifest if our_manifest[name] != their_manifest[name]}
    assert changed == {"pass.json"}


def test_our_reader_accepts_what_another_library_signed(todays_chain: DevelopmentChain) -> None:
    """The sandbox phone is no mirror of our signer."""
    root = load_pem_x509_certificate(todays_chain.root.read_bytes())
    assert open_pass(theirs(todays_chain), [root], datetime.now(UTC)).problems == ()
