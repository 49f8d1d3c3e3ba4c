"""Words with gaps: what may stand in them, what fills them, and that nothing in them ever runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.consents import Medium, Purpose
from gateway.domain.errors import Invalid
from gateway.domain.wording import (
    BODY_CHARACTERS_MAX,
    SUBJECT_CHARACTERS_MAX,
    VALUE_CHARACTERS_MAX,
    Language,
    MessageEvent,
    Wording,
    check_wording,
    choose_language,
    fill,
    one_line,
    placeholders,
)
from gateway.domain.wording_faults import LINK, LINKS_MAX, PLACEHOLDERS_MAX

MAIL, SMS, WALLET = Medium.MAIL, Medium.SMS, Medium.WALLET
STAMP = MessageEvent.STAMP


def faults_of(wording: Wording, medium: Medium = MAIL) -> dict[str, str]:
    """Return what is wrong by field; nothing when the words may be sent."""
    try:
        check_wording(STAMP, medium, wording)
    except Invalid as refusal:
        found = refusal.detail["errors"]
        assert isinstance(found, dict)
        return found
    return {}


def body_fault(body: str, medium: Medium = MAIL) -> str:
    subject = "Hello" if medium is MAIL else ""
    return faults_of(Wording(body, subject), medium).get("body", "")


@pytest.mark.parametrize(
    "body",
    [
        "Hello {{ merchant }}, {{reward}} at 7:30!",
        "Two paragraphs.\n\nSee https://www.example.com/menu?day=1#soup.",
        "Your data: safe with us. File: none.",
        "Bravo\u00a0! \U0001f469\u200d\U0001f373 \u2764\ufe0f",
    ],
)
def test_ordinary_words_may_be_sent(body: str) -> None:
    """Paragraphs, links, colons, fixed spaces and composed emoji are no crime."""
    assert body_fault(body) == ""


@pytest.mark.parametrize(
    "body",
    ["{{7*7}}", "{{ merchant.name }}", "{% if 1 %}", "{# x #}", "{merchant}", "{{ merchant", "}"],
)
def test_nothing_but_placeholders_stands_in_braces(body: str) -> None:
    """A template language would run these; ours refuses them before anybody tries."""
    assert body_fault(f"Hello {body}!").startswith("Please use braces only")


def test_an_unknown_placeholder_is_named_beside_the_known_ones() -> None:
    """The author reads what was not understood, and what could have been meant."""
    fault = body_fault("Hello {{ customer }}!")

    assert "{{ customer }}" in fault
    assert "{{ merchant }}" in fault


@pytest.mark.parametrize(
    "body",
    [
        "javascript:alert(1)",
        "JavaScript : alert(1)",
        "data:text/html,x",
        "http://example.com/",
        "ftp://example.com/",
        "https://user:password@example.com/",
        "https://user@example.com/",
        "https://localhost/",
        "https://",
        "https://[",
        "https://[shop.example/",
        "https://example.com/{{ merchant }}",
        "https://{{ merchant }}.example.com/",
    ],
)
def test_links_are_whole_https_addresses(body: str) -> None:
    """No other scheme, no password that looks like a host, no gap that decides where it leads."""
    assert "link" in body_fault(f"See {body} now")


@pytest.mark.parametrize("sign", ["\r", "\0", "\x1b", "\u202e", "\u2066", "\u200b", "\u2028"])
def test_hidden_signs_are_refused(sign: str) -> None:
    """Controls, marks that turn the writing round, and line ends no form should send."""
    assert "cannot be seen" in body_fault(f"Hello{sign}you")
    assert "cannot be seen" in faults_of(Wording("Hello", f"Hello{sign}you"))["subject"]


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Hello\nBcc: everybody@example.com",
        "=?utf-8?q?Hello=0D=0ABcc:_all?=",
        "See https://example.com/",
        "{{ card_link }}",
        "x" * (SUBJECT_CHARACTERS_MAX + 1),
    ],
)
def test_a_subject_is_one_honest_line(subject: str) -> None:
    """Nothing that ends the header, nothing a mail program would decode, no links."""
    assert set(faults_of(Wording("Hello", subject))) == {"subject"}


def test_only_mail_has_a_subject() -> None:
    """A subject nobody will see is a mistake worth saying."""
    assert set(faults_of(Wording("{{ merchant }}: hello", "Hello"), SMS)) == {"subject"}


@pytest.mark.parametrize("medium", list(Medium))
def test_words_have_a_length(medium: Medium) -> None:
    """As many characters as the limit says, and not one more."""
    least = "{{ merchant }} "
    most = BODY_CHARACTERS_MAX[medium]

    assert body_fault(least + "x" * (most - len(least)), medium) == ""
    assert str(most) in body_fault(least + "x" * (most - len(least) + 1), medium)
    assert body_fault(" \n", medium) != ""


def test_an_sms_says_who_writes() -> None:
    """The number it comes from tells people nothing."""
    assert "{{ merchant }}" in body_fault("Come by!", SMS)
    assert body_fault("{{ merchant }}: come by!\nSoon.", SMS) == ""


def test_a_wallet_shows_one_line_without_links() -> None:
    """Google forbids unrelated links; a lock screen has no lines."""
    assert "links" in body_fault("See https://example.com/", WALLET)
    assert "card_link" in body_fault("See {{ card_link }}", WALLET)
    assert "one line" in body_fault("Two\nlines", WALLET)


def test_links_and_placeholders_are_counted() -> None:
    """A mail of nothing but links is spam, and one of nothing but gaps has no length."""
    assert body_fault("https://example.com/ " * LINKS_MAX) == ""
    assert "links" in body_fault("https://example.com/ " * (LINKS_MAX + 1))
    assert body_fault("{{ reward }} " * PLACEHOLDERS_MAX) == ""
    assert "placeholders" in body_fault("{{ reward }} " * (PLACEHOLDERS_MAX + 1))


def test_a_link_ends_before_the_full_stop() -> None:
    """The mark after a link belongs to the sentence."""
    found = LINK.search("(See https://example.com/a,b?c=d.)")

    assert found is not None
    assert found[0] == "https://example.com/a,b?c=d"


@given(st.text(max_size=40), st.text(max_size=40))
def test_values_are_never_filled_again(merchant: str, reward: str) -> None:
    """Whatever a name says, it stands in the text as it is, in one pass."""
    values = {"merchant": merchant + "{{ reward }}", "reward": reward}

    filled = fill("<{{ merchant }}|{{reward}}>", values)

    assert filled == f"<{one_line(merchant + '{{ reward }}')}|{one_line(reward)}>"


@given(st.text())
def test_a_value_is_one_line_that_can_be_seen(value: str) -> None:
    """No value ends a line, turns the writing round or goes on for ever."""
    line = one_line(value)

    assert line.isprintable()
    assert len(line) <= VALUE_CHARACTERS_MAX


def test_a_missing_value_is_our_own_mistake() -> None:
    """Nobody is sent a message with a hole in it."""
    with pytest.raises(AssertionError, match="reward"):
        fill("{{ reward }}", {})


@pytest.mark.parametrize("event", list(MessageEvent))
def test_every_placeholder_is_explained(event: MessageEvent) -> None:
    """The editor can show for each gap what it means and an example of it."""
    for placeholder in placeholders(event, MAIL):
        assert placeholder.explanation.endswith(".")
        assert placeholder.example


def test_only_a_campaign_is_marketing() -> None:
    """The purpose decides which consent is asked for."""
    offers = [event for event in MessageEvent if event.purpose is Purpose.MARKETING]

    assert offers == [MessageEvent.CAMPAIGN]


@pytest.mark.parametrize(
    ("wanted", "available", "chosen"),
    [
        (["fr-LU", "de"], Language, Language.FR),
        (["LB"], Language, Language.LB),
        (["de_AT"], Language, Language.DE),
        (["pt", "de"], Language, Language.DE),
        (["lb"], [Language.EN, Language.DE, Language.FR], Language.FR),
        (["lb"], [Language.EN, Language.DE], Language.DE),
        (["pt"], Language, Language.EN),
        ([], [Language.LB, Language.FR], Language.FR),
        (["", "*", "fr"], Language, Language.FR),
    ],
)
def test_people_are_written_to_in_their_language(
    wanted: list[str], available: list[Language], chosen: Language
) -> None:
    """The first wish we can fulfil; Luxembourgers read French; everybody else reads English."""
    assert choose_language(wanted, available) is chosen


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("A free coffee", "A free coffee"),
        (" two \n lines\r\n", "two lines"),
        ("turned\u202eround", "turned round"),
        ("x" * (VALUE_CHARACTERS_MAX + 1), "x" * VALUE_CHARACTERS_MAX),
    ],
)
def test_a_value_keeps_its_words(value: str, line: str) -> None:
    """Only what cannot be seen, or is too much, goes."""
    assert one_line(value) == line


def test_only_a_wallet_has_no_link_to_the_card() -> None:
    """It is the card."""
    assert "card_link" not in {each.name for each in placeholders(STAMP, WALLET)}
    assert "card_link" in {each.name for each in placeholders(STAMP, SMS)}


@pytest.mark.parametrize(
    ("wording", "medium", "field", "sentence"),
    [
        (Wording("Hello", ""), MAIL, "subject", "Please write a subject."),
        (Wording("Hello", "=?x"), MAIL, "subject", "Please leave out “=?”."),
        (
            Wording("Hello", "See https://example.com/"),
            MAIL,
            "subject",
            "Please put links into the text.",
        ),
        (Wording("Hello", "One\ntwo"), MAIL, "subject", "Please write this on one line."),
        (Wording("Hello {{ merchant }}", "x"), SMS, "subject", "Only mail has a subject."),
        (Wording(" ", "Hello"), MAIL, "body", "Please write something here."),
        (
            Wording("See https://example.com/", ""),
            WALLET,
            "body",
            "A wallet shows no links: please leave them out.",
        ),
        (
            Wording("See http://example.com/", "Hello"),
            MAIL,
            "body",
            "Please use only links that begin with https://.",
        ),
        (
            Wording("See data:text/html,x", "Hello"),
            MAIL,
            "body",
            "Please use only links that begin with https://.",
        ),
        (
            Wording("See https://localhost/", "Hello"),
            MAIL,
            "body",
            "Please write each link in full, without placeholders or passwords in it.",
        ),
    ],
)
def test_what_to_change_is_said_beside_the_field(
    wording: Wording, medium: Medium, field: str, sentence: str
) -> None:
    """In whole sentences."""
    with pytest.raises(Invalid, match=r"^Please check the words\.$") as refused:
        check_wording(STAMP, medium, wording)
    assert refused.value.detail == {"errors": {field: sentence}}
