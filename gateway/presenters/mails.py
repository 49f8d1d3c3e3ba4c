"""A message as a mail: the merchant's words around the customer's card, as text and as HTML."""

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from gateway.domain.consents import Purpose
from gateway.domain.programs import Look
from gateway.domain.progress import Progress
from gateway.domain.wording import Language, MessageEvent, Piece, Wording, fill, pieces
from gateway.domain.wording_faults import LINK
from gateway.domain.wording_placeholders import CARD_LINK
from gateway.presenters.contrasts import CONTRAST_MIN, contrast
from gateway.presenters.counting import progress_text
from gateway.presenters.message_values import MessageFacts, values_of
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.web_card import WebCard

HTML_BYTES_MAX = 100_000
"""Gmail cuts a mail off at 102 kB, and with it the way to unsubscribe."""
DOTS_MAX = 20
PREHEADER_CHARACTERS_MAX = 100
SUBJECT_CHARACTERS_SHOWN_MAX = 300

_TEMPLATES = Path(__file__).parent / "templates"
_BLANK_LINES = re.compile(r"\n\s*\n")
_BEFORE_MARK = re.compile(r" (?=[!?:;»%])")
_FIXED_SPACE = "\u00a0"
_WHITE, _BLACK, _LINE = "#ffffff", "#111111", "#d8d3c9"
_APART_MIN = 1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """Everything a mail shows. The links are ours; an offer has one to `unsubscribe`."""

    event: MessageEvent
    wording: Wording
    facts: MessageFacts
    language: Language
    look: Look
    preferences_link: str
    unsubscribe_link: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready for its envelope; the subject is one line."""

    subject: str
    text: str
    html: str


def mail(page: MailPage) -> Mail:
    """Write the mail."""
    is_offer = page.event.purpose is Purpose.MARKETING
    assert bool(page.unsubscribe_link) == is_offer, "offers can be unsubscribed from, news not"
    values = values_of(page.facts, page.language)
    said = tuple(pieces(page.wording.body, values))
    html = _html(page, said)
    assert len(html.encode()) <= HTML_BYTES_MAX, "the limits of wordings keep mails short"
    return Mail(_subject(page.wording.subject, values), _text(page, said), html)


def _subject(subject: str, values: dict[str, str]) -> str:
    """Fill the subject; nothing makes it, or a piece of it, an RFC 2047 encoded word.

    That would be decoded, and a header that could hold one is refused with the whole mail.
    """
    filled = fill(subject, values).replace("=?", "= ?").replace("?=", "? =")
    return filled[:SUBJECT_CHARACTERS_SHOWN_MAX]


def _text(page: MailPage, said: tuple[Piece, ...]) -> str:
    phrases = PHRASES[page.language].mails
    links = [phrases.preferences, page.preferences_link]
    if page.unsubscribe_link:
        links += [phrases.unsubscribe, page.unsubscribe_link]
    return "\n\n".join(
        [
            "".join(piece.text for piece in said),
            f"{_card_sentence(page)}\n\n{phrases.show_card}\n{page.facts.card_link}",
            "\n".join(["-- ", _reason(page), *links, ""]),
        ]
    )


def _html(page: MailPage, said: tuple[Piece, ...]) -> str:
    look = _readable(page.look)
    plain = " ".join("".join(piece.text for piece in said).split())
    return _template().render(
        page=page,
        phrases=PHRASES[page.language].mails,
        card=_card(page, look),
        look=look,
        subject=_subject(page.wording.subject, values_of(page.facts, page.language)),
        preheader=plain[:PREHEADER_CHARACTERS_MAX],
        paragraphs=_paragraphs(said),
        progress=progress_text(page.facts.progress, page.language),
        reason=_reason(page),
        rim=_rim(look),
        has_dots=_has_dots(page.facts.progress),
    )


def _has_dots(progress: Progress) -> bool:
    return progress.has_places and progress.target is not None and progress.target <= DOTS_MAX


@cache
def _template() -> jinja2.Template:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("mail.html")


def _card(page: MailPage, look: Look) -> WebCard:
    facts = page.facts
    return WebCard(
        merchant=facts.merchant,
        program=facts.program,
        reward=facts.reward,
        look=look,
        progress=facts.progress,
    )


def _card_sentence(page: MailPage) -> str:
    values = {
        "progress": progress_text(page.facts.progress, page.language),
        "reward": page.facts.reward,
    }
    return fill(PHRASES[page.language].mails.card, values)


def _reason(page: MailPage) -> str:
    phrases = PHRASES[page.language].mails
    reason = phrases.why_marketing if page.unsubscribe_link else phrases.why_service
    return fill(reason, {"merchant": page.facts.merchant})


def _readable(look: Look) -> Look:
    """Return the merchant's colours, with black or white writing where theirs cannot be read."""
    plainest = max((_WHITE, _BLACK), key=lambda colour: contrast(colour, look.background))
    return replace(
        look,
        foreground=_kept(look.foreground, look.background, plainest),
        label=_kept(look.label, look.background, plainest),
    )


def _rim(look: Look) -> str:
    """Return what keeps the card apart from the white sheet it lies on."""
    return look.background if contrast(look.background, _WHITE) >= _APART_MIN else _LINE


def _kept(colour: str, ground: str, otherwise: str) -> str:
    return colour if contrast(colour, ground) >= CONTRAST_MIN else otherwise


def _paragraphs(said: tuple[Piece, ...]) -> list[Markup]:
    """Return the words as paragraphs: escaped, with line breaks and working links.

    A value is words and nothing else, but for the card's link: what a value says is no
    merchant's decision to send people somewhere.
    """
    marked = Markup("").join(chain.from_iterable(_marked(piece) for piece in said))
    stretches = (stretch.strip() for stretch in _BLANK_LINES.split(marked))
    return [
        Markup(stretch.replace("\n", "<br>"))  # noqa: S704 -- escaped piece by piece above
        for stretch in stretches
        if stretch
    ]


def _marked(piece: Piece) -> list[Markup]:
    if piece.placeholder == CARD_LINK.name:
        return [_link(piece.text)]
    if piece.placeholder:
        return [escape(piece.text)]
    marked, end = [], 0
    for found in LINK.finditer(piece.text):
        marked += [_prose(piece.text[end : found.start()]), _link(found[0])]
        end = found.end()
    return [*marked, _prose(piece.text[end:])]


def _prose(text: str) -> Markup:
    """Escape words; a mark that stands apart, as in French, never begins a line."""
    return escape(_BEFORE_MARK.sub(_FIXED_SPACE, text))


def _link(address: str) -> Markup:
    anchor = '<a href="{0}" class="ink" style="color:#0f5f4c;overflow-wrap:anywhere">{0}</a>'
    return Markup(anchor).format(address)  # noqa: S704 -- format() escapes
