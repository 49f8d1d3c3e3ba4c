"""A message: one intended contact with a customer, from the queue to its end."""

from enum import StrEnum

from gateway.domain.consents import Medium


class Channel(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    SMS = "sms"
    APPLE = "apple"
    GOOGLE = "google"

    @property
    def medium(self) -> Medium:
        """The way to the customer that this channel uses."""
        return _MEDIA[self]


_MEDIA = {
    Channel.MAIL: Medium.MAIL,
    Channel.SMS: Medium.SMS,
    Channel.APPLE: Medium.WALLET,
    Channel.GOOGLE: Medium.WALLET,
}


class MessageState(StrEnum):
    """What became of a message so far."""

    QUEUED = "queued"
    SENDING = "sending"
    """Released; a provider may have it already."""
    SENT = "sent"
    """A provider took it."""
    DELIVERED = "delivered"
    """The provider says that it arrived."""
    FETCHED = "fetched"
    """The customer's device came for it."""
    BOUNCED = "bounced"
    """Nobody has this address."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Never sent, on purpose; the reason says why."""


class SkipReason(StrEnum):
    """Why a message was not sent."""

    NO_CONSENT = "no_consent"
    NO_ADDRESS = "no_address"
    NOT_IN_WALLET = "not_in_wallet"
    SUPPRESSED = "suppressed"
    CONTACT_BUDGET = "contact_budget"
    CANCELLED = "cancelled"
    CARD_BLOCKED = "card_blocked"
    ERASED = "erased"
    SWITCHED_OFF = "switched_off"
    FLOOD = "flood"
    """So many were asked for at once that somebody may be playing with our purse."""
    OVERTAKEN = "overtaken"
    """A newer message says the same and more."""


_NEXT: dict[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.SKIPPED}),
    MessageState.SENDING: frozenset(
        {
            MessageState.QUEUED,
            MessageState.SENT,
            MessageState.DELIVERED,
            MessageState.FETCHED,
            MessageState.BOUNCED,
            MessageState.FAILED,
            MessageState.SKIPPED,
        }
    ),
    MessageState.SENT: frozenset(
        {
            MessageState.DELIVERED,
            MessageState.FETCHED,
            MessageState.BOUNCED,
            MessageState.FAILED,
        }
    ),
    # A provider that gave up may hear from the carrier after all, and the other way round.
    MessageState.FAILED: frozenset({MessageState.DELIVERED}),
    MessageState.DELIVERED: frozenset({MessageState.BOUNCED}),
    MessageState.FETCHED: frozenset(),
    MessageState.BOUNCED: frozenset(),
    MessageState.SKIPPED: frozenset(),
}


def predecessors(state: MessageState) -> frozenset[MessageState]:
    """Return the states a message may come from to reach `state`; late news change nothing."""
    return frozenset(before for before, after in _NEXT.items() if state in after)
