"""Facts, in the past tense: what the services announce and the workers act upon."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a card, a program or a campaign."""

    type: ClassVar[str]

    def data(self) -> dict[str, object]:
        """Return the fact as JSON values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: str(value) if isinstance(value, UUID) else value
            for name, value in values.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOpened(Event):
    """A customer enrolled and has a card."""

    type = "loyalty.card.opened"
    card_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStamped(Event):
    """A card earned stamps."""

    type = "loyalty.card.stamped"
    card_id: UUID
    transaction_id: UUID
    unit: str
    stamps: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsEarned(Event):
    """A card earned points; those that are `pending` cannot be spent yet."""

    type = "loyalty.points.earned"
    card_id: UUID
    transaction_id: UUID
    points: int
    balance: int
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierUpgraded(Event):
    """A card reached a higher tier; `before` is null when it had none."""

    type = "loyalty.tier.upgraded"
    card_id: UUID
    before: str | None
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardEarned(Event):
    """A card reached a reward."""

    type = "loyalty.reward.earned"
    card_id: UUID
    rewards_ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningReversed(Event):
    """What a visit gave was taken back; `taken` is how much of each unit."""

    type = "loyalty.card.earning_reversed"
    card_id: UUID
    transaction_id: UUID
    reversed_transaction_id: UUID
    taken: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardReserved(Event):
    """A reward is being handed out; its stamps are set aside."""

    type = "loyalty.reward.reserved"
    card_id: UUID
    redemption_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRedeemed(Event):
    """A reward was handed out."""

    type = "loyalty.reward.redeemed"
    card_id: UUID
    redemption_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationReleased(Event):
    """A reservation was cancelled or ran out; its stamps are back."""

    type = "loyalty.reward.reservation_released"
    card_id: UUID
    redemption_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramPublished(Event):
    """A program has a new version or status, which its cards show from now on."""

    type = "loyalty.program.published"
    program_id: UUID
    program_version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramChanged(Event):
    """Something happened to a program as a whole.

    `status` is where it stands now and `previous_status` where it stood before. `by` is who did
    it: "system" when its time had come.
    """

    type = ""
    program_id: UUID
    name: str
    rule_types: tuple[str, ...]
    status: str
    previous_status: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCreated(ProgramChanged):
    """A program was written down."""

    type = "loyalty.program.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramUpdated(ProgramChanged):
    """A program promises something else from now on, or begins or ends at another time."""

    type = "loyalty.program.updated"
    program_version_id: UUID
    starts_at: str | None
    ends_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramScheduled(ProgramChanged):
    """A program will begin at `starts_at`."""

    type = "loyalty.program.scheduled"
    starts_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramActivated(ProgramChanged):
    """A program began: customers can enrol and earn."""

    type = "loyalty.program.activated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramPaused(ProgramChanged):
    """Nothing can be earned in a program until it goes on; what is on the cards stays."""

    type = "loyalty.program.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramResumed(ProgramChanged):
    """A program that was paused goes on."""

    type = "loyalty.program.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramEnded(ProgramChanged):
    """A program ended; what is on its cards is handed out until `redeemable_until`."""

    type = "loyalty.program.ended"
    redeemable_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramDeleted(ProgramChanged):
    """A program was taken out of sight; what its cards hold is handed out as before."""

    type = "loyalty.program.deleted"


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
class WalletSaved(Event):
    """Somebody put the card into a wallet, which is `google`."""

    type = "loyalty.wallet.saved"
    card_id: UUID
    wallet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletRemoved(Event):
    """Somebody took the card out of a wallet; the card itself stays."""

    type = "loyalty.wallet.removed"
    card_id: UUID
    wallet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignScheduled(Event):
    """A campaign will be sent."""

    type = "loyalty.campaign.scheduled"
    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStarted(Event):
    """A campaign's time has come: its recipients are being written down."""

    type = "loyalty.campaign.started"
    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPaused(Event):
    """A campaign is held until somebody lets it go on."""

    type = "loyalty.campaign.paused"
    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResumed(Event):
    """A campaign that was paused goes on."""

    type = "loyalty.campaign.resumed"
    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCancelled(Event):
    """A campaign was ended by somebody; what had not gone out yet never will."""

    type = "loyalty.campaign.cancelled"
    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFailed(Event):
    """A campaign could not be carried out."""

    type = "loyalty.campaign.failed"
    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSent(Event):
    """A campaign's last message is on its way."""

    type = "loyalty.campaign.sent"
    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWanted(Event):
    """A member of staff wants to see a campaign as a customer will.

    Ours alone: nobody outside is told.
    """

    type = "passgate.campaign.trial_wanted"
    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointDisabled(Event):
    """A webhook endpoint gets nothing any more, since nobody answered there."""

    type = "loyalty.webhook.endpoint_disabled"
    endpoint_id: UUID
    reason: str


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


EVENTS: tuple[type[Event], ...] = (
    CardOpened,
    CardStamped,
    PointsEarned,
    TierUpgraded,
    RewardEarned,
    EarningReversed,
    RewardReserved,
    RewardRedeemed,
    ReservationReleased,
    ProgramPublished,
    ProgramCreated,
    ProgramUpdated,
    ProgramScheduled,
    ProgramActivated,
    ProgramPaused,
    ProgramResumed,
    ProgramEnded,
    ProgramDeleted,
    WalletSaved,
    WalletRemoved,
    CampaignScheduled,
    CampaignStarted,
    CampaignPaused,
    CampaignResumed,
    CampaignCancelled,
    CampaignFailed,
    CampaignSent,
    WebhookEndpointDisabled,
)
