"""Mails: the structure is ours whatever anybody is called, and mail programs can show it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.consents import Medium
from gateway.domain.programs import Look
from gateway.domain.progress import Progress
from gateway.domain.rules.stamps import TARGET_MAX
from gateway.domain.wording import (
    BODY_CHARACTERS_MAX,
    Language,
    MessageEvent,
    Wording,
    check_wording,
    one_line,
)
from gateway.presenters.mails import HTML_BYTES_MAX, Mail, MailPage, mail
from gateway.presenters.message_previews import example_facts
from gateway.presenters.wordings.defaults import default_wording
from workers.channels.mail.headers import header_text

PREFERENCES = "https://cards.example.com/choices/1"
UNSUBSCRIBE = "https://cards.example.com/no-more/1"
VOID = {"meta", "br"}
ALL_VALUES = "{{ merchant }}|{{ program }}|{{ reward }}"
NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><a href="javascript:alert(1)">x</a>',
            "</title></table><!--",
            "{{ reward }}{{7*7}}{% raw %}",
            "Café\r\nBcc: everybody@example.com",
            "=?utf-8?q?=0D=0ABcc:_x?=",
            "\u202eevil\u2066",
            "\U0001f469\u200d\U0001f373",
            "&lt;b&gt; &amp;",
            "https://evil.example.com/",
        ]
    ),
)


class Reader(HTMLParser):
    """Reads a mail as a mail program does: its elements, its links, and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and where it leads."""
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag == "br":
            self.text += "\n"
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Insist on closing what was opened last."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what people see."""
        if self._open and self._open[-1] not in {"style", "title"}:
            self.text += data


def make_page(wording: Wording, event: MessageEvent = MessageEvent.CAMPAIGN) -> MailPage:
    is_offer = event is MessageEvent.CAMPAIGN
    return MailPage(
        event=event,
        wording=wording,
        facts=example_facts(event, Language.EN),
        language=Language.EN,
        look=Look(),
        preferences_link=PREFERENCES,
        unsubscribe_link=UNSUBSCRIBE if is_offer else None,
    )


def written(body: str, subject: str = "Hello") -> Mail:
    return mail(make_page(Wording(body, subject)))


@settings(max_examples=60)
@given(NASTY, NASTY, NASTY)
def test_no_name_changes_the_structure(merchant: str, program: str, reward: str) -> None:
    """The same elements and links as with harmless names, and the names as text, as they are."""
    page = make_page(Wording(ALL_VALUES, ALL_VALUES))
    facts = replace(page.facts, merchant=merchant, program=program, reward=reward)

    found = mail(replace(page, facts=facts))

    reader, harmless = Reader(found.html), Reader(mail(page).html)
    assert reader.elements == harmless.elements
    assert reader.links == harmless.links
    assert reader.attributes == harmless.attributes
    said = "|".join(map(one_line, (merchant, program, reward)))
    assert said in reader.text
    assert found.text.startswith(said)
    assert found.subject.isprintable()
    assert not {"=?", "?="} & {found.subject[at : at + 2] for at in range(len(found.subject))}


@pytest.mark.parametrize("subject", ["Why?=", "{{ reward }}?", "{{ reward }}" * 10])
def test_a_subject_that_may_be_written_can_be_sent(subject: str) -> None:
    """What the rules let through is no header that the mail is refused for in the end."""
    wording = Wording("Hi", subject)
    check_wording(MessageEvent.REWARD_EARNED, Medium.MAIL, wording)
    page = make_page(wording)

    found = mail(replace(page, facts=replace(page.facts, reward="free?=" * 10)))

    assert header_text(found.subject) == found.subject


@settings(max_examples=40)
@given(NASTY)
def test_no_merchant_writes_markup(words: str) -> None:
    """Even words that slipped past the rules stay words; only whole https links become links."""
    body = words.replace("{", "")
    reader = Reader(written(f"{body}.").html)

    assert set(reader.elements) <= set(Reader(written("See\nhttps://a.example").html).elements)
    assert all(link.startswith("https://") for link in reader.links)
    assert " ".join(body.split()) in " ".join(reader.text.split())


def test_words_become_paragraphs_lines_and_links() -> None:
    """A blank line parts paragraphs, a line end stays one, an https address can be clicked."""
    html = written("One\ntwo\n\n \nThree https://example.com/?a=1&b=2.").html

    assert '<p style="margin:0 0 18px">One<br>two</p>' in html
    assert "https://example.com/?a=1&b=2" in Reader(html).links
    assert "https://example.com/?a=1&b=2." in Reader(html).text


def test_a_value_is_no_link_but_the_cards_own() -> None:
    """Nobody is sent somewhere because a reward is called so."""
    page = make_page(Wording("{{ reward }} {{ card_link }}", "Hello"))
    named = replace(page, facts=replace(page.facts, reward="https://evil.example.com/"))

    links = Reader(mail(named).html).links

    assert links == [page.facts.card_link, page.facts.card_link, PREFERENCES, UNSUBSCRIBE]


def test_a_mark_never_begins_a_line_of_its_own() -> None:
    """French sets its marks apart, and a fixed space keeps them with their word."""
    assert "Bravo\u00a0!" in written("Bravo !").html


@pytest.mark.parametrize("event", list(MessageEvent))
def test_only_offers_can_be_unsubscribed_from(event: MessageEvent) -> None:
    """News about one's own card are chosen on the page of preferences."""
    wording = default_wording(event, Medium.MAIL, Language.EN)
    found = mail(make_page(wording, event))

    assert (UNSUBSCRIBE in found.text) == (event is MessageEvent.CAMPAIGN)
    assert (UNSUBSCRIBE in Reader(found.html).links) == (event is MessageEvent.CAMPAIGN)
    assert PREFERENCES in found.text
    assert PREFERENCES in Reader(found.html).links


def test_an_offer_without_a_way_out_is_our_mistake() -> None:
    """It is not written at all."""
    page = make_page(Wording("Hello", "Hello"))

    with pytest.raises(AssertionError, match="unsubscribed"):
        mail(replace(page, unsubscribe_link=None))


@pytest.mark.parametrize(
    "body",
    [
        "a\n\n" * (BODY_CHARACTERS_MAX[Medium.MAIL] // 3),
        "&" * BODY_CHARACTERS_MAX[Medium.MAIL],
        "{{ card_link }} " * 20,
        f"https://example.com/{'&' * 700} " * 5,
    ],
)
def test_the_longest_mail_is_not_cut_off(body: str) -> None:
    """Within the limits of wordings every mail is shown whole, to its last link."""
    wording = Wording(body, "Hello")
    check_wording(MessageEvent.CAMPAIGN, Medium.MAIL, wording)
    page = make_page(wording)
    longest = replace(page.facts, reward="'" * 300, progress=Progress(20, 20, 1))

    assert len(mail(replace(page, facts=longest)).html.encode()) <= HTML_BYTES_MAX


def test_mail_programs_find_what_they_need() -> None:
    """Language, dark colours, nothing from elsewhere, nothing that runs, tables that stay mute."""
    html = written("Hello").html
    reader = Reader(html)

    assert '<html lang="en" dir="ltr">' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert {"script", "img", "link", "iframe", "form"}.isdisjoint(reader.elements)
    assert not re.search(r"url\(|@import|\son\w+=", html)
    assert html.count("<table ") == html.count('<table role="presentation"')


@pytest.mark.parametrize("target", [2, 7, 16, 20, 30, TARGET_MAX])
def test_the_card_shows_its_stamps(target: int) -> None:
    """A dot for each while they fit a phone, and always the same in words."""
    page = make_page(Wording("Hello", "Hello"))
    half = Progress(target // 2, target, 0)
    found = mail(replace(page, facts=replace(page.facts, progress=half)))

    assert found.html.count("border-radius:20px") - 1 == (target if target <= 20 else 0)
    assert f"{target // 2} of {target}" in Reader(found.html).text
    assert f"{target // 2} of {target}" in found.text


def test_unreadable_colours_are_not_used_for_writing() -> None:
    """Whatever a merchant chose, the card and the button can be read, and seen on white."""
    page = make_page(Wording("Hello", "Hello"))
    pale = Look(background="#fffff0", foreground="#ffffff", label="#eeeeee")

    html = mail(replace(page, look=pale)).html

    assert "color:#111111" in html
    assert "#eeeeee" not in html
    assert "border:1px solid #d8d3c9" in html
