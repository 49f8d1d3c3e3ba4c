"""What we ask of our own workers: nobody outside is told."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleCardWanted(Event):
    """A customer wants their card in Google Wallet, which does not have it yet.

    Ours alone: nobody outside is told.
    """

    type = "passgate.google.card_wanted"
    card_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLinkWanted(Event):
    """Somebody who knows a customer's address wants the link that only the customer gets.

    Ours alone: nobody outside is told.
    """

    type = "passgate.card.link_wanted"
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen(Event):
    """A customer chose another language, which this card of theirs is to speak.

    Ours alone: nobody outside is told.
    """

    type = "passgate.card.language_chosen"
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWanted(Event):
    """A member of staff wants to see a campaign as a customer will.

    Ours alone: nobody outside is told.
    """

    type = "passgate.campaign.trial_wanted"
    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWanted(Event):
    """A webhook message is to be sent to one endpoint: a test, or once more.

    Ours alone: nobody outside is told.
    """

    type = "passgate.webhook.wanted"
    endpoint_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWanted(Event):
    """Webhook messages from `since` until before `until` are to be sent to an endpoint again.

    Ours alone. Both moments are in ISO 8601; those up to `after_id` are under way already.
    """

    type = "passgate.webhook.replay_wanted"
    endpoint_id: UUID
    since: str
    until: str
    after_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAnswerWanted(Event):
    """A customer who sent us a single word by SMS is to be answered.

    Ours alone: nobody outside is told.
    """

    type = "passgate.sms.answer_wanted"
    message_id: UUID
