"""The card on our pages: dots and words agree, colours can be told apart, codes can be read."""

import re
from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.ledger import Account, Balances
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.progress import stamp_progress
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.stamps import TARGET_MAX, TARGET_MIN
from gateway.domain.wording import Language
from gateway.presenters.codes import QUIET_MODULES, qr_drawing
from gateway.presenters.contrasts import contrast, is_readable
from gateway.presenters.web_card import WebCard, draw
from gateway.web.merchant.design_forms import PALETTES
from tests.plans import hybrid_plan, points_plan, punch_plan, spending_plan, visit_plan

VERSION = ProgramVersion(
    id=UUID(int=1),
    program_id=UUID(int=2),
    number=1,
    name="Card",
    plan=hybrid_plan(),
    look=Look(),
)
HELD: Balances = {"point": {Account.AVAILABLE: 340}, "stamp": {Account.AVAILABLE: 2}}
MEMORY = {"spending": RuleMemory(count=1250), "visits": RuleMemory(count=4)}


def make_card(available: int, target: int) -> WebCard:
    return WebCard(
        merchant="Café",
        program="Card",
        reward="Coffee",
        look=Look(),
        progress=stamp_progress(available, target),
    )


@pytest.mark.parametrize("target", range(TARGET_MIN, TARGET_MAX + 1))
def test_the_dots_say_what_the_words_say(target: int) -> None:
    """For every size of card and every number of stamps on it."""
    for available in range(2 * target + 2):
        card = make_card(available, target)
        assert card.progress.text == f"{sum(card.dots)} of {len(card.dots)}"


@pytest.mark.parametrize(
    ("available", "sentence"),
    [(0, "10 more stamps to go."), (9, "1 more stamp to go."), (10, "Show your code")],
)
def test_the_sentence_says_what_comes_next(available: int, sentence: str) -> None:
    """Counting down in proper English, then pointing to the till."""
    assert make_card(available, 10).sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("plan", "number", "beside", "sentence"),
    [
        (punch_plan(), "2", "of 5 punches", "3 more punches to go."),
        (points_plan(), "340", "points", "You have 340 points."),
        (spending_plan(), "12.50", "of 100.00 EUR", "87.50 EUR more to go."),
        (visit_plan(), "4", "of 5 visits", "1 more visit to go."),
    ],
)
def test_every_kind_of_card_is_drawn(plan: Plan, number: str, beside: str, sentence: str) -> None:
    """A large number where there are no dots, and what comes next in words."""
    card = draw("Café", replace(VERSION, plan=plan), HELD, MEMORY)

    assert (card.number, card.beside, card.sentence) == (number, beside, sentence)
    assert bool(card.dots) == card.progress.has_places


@pytest.mark.parametrize(
    ("plan", "language", "said"),
    [
        (
            hybrid_plan(),
            Language.DE,
            ("Stempel", "2 von 3", "von 3 Stempeln", "Noch 1 Stempel."),
        ),
        (
            spending_plan(),
            Language.FR,
            ("Dépensé", "12,50", "sur 100,00 EUR", "Encore 87,50 EUR."),
        ),
        (visit_plan(), Language.LB, ("Visitten", "4/5", "/ 5 Visitten", "Nach 1 Visitt.")),
        (points_plan(), Language.FR, ("Points", "340 points", "points", "Vous avez 340 points.")),
    ],
)
def test_every_kind_of_card_is_drawn_in_its_customers_language(
    plan: Plan, language: Language, said: tuple[str, ...]
) -> None:
    """Name, progress, what stands beside the number, and what comes next."""
    drawn = draw("Café", replace(VERSION, plan=plan), HELD, MEMORY)
    card = replace(drawn, language=language)
    progress = card.number if card.progress.scale else card.text

    assert (card.name, progress, card.beside, card.sentence) == said


def test_what_else_a_card_counts_stands_below() -> None:
    """Stamps first, then points and the level."""
    card = draw("Café", replace(VERSION, plan=hybrid_plan()), HELD, MEMORY, "silver")

    assert card.dots == [True, True, False]
    assert card.also == [("Points", "340 points"), ("Level", "Silver")]
    new = draw("Café", replace(VERSION, plan=hybrid_plan()), HELD, MEMORY)
    german = replace(new, language=Language.DE, held_back=1_200)
    assert german.also == [
        ("Punkte", "340 Punkte"),
        ("Noch nicht einlösbar", "1.200 Punkte"),
        ("Stufe", "Noch keine"),
    ]


def test_contrast_is_measured_as_wcag_does() -> None:
    """Black on white is 21, a colour on itself 1, and the order does not matter."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("look", PALETTES, ids=lambda look: look.background)
def test_every_palette_we_offer_can_be_read(look: Look) -> None:
    """Nobody is led into colours that few can read."""
    assert is_readable(look)


def test_a_code_has_its_quiet_zone() -> None:
    """The light ground is four modules wider than the code on every side."""
    drawing = qr_drawing("LC1-ABCDEFGHIJKLMNOPQRST")
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', drawing)[0])
    assert f"M0 0h{size}v{size}h-{size}z" in drawing
    dark = re.findall(r' d="M4 4\.5h7', drawing)
    assert len(dark) == 1, "the first finder begins after four light modules"
    assert QUIET_MODULES == 4
