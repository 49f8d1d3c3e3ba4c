"""Lines for a wallet: filled, whole where they fit, cut after a word where they do not."""

from dataclasses import replace

from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.presenters.message_previews import example_facts
from gateway.presenters.wallet_texts import TEXT_CHARACTERS_MAX, wallet_text


def text_of(body: str, reward: str) -> str:
    facts = replace(example_facts(MessageEvent.CAMPAIGN, Language.EN), reward=reward)
    return wallet_text(Wording(body), facts, Language.EN)


def test_a_line_is_shown_as_written() -> None:
    """With its gaps filled."""
    assert text_of("At {{ merchant }}: {{ reward }}!", "Tea") == "At Café Central: Tea!"


def test_a_line_too_long_ends_after_a_word() -> None:
    """Even a line of nothing but long names keeps its limit."""
    text = text_of("{{ reward }} {{ reward }}", "coffee " * 40)

    assert len(text) <= TEXT_CHARACTERS_MAX
    assert text.endswith("coffee…")
    assert len(text_of("{{ reward }}" * 5, "x" * 300)) == TEXT_CHARACTERS_MAX
