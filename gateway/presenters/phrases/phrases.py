"""The phrases one language needs; one that is missing is a type error, not an English surprise.

Gaps are written as in a merchant's words and filled by `gateway.domain.wording.fill`. Each page
says which of its phrases name the merchant.
"""

from dataclasses import dataclass

from gateway.presenters.phrases.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Numbers and days in words.

    `progress` has the gaps `stamps` and `target`, and what ends in `_of` has `count` and
    `target`; plurals have `count`. A day has `day` (on
    the first of the month `first`), `month`, the `number` of the month, and `year`; the
    `short_day` does with the letters of an SMS.
    """

    decimal: str
    thousands: str
    """The marks in a number."""
    progress: str
    one_stamp: str
    stamps: str
    stamps_of: Plural
    one_punch: str
    punches: str
    punches_of: Plural
    one_point: str
    points: str
    one_visit: str
    visits: str
    visits_of: Plural
    one_reward: str
    rewards: str
    first: str
    day: str
    short_day: str
    months: tuple[str, ...]
    moment: str
    """Gaps `weekday`, `day`, `month` and `time`; in a list, so the shortest words there are."""
    weekdays: tuple[str, ...]
    """From Monday on."""
    short_months: tuple[str, ...]
    is_none_one: bool
    """Whether nothing is counted like one thing, as in French."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlooks:
    """What comes next, as a sentence; `reward` has the gaps `missing` and `reward`."""

    reward: str
    points: str
    """Where points are spent as one likes."""
    no_level: str
    """The level of who has reached none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mails:
    """Around a mail's words; every reason names the `merchant`."""

    show_card: str
    card: str
    """The card's progress aloud: gaps `progress` and `reward`."""
    why_service: str
    why_marketing: str
    preferences: str
    unsubscribe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """What we say by SMS ourselves, in the plain letters that cost least.

    `stop_line` stands under every offer; the answers name the `merchant`.
    """

    stop_line: str
    stop_answer: str
    help_answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The page where a customer says yes and no; the consents and explanations name `merchant`.

    A consent is kept as proof in the words it was given in.
    """

    title: str
    explanation: str
    offers: str
    offers_by_mail: str
    offers_by_sms: str
    offers_by_wallet: str
    news: str
    news_by_mail: str
    news_by_sms: str
    news_by_wallet: str
    no_address: str
    """Instead of a box that could reach nobody."""
    save: str
    saved: str
    stop_all: str
    """The button that unticks everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribing:
    """The pages behind an unsubscribe link; all but titles and buttons name `merchant`."""

    title: str
    question: str
    button: str
    keep: str
    done_title: str
    no_more_mail: str
    no_more_sms: str
    no_more_wallet: str
    news_go_on: str
    undo: str
    undone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Everything in one language."""

    counting: Counting
    outlooks: Outlooks
    mails: Mails
    sms: Sms
    preferences: Preferences
    unsubscribing: Unsubscribing
