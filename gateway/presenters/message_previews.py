"""How words look before anybody gets them: filled with an example card."""

from dataclasses import dataclass, field, replace
from datetime import date

from gateway.domain.consents import Medium, Purpose
from gateway.domain.programs import Look
from gateway.domain.progress import Progress
from gateway.domain.rules.keys import POINT
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.domain.wording_placeholders import CARD_LINK, MERCHANT
from gateway.presenters.mails import MailPage, mail
from gateway.presenters.message_values import Amount, MessageFacts
from gateway.presenters.sms_texts import sms_text
from gateway.presenters.wallet_texts import wallet_text

_PROGRESS = {
    MessageEvent.WELCOME: Progress(0, 10, 0),
    MessageEvent.REWARD_EARNED: Progress(10, 10, 1),
    MessageEvent.REDEEMED: Progress(0, 10, 0),
}
_OTHERWISE = Progress(6, 10, 0)
# The program, its reward and the customer's level.
_NAMES = {
    Language.EN: ("Coffee card", "Free coffee", "Gold"),
    Language.FR: ("Carte café", "Un café offert", "Or"),
    Language.DE: ("Kaffeekarte", "Ein Kaffee gratis", "Gold"),
    Language.LB: ("Kaffiskaart", "E Kaffi gratis", "Gold"),
}
_LAST_DAY = date(2026, 12, 31)
_EXPIRING = Amount(POINT, 120)
_LINKS = "https://cards.example.com/choices/cafe-central"


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would arrive; only a mail has a subject and HTML."""

    text: str
    subject: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """In whose name and colours a message is shown."""

    name: str = MERCHANT.example
    look: Look = field(default_factory=Look)


def example_facts(event: MessageEvent, language: Language) -> MessageFacts:
    """Return a card that something like this could just have happened to."""
    program, reward, tier = _NAMES[language]
    return MessageFacts(
        merchant=MERCHANT.example,
        program=program,
        reward=reward,
        progress=_PROGRESS.get(event, _OTHERWISE),
        card_link=CARD_LINK.example,
        expires_on=_LAST_DAY,
        expiring=_EXPIRING,
        tier=tier,
        moves_on=_LAST_DAY,
        until=_LAST_DAY,
    )


def preview(
    event: MessageEvent,
    medium: Medium,
    language: Language,
    wording: Wording,
    brand: Brand,
) -> Preview:
    """Return what a customer would get; the words have passed `check_wording`."""
    facts = replace(example_facts(event, language), merchant=brand.name)
    match medium:
        case Medium.SMS:
            return Preview(sms_text(event, wording, facts, language))
        case Medium.WALLET:
            return Preview(wallet_text(wording, facts, language))
        case Medium.MAIL:
            written = mail(_page(event, facts, language, wording, brand.look))
            return Preview(written.text, written.subject, written.html)


def _page(
    event: MessageEvent, facts: MessageFacts, language: Language, wording: Wording, look: Look
) -> MailPage:
    is_offer = event.purpose is Purpose.MARKETING
    return MailPage(
        event=event,
        wording=wording,
        facts=facts,
        language=language,
        look=look,
        preferences_link=_LINKS,
        unsubscribe_link=_LINKS if is_offer else None,
    )
