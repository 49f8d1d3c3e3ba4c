"""The phrases of customers' pages: complete in four languages, and each in its own words."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import pytest

from gateway.domain.consents import Medium, Purpose
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.domain.wording import Language, MessageEvent
from gateway.presenters.message_histories import fate_text, what_text
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.presenters.preference_switches import consent_wording, switch_groups

GROUPS = ("joining", "addresses", "standings", "histories")
# Words that some of these languages really share.
SHARED = {"mail", "phone", "events.stamp", "events.campaign"}


def said(language: Language) -> Iterator[tuple[str, str]]:
    for group in GROUPS:
        phrases = getattr(PAGE_PHRASES[language], group)
        for field in fields(phrases):
            value = getattr(phrases, field.name)
            if isinstance(value, Mapping):
                yield from ((f"{field.name}.{key}", phrase) for key, phrase in value.items())
            else:
                yield field.name, value


@pytest.mark.parametrize("language", list(Language))
def test_every_fate_and_every_reason_has_words(language: Language) -> None:
    """Whatever becomes of a message, its reader is told in their language."""
    for event in MessageEvent:
        for channel in Channel:
            assert what_text(event, channel, language)
    for state in MessageState:
        assert fate_text(state, None, language)
    for reason in SkipReason:
        told = fate_text(MessageState.SKIPPED, reason, language)
        assert told.startswith(fate_text(MessageState.SKIPPED, None, language))
        assert len(told) > len(fate_text(MessageState.SKIPPED, None, language))


def test_only_a_skip_tells_its_reason() -> None:
    """What a provider said of a failure is not for customers."""
    assert fate_text(MessageState.FAILED, "outcome_unknown", Language.EN) == "Could not be sent"


def test_no_language_borrows_from_english() -> None:
    """A phrase that is English elsewhere was forgotten there."""
    english = dict(said(Language.EN))
    for language in set(Language) - {Language.EN}:
        for name, phrase in said(language):
            assert phrase != english[name] or name in SHARED, name


@pytest.mark.parametrize("language", list(Language))
def test_each_consent_is_a_sentence_of_its_own(language: Language) -> None:
    """Six choices, six sentences, each with who is agreed to."""
    wordings = {
        consent_wording(language, "Café Sonne", medium, purpose)
        for medium in Medium
        for purpose in Purpose
    }

    assert len(wordings) == len(Medium) * len(Purpose)
    assert all("Café Sonne" in wording for wording in wordings)
    joining = PAGE_PHRASES[language].joining
    assert "{{ merchant }}" in joining.news
    assert "{{ merchant }}" in joining.offers


def test_a_way_without_an_address_has_no_switch() -> None:
    """A wallet needs none."""
    groups = switch_groups(Language.EN, "Café Sonne", (), {})

    assert [switch.name for group in groups for switch in group.switches] == [
        "service_wallet",
        "marketing_wallet",
    ]
    assert all(switch.is_on for group in groups for switch in group.switches)
