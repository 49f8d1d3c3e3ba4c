"""A campaign's words: everybody reads a language they know, and nothing unsendable is kept."""

from dataclasses import replace

import pytest

from gateway.domain.campaign_words import check_words, differs_by_card, words_for
from gateway.domain.campaigns import Content, Plan
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel
from gateway.domain.wording import Language, Wording

ENGLISH = Content(
    subject="Cake", body="Come.", sms="Cake at {{ merchant }}.", wallet="Cake today!"
)
PLAN = Plan(
    name="Cake",
    channels=tuple(Channel),
    contents={"en": ENGLISH, "fr": Content(subject="Gâteau", body="Venez.")},
)


@pytest.mark.parametrize(
    ("channel", "wanted", "language", "wording"),
    [
        (Channel.MAIL, ["fr-LU", "en"], Language.FR, Wording("Venez.", "Gâteau")),
        (Channel.SMS, ["fr-LU", "en"], Language.EN, Wording(ENGLISH.sms)),
        (Channel.APPLE, ["pt", "en"], Language.EN, Wording(ENGLISH.wallet)),
        (Channel.GOOGLE, ["en"], Language.EN, Wording(ENGLISH.wallet)),
    ],
)
def test_everybody_reads_what_they_can(
    channel: Channel, wanted: list[str], language: Language, wording: Wording
) -> None:
    """A language that says nothing by a channel is not chosen for it."""
    assert words_for(PLAN, channel, wanted) == (language, wording)


def test_words_that_can_be_sent_are_let_through() -> None:
    """What is not said in a language is no fault there."""
    check_words(PLAN)
    unused = replace(PLAN, channels=(Channel.MAIL,), contents={"en": replace(ENGLISH, sms="!")})
    check_words(unused)


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("en", replace(ENGLISH, body="{{ nonsense }}"), "contents.en.body"),
        ("fr", replace(ENGLISH, subject="=?x"), "contents.fr.subject"),
        ("fr", replace(ENGLISH, subject=""), "contents.fr.subject"),
        ("en", replace(ENGLISH, sms="Who writes?"), "contents.en.sms"),
        ("de", replace(ENGLISH, wallet="See https://example.org"), "contents.de.wallet"),
        ("pt", ENGLISH, "contents.pt.language"),
    ],
)
def test_words_that_cannot_be_sent_are_refused_where_they_stand(
    name: str, content: Content, field: str
) -> None:
    """A sentence stands beside the text it is about."""
    with pytest.raises(Invalid) as refused:
        check_words(replace(PLAN, contents={name: content}))
    errors = refused.value.detail["errors"]
    assert isinstance(errors, dict)
    assert list(errors) == [field]
    assert refused.value.sentence == "Please check the words."


def test_words_about_one_card_are_not_for_all() -> None:
    """Names are the same on every card; how far it is, is not."""
    assert not differs_by_card(PLAN)
    assert not differs_by_card(
        replace(PLAN, contents={"en": Content(wallet="{{ program }} at {{ merchant }}")})
    )
    assert differs_by_card(
        replace(PLAN, contents={"en": ENGLISH, "fr": Content(wallet="{{stamps_missing}}")})
    )
