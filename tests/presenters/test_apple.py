"""A stamp card as Wallet shows it: what it says, and that the same card says the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.domain.cards import progress
from gateway.domain.programs import Look, ProgramVersion, StampRule
from gateway.presenters.apple import PassIdentity, stamp_card_pass
from gateway.presenters.artwork import Artwork
from gateway.presenters.stamp_card import StampCardFace, news, plain
from passes.apple.assets import Assets
from passes.apple.card import WebService
from passes.apple.checks.validation import content_problems
from passes.apple.pass_json import pass_json

IDENTITY = PassIdentity(
    pass_type_identifier="pass.com.example.cafe",
    team_identifier="DEV1234567",
    serial_number="k3v9q2",
    organization_name="Café Sonne S.à r.l.",
    web_service=WebService("https://cards.example.com/apple", "t" * 43),
)
VERSION = ProgramVersion(
    id=UUID(int=1),
    program_id=UUID(int=2),
    number=1,
    name="Coffee card",
    rule=StampRule(target=10, reward="One free coffee"),
    look=Look(),
)
FACE = StampCardFace(
    merchant_name="Café Sonne",
    site="https://cards.example.com",
    code="LC1-ABCDEFGHIJ234567ABCD",
    version=7,
    program=VERSION,
    is_usable=True,
    available=6,
    reserved=0,
    opened_at=datetime(2026, 3, 1, 9, 0, 0, 123_456, tzinfo=UTC),
    last_earned_at=datetime(2026, 3, 14, 15, 9, 26, 535_897, tzinfo=UTC),
)


def shown(**changes: Any) -> str:  # noqa: ANN401 -- any value of a face
    """Return pass.json of the card with some of its values changed."""
    return pass_json(stamp_card_pass(IDENTITY, replace(FACE, **changes))).decode()


@pytest.mark.parametrize("available", [0, 1, 6, 9, 10, 11, 20, 57])
@pytest.mark.parametrize("reserved", [0, 10])
def test_every_card_is_a_pass_wallet_accepts(available: int, reserved: int) -> None:
    """Whatever stands on a card, nothing is dropped and nothing refused."""
    face = replace(FACE, available=available, reserved=reserved, last_earned_at=None)
    assert content_problems(stamp_card_pass(IDENTITY, face)) == []


def test_the_same_card_gives_the_same_bytes() -> None:
    """A byte that moves without a reason is an update that a phone finds unchanged."""
    assert shown() == shown()


@pytest.mark.parametrize(
    "change",
    [
        {"version": 8},
        {"available": 7},
        {"reserved": 10},
        {"is_usable": False},
        {"program": replace(VERSION, number=2)},
    ],
)
def test_every_change_changes_the_bytes(change: dict[str, Any]) -> None:
    """Also one that nobody can see, such as a stamp and its undoing."""
    assert shown(**change) != shown()


def spoken(**changes: Any) -> dict[str, object]:  # noqa: ANN401 -- any field of a face
    """Return the fields that speak on the lock screen when they change, with what they say."""
    store_card = stamp_card_pass(IDENTITY, replace(FACE, **changes)).store_card
    groups = (store_card.header, store_card.secondary, store_card.auxiliary, store_card.back)
    speaking = [field for fields in groups for field in fields if field.change_message]
    assert {field.change_message for field in speaking} == {"%@"}
    return {field.key: field.value for field in speaking}


def test_one_field_alone_speaks_on_the_lock_screen() -> None:
    """With two changed messages at once iOS says no more than that the card changed."""
    before, stamped, announced = spoken(), spoken(available=7), spoken(announcement="Cake today!")

    assert set(before.items()) ^ set(stamped.items()) == {
        ("news", before["news"]),
        ("news", stamped["news"]),
    }
    assert set(announced.items()) - set(before.items()) == {("announcement", "Cake today!")}
    # A phone says nothing of a field that is new to the card.
    assert before.keys() == announced.keys()


@pytest.mark.parametrize(
    ("available", "reserved", "sentence"),
    [
        (0, 0, "You have 0 of 10 stamps. 10 more for your reward: One free coffee."),
        (6, 0, "You have 6 of 10 stamps. 4 more for your reward: One free coffee."),
        (10, 0, "Your card is full! Your reward is ready: One free coffee."),
        (13, 0, "Your reward is ready: One free coffee. 3 of 10 stamps towards the next."),
        (3, 10, "Your reward is being handed out: One free coffee."),
    ],
)
def test_the_lock_screen_says_how_the_card_stands(
    available: int, reserved: int, sentence: str
) -> None:
    """A sentence a person understands without opening the pass."""
    assert news(replace(FACE, available=available, reserved=reserved)) == sentence


def test_a_card_that_cannot_be_used_is_void_and_says_so() -> None:
    """Wallet greys it out; the sentence says where to ask."""
    face = replace(FACE, is_usable=False)
    assert stamp_card_pass(IDENTITY, face).voided
    assert "ask at the counter" in news(face)


def test_the_barcode_is_the_code_and_can_be_read_aloud() -> None:
    """When a scanner fails, the code under it is typed."""
    (barcode,) = stamp_card_pass(IDENTITY, FACE).barcodes
    assert (barcode.message, barcode.alt_text) == (FACE.code, FACE.code)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Café \u202esonne", "Café sonne"),
        ("a\x00b\r\nc", "abc"),
        ("\u200b \u202e", "Stamp card"),
        ("x" * 10_000, "x" * 60),
        ("100 %@ \"quoted\" \\ 'Ü' 😀", "100 %@ \"quoted\" \\ 'Ü' 😀"),
    ],
)
def test_names_cannot_turn_the_writing_round(name: str, kept: str) -> None:
    """Control and direction characters go, and the pass stays one that Wallet accepts."""
    assert plain(name) == kept
    assert content_problems(stamp_card_pass(IDENTITY, replace(FACE, merchant_name=name))) == []


def test_images_are_drawn_once_for_each_number_of_stamps() -> None:
    """The second card with as many stamps costs nothing; the least used is forgotten."""
    artwork = Artwork(cards_max=2)

    def drawn(stamps: int) -> Assets:
        return artwork.of("Café Sonne", VERSION.look, progress(stamps, 10))

    first = drawn(6)
    assert drawn(6) is first
    assert drawn(16) is first
    drawn(7)
    drawn(8)
    assert drawn(6) is not first
    assert drawn(6).found == ()


def test_a_card_of_more_stamps_than_a_strip_shows_has_one_strip_for_all() -> None:
    """The number is in the header; the strip is only decoration then."""
    artwork = Artwork()
    assets = [artwork.of("Café", VERSION.look, progress(stamps, 50)) for stamps in (3, 31)]

    assert assets[0] is assets[1]
    assert assets[0].found == ()


def test_dates_are_written_with_their_zone() -> None:
    """Wallet shows them in the language and zone of the phone."""
    assert '"value":"2026-03-14T15:09:26Z"' in shown()
    assert '"value":"2026-03-01T09:00:00Z"' in shown(last_earned_at=None)
    assert '"visit"' not in shown(last_earned_at=None)


def test_the_terms_are_the_rules() -> None:
    """What the back says about pauses and limits is what the engine does."""
    rule = StampRule(target=5, reward="Tea", cooldown=timedelta(hours=2), daily_limit=3)
    text = shown(program=replace(VERSION, rule=rule))

    assert "120 minutes after the last" in text
    assert "At most 3 stamps a day" in text
    assert "5 stamps make one reward: Tea" in text
