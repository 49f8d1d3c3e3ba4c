"""The switches of a customer: each a way, a purpose, and the sentence that is agreed to."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gateway.domain.consents import Consents, Medium, Purpose, agrees
from gateway.domain.contacts import KINDS, ContactKind
from gateway.domain.wording import Language, fill
from gateway.presenters.phrases.languages import PHRASES


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A box: `wording` stands beside it, and is kept with the choice."""

    medium: Medium
    purpose: Purpose
    wording: str
    is_on: bool

    @property
    def name(self) -> str:
        """The box's name in its form."""
        return f"{self.purpose}_{self.medium}"


@dataclass(frozen=True, slots=True)
class SwitchGroup:
    """The switches for one purpose, under its title."""

    title: str
    switches: tuple[Switch, ...]


def consent_wording(language: Language, merchant: str, medium: Medium, purpose: Purpose) -> str:
    """Return the sentence a customer says yes or no to."""
    phrases = PHRASES[language].preferences
    sentences = {
        (Medium.MAIL, Purpose.SERVICE): phrases.news_by_mail,
        (Medium.SMS, Purpose.SERVICE): phrases.news_by_sms,
        (Medium.WALLET, Purpose.SERVICE): phrases.news_by_wallet,
        (Medium.MAIL, Purpose.MARKETING): phrases.offers_by_mail,
        (Medium.SMS, Purpose.MARKETING): phrases.offers_by_sms,
        (Medium.WALLET, Purpose.MARKETING): phrases.offers_by_wallet,
    }
    return fill(sentences[medium, purpose], {"merchant": merchant})


def switch_groups(
    language: Language,
    merchant: str,
    addresses: Collection[ContactKind],
    consents: Consents,
    silenced: Collection[Medium] = (),
) -> list[SwitchGroup]:
    """Return the switches by purpose; a way without an address has none.

    A way in `silenced` is off: nobody is written to by it, whatever they agreed to.
    """
    phrases = PHRASES[language].preferences
    titles = {
        Purpose.SERVICE: phrases.news,
        Purpose.MARKETING: fill(phrases.offers, {"merchant": merchant}),
    }
    return [
        SwitchGroup(
            title,
            tuple(
                Switch(
                    medium=medium,
                    purpose=purpose,
                    wording=consent_wording(language, merchant, medium, purpose),
                    is_on=medium not in silenced and agrees(consents, medium, purpose),
                )
                for medium in _open(addresses)
            ),
        )
        for purpose, title in titles.items()
    ]


def _open(addresses: Collection[ContactKind]) -> Iterator[Medium]:
    for medium in Medium:
        needed = KINDS.get(medium)
        if needed is None or needed in addresses:
            yield medium
