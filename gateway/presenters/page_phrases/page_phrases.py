"""The phrases of customers' pages in one language; gaps are filled by `gateway.domain.wording`.

What pages share with mails, as the consents themselves, is in `gateway.presenters.phrases`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.consents import Medium
from gateway.domain.ledger import TransactionKind
from gateway.domain.messages import MessageState, SkipReason
from gateway.domain.rules.visits import Beat
from gateway.domain.wording import MessageEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """The page a poster leads to; the two boxes name the `merchant` and are kept as proof."""

    with_every: str
    """Behind the reward of a stamp card; gap `count`, as in the next three."""
    for_purchases: str
    for_visits: str
    for_visits_in_a_row: str
    for_spending: str
    """Behind the reward; gap `amount`, with its currency."""
    points: str
    """Behind the name of a program that gives points."""
    levels: str
    contact: str
    news: str
    offers: str
    not_needed: str
    button: str
    no_app: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The customer's own addresses, and the language they are written to in."""

    title: str
    mail: str
    phone: str
    remove: str
    last_stays: str
    add: str
    add_hint: str
    add_button: str
    noted: str
    """The same answer whosever address it is."""
    unreadable: str
    mail_unreadable: str
    number_unreadable: str
    not_mobile: str
    not_served: str
    locked: str
    """Below boxes that cannot be ticked: the customer told us to stop, or messages came back."""
    language: str
    language_button: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proving:
    """For a browser that shows a card but may not choose: the way is the link in our messages."""

    title: str
    explanation: str
    """Gap `merchant`."""
    button: str
    sent: str
    """The same answer whether a message went out or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """How a card stands beyond what is drawn of it."""

    streaks: Mapping[Beat, str]
    """Gaps `streak` and `best`, both numbers that may be 0 or 1."""
    held_back: str
    """What cannot be used yet; gaps `amount` and `day`."""
    ended: str
    """The program ended, and what was collected can be used; gap `day`, the last one."""
    over: str
    """The program ended, and so did the time to use what was collected."""
    paused: str
    more: str
    """Opens what a reward is and its terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """What a customer was sent, and why some of it was not; no reason blames anybody."""

    title: str
    nothing: str
    events: Mapping[MessageEvent, str]
    media: Mapping[Medium, str]
    states: Mapping[MessageState, str]
    reasons: Mapping[SkipReason, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Around the card on its own page."""

    joined: str
    joined_whole: str
    joined_show: str
    joined_link: str
    ready: str
    """Below the name of a reward."""
    short_ready: str
    handed_out: str
    """Gap `reward`."""
    show: str
    deadlines: str
    until: str
    prizes: str
    levels: str
    own_level: str
    own_benefits: str
    """The same before what it brings."""
    history: str
    events: Mapping[TransactionKind, str]
    choices: str
    keep: str
    apple: tuple[str, str]
    """The small line and the large one on the button."""
    google_view: str
    on_android: str
    on_iphone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """While a card is made at Google, and when that takes too long."""

    title: str
    explanation: str
    go_on: str
    late: str
    safe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strangers:
    """For a browser that does not hold a card."""

    title: str
    question: str
    explanation: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePhrases:
    """Everything in one language; `name` is the language's own."""

    name: str
    skip: str
    """Past what stands above a page's content."""
    cards: Cards
    waiting: Waiting
    strangers: Strangers
    joining: Joining
    addresses: Addresses
    proving: Proving
    standings: Standings
    histories: Histories
