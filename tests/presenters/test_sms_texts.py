"""SMS: cut with care, cheap in their signs, and never without the way out."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.sms_segments import SEGMENTS_MAX, segments
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.presenters.message_previews import example_facts
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.sms_texts import sms_text

STOP = PHRASES[Language.EN].sms.stop_line


def text_of(body: str, *, event: MessageEvent = MessageEvent.CAMPAIGN, reward: str = "Tea") -> str:
    facts = replace(example_facts(event, Language.EN), reward=reward)
    return sms_text(event, Wording(body), facts, Language.EN)


def test_signs_that_cost_are_written_plainly() -> None:
    """Typographic quotes and fixed spaces would more than halve a segment."""
    text = text_of("L’été\u00a0: “oui” – … «non»", event=MessageEvent.STAMP)

    assert text == 'L\'été : "oui" - ... "non"'
    assert segments(text) == 1


def test_what_is_too_long_loses_its_last_words_and_keeps_its_links() -> None:
    """Words go before links, a link stays whole, and the stop line stays last."""
    text = text_of("Begin " + "{{ reward }} " * 15 + "{{ card_link }} end", reward="word " * 20)

    link = example_facts(MessageEvent.CAMPAIGN, Language.EN).card_link
    assert text.startswith("Begin word")
    assert text.endswith(f" {link} ...\n{STOP}")
    assert segments(text) <= SEGMENTS_MAX


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_value_makes_an_sms_long_or_takes_its_way_out(body: str, reward: str) -> None:
    """Whatever the words and names, the limit holds and the stop line is the last."""
    text = text_of(body.replace("{", "") + " {{ reward }}" * 10, reward=reward)

    assert segments(text) <= SEGMENTS_MAX
    assert text.endswith(STOP)


def test_links_that_do_not_fit_are_left_out_whole() -> None:
    """Half a link leads somewhere else."""
    links = [f"https://example.com/{number}{'x' * 250}" for number in range(5)]
    text = text_of(" ".join(links))

    assert [word for word in text.split() if word.startswith("https")] == links[:3]
