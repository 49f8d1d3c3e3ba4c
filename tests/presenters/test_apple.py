"""A stamp card as Wallet shows it: what it says, and that the same card says the same."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from gateway.domain.ledger import Account, Balances
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.progress import stamp_progress
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.wording import Language
from gateway.presenters.apple import PassIdentity, card_pass
from gateway.presenters.artwork import Artwork
from gateway.presenters.card_face import CardFace, Prize, plain
from gateway.presenters.card_words import news
from passes.apple.assets import Assets
from passes.apple.card import WebService
from passes.apple.checks.validation import content_problems
from passes.apple.pass_json import pass_json
from tests.plans import (
    hybrid_plan,
    points_plan,
    punch_plan,
    spending_plan,
    stamp_plan,
    tier_plan,
    visit_plan,
)

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
    plan=stamp_plan(10, "One free coffee"),
    look=Look(),
)


def stamps(available: int, reserved: int = 0) -> Balances:
    """Return the balances of a card with so many stamps."""
    return {"stamp": {Account.AVAILABLE: available, Account.RESERVED: reserved}}


FACE = CardFace(
    merchant_name="Café Sonne",
    site="https://cards.example.com",
    code="LC1-ABCDEFGHIJ234567ABCD",
    version=7,
    program=VERSION,
    is_usable=True,
    balances=stamps(6),
    opened_at=datetime(2026, 3, 1, 9, 0, 0, 123_456, tzinfo=UTC),
    last_earned_at=datetime(2026, 3, 14, 15, 9, 26, 535_897, tzinfo=UTC),
)


def shown(**changes: Any) -> str:  # noqa: ANN401 -- any value of a face
    """Return pass.json of the card with some of its values changed."""
    return pass_json(card_pass(IDENTITY, replace(FACE, **changes))).decode()


@pytest.mark.parametrize("available", [0, 1, 6, 9, 10, 11, 20, 57])
@pytest.mark.parametrize("reserved", [0, 10])
def test_every_card_is_a_pass_wallet_accepts(available: int, reserved: int) -> None:
    """Whatever stands on a card, nothing is dropped and nothing refused."""
    face = replace(FACE, balances=stamps(available, reserved), last_earned_at=None)
    assert content_problems(card_pass(IDENTITY, face)) == []


def test_the_same_card_gives_the_same_bytes() -> None:
    """A byte that moves without a reason is an update that a phone finds unchanged."""
    assert shown() == shown()


@pytest.mark.parametrize(
    "change",
    [
        {"version": 8},
        {"balances": stamps(7)},
        {"balances": stamps(6, 10)},
        {"is_usable": False},
        {"program": replace(VERSION, number=2)},
    ],
)
def test_every_change_changes_the_bytes(change: dict[str, Any]) -> None:
    """Also one that nobody can see, such as a stamp and its undoing."""
    assert shown(**change) != shown()


def spoken(**changes: Any) -> dict[str, object]:  # noqa: ANN401 -- any field of a face
    """Return the fields that speak on the lock screen when they change, with what they say."""
    store_card = card_pass(IDENTITY, replace(FACE, **changes)).store_card
    groups = (store_card.header, store_card.secondary, store_card.auxiliary, store_card.back)
    speaking = [field for fields in groups for field in fields if field.change_message]
    assert {field.change_message for field in speaking} == {"%@"}
    return {field.key: field.value for field in speaking}


def test_one_field_alone_speaks_on_the_lock_screen() -> None:
    """With two changed messages at once iOS says no more than that the card changed."""
    before, stamped, announced = (
        spoken(),
        spoken(balances=stamps(7)),
        spoken(announcement="Cake today!"),
    )

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
    assert news(replace(FACE, balances=stamps(available, reserved))) == sentence


def test_a_card_that_cannot_be_used_is_void_and_says_so() -> None:
    """Wallet greys it out; the sentence says where to ask."""
    face = replace(FACE, is_usable=False)
    assert card_pass(IDENTITY, face).voided
    assert "ask at the counter" in news(face)


def test_a_card_whose_program_ended_says_so_and_expires_by_itself() -> None:
    """First of all, with nothing about what comes next; until then it is of use."""
    until = datetime(2027, 3, 31, 22, tzinfo=UTC)
    face = replace(FACE, stage="Ended. Use it.", expires_at=until)
    assert news(face) == "Ended. Use it. You have 6 of 10 stamps."
    assert news(replace(face, balances=stamps(13))).endswith("is ready: One free coffee.")
    assert not card_pass(IDENTITY, face).voided
    assert card_pass(IDENTITY, face).expires_at == until
    assert content_problems(card_pass(IDENTITY, face)) == []


def test_the_barcode_is_the_code_and_can_be_read_aloud() -> None:
    """When a scanner fails, the code under it is typed."""
    (barcode,) = card_pass(IDENTITY, FACE).barcodes
    assert (barcode.message, barcode.alt_text) == (FACE.code, FACE.code)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Café \u202esonne", "Café sonne"),
        ("a\x00b\r\nc", "abc"),
        ("\u200b \u202e", "Loyalty card"),
        ("x" * 10_000, "x" * 60),
        ("100 %@ \"quoted\" \\ 'Ü' 😀", "100 %@ \"quoted\" \\ 'Ü' 😀"),
    ],
)
def test_names_cannot_turn_the_writing_round(name: str, kept: str) -> None:
    """Control and direction characters go, and the pass stays one that Wallet accepts."""
    assert plain(name) == kept
    assert content_problems(card_pass(IDENTITY, replace(FACE, merchant_name=name))) == []


def test_images_are_drawn_once_for_each_number_of_stamps() -> None:
    """The second card with as many stamps costs nothing; the least used is forgotten."""
    artwork = Artwork(cards_max=2)

    def drawn(count: int) -> Assets:
        return artwork.of("Café Sonne", VERSION.look, stamp_progress(count, 10))

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
    assets = [artwork.of("Café", VERSION.look, stamp_progress(count, 50)) for count in (3, 31)]

    assert assets[0] is assets[1]
    assert assets[0].found == ()


def test_dates_are_written_with_their_zone() -> None:
    """Wallet shows them in the language and zone of the phone."""
    assert '"value":"2026-03-14T15:09:26Z"' in shown()
    assert '"value":"2026-03-01T09:00:00Z"' in shown(last_earned_at=None)
    assert '"visit"' not in shown(last_earned_at=None)


def test_the_terms_are_the_rules() -> None:
    """What the back says about pauses and limits is what the engine does."""
    plan = stamp_plan(5, "Tea", cooldown_minutes=120, daily_limit=3)
    text = shown(program=replace(VERSION, plan=plan))

    assert "120 minutes after the last" in text
    assert "At most 3 stamps a day" in text
    assert "5 stamps make one reward: Tea" in text


HELD: Balances = {
    "point": {Account.AVAILABLE: 340},
    "stamp": {Account.AVAILABLE: 2},
    "voucher:spending": {Account.AVAILABLE: 1},
}
MEMORY = {"spending": RuleMemory(count=1250), "visits": RuleMemory(count=3)}


def of_plan(plan: Plan, **changes: Any) -> CardFace:  # noqa: ANN401 -- any value of a face
    """Return the face of a card under a plan, with something of everything on it."""
    return replace(
        FACE,
        program=replace(VERSION, plan=plan),
        balances=HELD,
        memory=MEMORY,
        **changes,
    )


@pytest.mark.parametrize(
    ("face", "header", "fields"),
    [
        (of_plan(punch_plan()), ("PUNCHES", "2/5"), {"reward": "Lunch", "ready": "0"}),
        (
            of_plan(points_plan(), prizes=(Prize(name="A cake", cost=500),)),
            ("POINTS", "340"),
            {"balance": "340 points", "next": "160 more for: A cake."},
        ),
        (of_plan(points_plan()), ("POINTS", "340"), {"balance": "340 points"}),
        (
            of_plan(spending_plan()),
            ("SPENT", Decimal("12.50")),
            {"balance": "12.50 of 100.00 EUR", "reward": "A cake", "ready": "1"},
        ),
        (
            of_plan(visit_plan()),
            ("VISITS", "3/5"),
            {"balance": "3 of 5 visits", "reward": "A breakfast", "ready": "0"},
        ),
        (
            of_plan(tier_plan(), tier="gold"),
            ("POINTS", "340"),
            {"balance": "340 points", "tier": "Gold"},
        ),
        (
            of_plan(tier_plan(), tier="gold", falls_on=date(2027, 1, 1)),
            ("POINTS", "340"),
            {"balance": "340 points", "tier": "Gold, ends on 1 January 2027"},
        ),
        (
            of_plan(hybrid_plan()),
            ("STAMPS", "2/3"),
            {"reward": "Coffee", "ready": "0", "tier": "None yet", "other0": "340"},
        ),
    ],
)
def test_every_kind_of_card_says_what_it_counts(
    face: CardFace, header: tuple[str, object], fields: dict[str, str]
) -> None:
    """The balance stands on top of a stack of cards, and all else on the card's front."""
    written = card_pass(IDENTITY, face)
    front = written.store_card
    groups = (front.primary, front.secondary, front.auxiliary)

    assert [(field.label, field.value) for field in front.header] == [header]
    assert {field.key: field.value for fields in groups for field in fields} == fields
    assert content_problems(written) == []


@pytest.mark.parametrize(
    ("face", "sentence"),
    [
        (of_plan(punch_plan()), "You have 2 of 5 punches. 3 more for your reward: Lunch."),
        (of_plan(points_plan()), "You have 340 points."),
        (
            of_plan(points_plan(), prizes=(Prize(name="A cookie", cost=100),)),
            "You have 340 points. Enough for: A cookie.",
        ),
        (
            of_plan(spending_plan()),
            "Your reward is ready: A cake. 12.50 of 100.00 EUR towards the next.",
        ),
        (
            replace(of_plan(spending_plan()), balances={}),
            "You have spent 12.50 of 100.00 EUR. 87.50 EUR more for your reward: A cake.",
        ),
        (of_plan(visit_plan()), "You have 3 of 5 visits. 2 more for your reward: A breakfast."),
    ],
)
def test_the_lock_screen_says_how_every_kind_of_card_stands(face: CardFace, sentence: str) -> None:
    """Also what has no stamps is told in words."""
    assert news(face) == sentence


def test_what_a_level_brings_stands_on_the_back() -> None:
    """By the level's name, one benefit a line."""
    back = card_pass(IDENTITY, of_plan(tier_plan(), tier="gold")).store_card.back

    told = {field.label: field.value for field in back}
    assert told["Your benefits: Gold"] == "A free birthday coffee\nDouble points"


def test_a_card_without_stamps_has_a_clean_banner() -> None:
    """One for all of a program's cards, whatever is on them."""
    artwork = Artwork()
    progress = [of_plan(spending_plan()).progress, of_plan(points_plan()).progress]
    first, second = (artwork.of("Café", VERSION.look, each) for each in progress)

    assert first is second
    assert first.found == ()


@pytest.mark.parametrize(
    ("language", "sentence", "labels"),
    [
        (
            Language.FR,
            "Vous avez 6 tampons sur 10. Encore 4 avant votre récompense : One free coffee.",
            ("TAMPONS", "RÉCOMPENSE", "PRÊT", "Où en est votre carte"),
        ),
        (
            Language.DE,
            "Sie haben 6 von 10 Stempeln. Noch 4 bis zu Ihrer Prämie: One free coffee.",
            ("STEMPEL", "PRÄMIE", "BEREIT", "So steht Ihre Karte"),
        ),
        (
            Language.LB,
            "Dir hutt 6/10 Stempelen. Nach 4 bis zu Ärer Belounung: One free coffee.",
            ("STEMPELEN", "BELOUNUNG", "PRETT", "Sou steet Är Kaart"),
        ),
    ],
)
def test_a_pass_speaks_its_customers_language(
    language: Language, sentence: str, labels: tuple[str, ...]
) -> None:
    """Above the values, on the back and on the lock screen, where the message is the value."""
    face = replace(FACE, language=language)
    front = card_pass(IDENTITY, face).store_card
    fields = (*front.header, *front.secondary, *front.auxiliary, front.back[0])

    assert tuple(field.label for field in fields) == labels
    assert front.back[0].value == news(face) == sentence
    assert front.back[0].change_message == "%@"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "plan", [punch_plan(), points_plan(), spending_plan(), visit_plan(), tier_plan()]
)
def test_wallet_takes_every_kind_of_card_in_every_language(language: Language, plan: Plan) -> None:
    """The same bytes each time, other ones in each language, and nothing grows out of hand."""
    face = of_plan(plan, language=language, tier="gold")
    written = pass_json(card_pass(IDENTITY, face))
    english = pass_json(card_pass(IDENTITY, replace(face, language=Language.EN)))

    assert content_problems(card_pass(IDENTITY, face)) == []
    assert written == pass_json(card_pass(IDENTITY, replace(face)))
    assert (written == english) == (language is Language.EN)
    assert len(written) < 1.5 * len(english)


@pytest.mark.parametrize(
    ("face", "sentence"),
    [
        (
            of_plan(spending_plan(), language=Language.DE),
            "Ihre Prämie ist bereit: A cake. Für die nächste: 12,50 von 100,00 EUR.",
        ),
        (
            of_plan(points_plan(), language=Language.FR, prizes=(Prize(name="Thé", cost=1340),)),
            "Vous avez 340 points. Encore 1000 pour : Thé.",
        ),
        (
            of_plan(points_plan(), language=Language.DE, prizes=(Prize(name="Tee", cost=100),)),
            "Sie haben 340 Punkte. Genug für: Tee.",
        ),
        (
            of_plan(visit_plan(), language=Language.LB),
            "Dir hutt 3/5 Visitten. Nach 2 bis zu Ärer Belounung: A breakfast.",
        ),
        (
            replace(FACE, language=Language.FR, is_usable=False),
            "Cette carte n’est plus utilisable.",
        ),
        (
            replace(FACE, language=Language.DE, balances=stamps(3, 10)),
            "Ihre Prämie wird gerade ausgegeben: One free coffee.",
        ),
    ],
)
def test_every_kind_of_card_stands_in_its_customers_words(face: CardFace, sentence: str) -> None:
    """Amounts and figures are written as the language writes them."""
    assert news(face).startswith(sentence)
