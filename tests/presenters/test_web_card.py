"""The card on our pages: dots and words agree, colours can be told apart, codes can be read."""

import re

import pytest

from gateway.domain.cards import progress
from gateway.domain.programs import STAMPS_TARGET_MAX, STAMPS_TARGET_MIN, Look
from gateway.presenters.codes import QUIET_MODULES, qr_drawing
from gateway.presenters.contrasts import contrast, is_readable
from gateway.presenters.web_card import WebCard
from gateway.web.merchant.design_forms import PALETTES


def make_card(available: int, target: int) -> WebCard:
    return WebCard(
        merchant="Café",
        program="Card",
        reward="Coffee",
        look=Look(),
        progress=progress(available, target),
    )


@pytest.mark.parametrize("target", range(STAMPS_TARGET_MIN, STAMPS_TARGET_MAX + 1))
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
