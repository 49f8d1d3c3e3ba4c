"""Our own words: complete in four languages, within the rules for everybody, and cheap to send."""

from dataclasses import fields
from itertools import product

import pytest

from gateway.domain.consents import Medium, Purpose
from gateway.domain.sms_segments import segments
from gateway.domain.wording import Language, MessageEvent, check_wording, fill
from gateway.presenters.message_previews import Brand, Preview, preview
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.wordings.defaults import default_wording

EVERYTHING = list(product(MessageEvent, Medium, Language))


def preview_of(event: MessageEvent, medium: Medium, language: Language) -> Preview:
    return preview(event, medium, language, default_wording(event, medium, language), Brand())


@pytest.mark.parametrize(("event", "medium", "language"), EVERYTHING)
def test_our_words_keep_the_rules(event: MessageEvent, medium: Medium, language: Language) -> None:
    """What we refuse a merchant we do not send ourselves."""
    check_wording(event, medium, default_wording(event, medium, language))


@pytest.mark.parametrize(("event", "medium", "language"), EVERYTHING)
def test_every_message_can_be_previewed(
    event: MessageEvent, medium: Medium, language: Language
) -> None:
    """Every gap is filled, in text, subject and HTML."""
    shown = preview_of(event, medium, language)

    assert shown.text
    assert bool(shown.subject) == bool(shown.html) == (medium is Medium.MAIL)
    for text in (shown.text, shown.subject, shown.html.partition("</head>")[2]):
        assert "{" not in text
        assert "}" not in text


@pytest.mark.parametrize(("event", "language"), list(product(MessageEvent, Language)))
def test_our_sms_cost_one_segment(event: MessageEvent, language: Language) -> None:
    """With typical values, in the cheap alphabet, the way out under an offer included."""
    text = preview_of(event, Medium.SMS, language).text

    assert segments(text) == 1, f"{len(text)} characters: {text}"
    assert text.startswith("Café Central")


@pytest.mark.parametrize(("event", "language"), list(product(MessageEvent, Language)))
def test_every_offer_by_sms_says_how_to_stop(event: MessageEvent, language: Language) -> None:
    """And nothing else does: STOP under a receipt would only frighten people."""
    text = preview_of(event, Medium.SMS, language).text

    is_offer = event.purpose is Purpose.MARKETING
    assert text.endswith(PHRASES[language].sms.stop_line) == is_offer


@pytest.mark.parametrize("language", list(Language))
def test_answers_by_sms_are_cheap_and_say_who_writes(language: Language) -> None:
    """STOP is answered in one segment; HELP, which has a link, in two."""
    sms = PHRASES[language].sms
    link = "https://cards.example.com/choices/cafe-central"
    values = {"merchant": "Cafe Central", "card_link": link}

    assert segments(fill(sms.stop_answer, values)) == 1
    assert segments(fill(sms.help_answer, values)) <= 2
    assert sms.stop_answer.startswith("{{ merchant }}")
    assert sms.help_answer.startswith("{{ merchant }}")


@pytest.mark.parametrize("language", list(Language))
def test_consents_name_who_is_agreed_to(language: Language) -> None:
    """What is kept as proof says whom the customer said yes to."""
    wanted = PHRASES[language].preferences

    for field in fields(wanted):
        if "_by_" in field.name:
            assert "{{ merchant }}" in getattr(wanted, field.name), field.name


def test_no_language_borrows_from_another() -> None:
    """A sentence that is the same in two languages was forgotten in one of them."""
    for group in ("preferences", "unsubscribing", "mails", "sms"):
        for field in fields(getattr(PHRASES[Language.EN], group)):
            said = [
                getattr(getattr(PHRASES[language], group), field.name) for language in Language
            ]
            assert len(set(said)) == len(Language), field.name
