"""The page of a customer's choices: what it shows, and which boxes its form was about."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.domain.consents import Medium
from gateway.domain.contacts import ContactKind
from gateway.domain.wording import Language, choose_language, fill
from gateway.presenters.counting import day_text
from gateway.presenters.message_histories import fate_text, what_text
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.preference_switches import SwitchGroup, switch_groups
from gateway.services.cards.addresses import ADDRESS_CHARACTERS_MAX
from gateway.services.messages.preferring import Choice, PreferencesView
from gateway.storage.messages.messages import MessageLine
from gateway.storage.messages.suppressions import SuppressionReason
from gateway.web.customer.visitors import Visitor
from gateway.web.pages.render import page

TICKED = "yes"
CHOOSE, NOTHING = "choose", "nothing"
"""The two buttons under the boxes: as they are ticked, and none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A customer's choices, and how they came to them."""

    visitor: Visitor
    view: PreferencesView

    @property
    def language(self) -> Language:
        """The customer's language, or the next best."""
        return choose_language([self.view.customer.language, self.visitor.merchant.language])

    @property
    def groups(self) -> list[SwitchGroup]:
        """The boxes there are for this customer."""
        kinds = {contact.kind for contact in self.view.customer.contacts}
        return switch_groups(
            self.language,
            self.visitor.merchant.name,
            kinds,
            self.view.consents,
            self.view.silenced,
        )

    @property
    def locked(self) -> frozenset[Medium]:
        """The ways that no yes opens here: what came back, and a STOP unless by our link."""
        return frozenset(
            medium
            for medium, reason in self.view.silenced.items()
            if reason is not SuppressionReason.STOPPED or not self.visitor.is_proven
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message: what it was, what became of it, and the day."""

    what: str
    fate: str
    moment: str
    day: str


def draw(
    request: web.Request, shown: Shown, *, done: str | None, mistake: str | None
) -> web.Response:
    """Draw the page; `done` is what was just done, `mistake` is about a typed address."""
    language, customer, visitor = shown.language, shown.view.customer, shown.visitor
    phrases = PHRASES[language].preferences
    return page(
        request,
        "customer/preferences.html",
        status=400 if mistake else 200,
        language=language,
        skip=PAGE_PHRASES[language].skip,
        merchant=visitor.merchant,
        here=visitor.here,
        card_id=visitor.card_id,
        locked=shown.locked,
        groups=shown.groups,
        shown=" ".join(switch.name for group in shown.groups for switch in group.switches),
        has_phone=customer.address(ContactKind.PHONE) is not None,
        contacts=customer.contacts,
        history=[_told(line, shown) for line in shown.view.history],
        languages={each: PAGE_PHRASES[each].name for each in Language},
        phrases=phrases,
        words=PAGE_PHRASES[language],
        explanation=fill(phrases.explanation, {"merchant": visitor.merchant.name}),
        contact_characters_max=ADDRESS_CHARACTERS_MAX,
        done=done,
        mistake=mistake,
    )


def choices_of(shown: Shown, fields: Mapping[str, str]) -> list[Choice]:
    """Return what a form says about the boxes it had.

    A page that is older than an address has no box for it, which is no no; neither is a box that
    could not be ticked.
    """
    names = fields.get("shown", "").split()
    wants_nothing = fields.get("do") == NOTHING
    return [
        Choice(
            medium=switch.medium,
            purpose=switch.purpose,
            granted=not wants_nothing and fields.get(switch.name) == TICKED,
            wording=switch.wording,
        )
        for group in shown.groups
        for switch in group.switches
        if switch.name in names and (wants_nothing or switch.medium not in shown.locked)
    ]


def _told(line: MessageLine, shown: Shown) -> Told:
    language = shown.language
    moment = line.created_at.astimezone(ZoneInfo(shown.view.customer.time_zone))
    return Told(
        what=what_text(line.event, line.channel, language),
        fate=fate_text(line.state, line.reason, language),
        moment=moment.isoformat(),
        day=day_text(moment.date(), language),
    )
