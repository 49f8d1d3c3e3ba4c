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
    """A reward is being handed out; what it costs is set aside."""

    type = "loyalty.reward.reserved"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRedeemed(Event):
    """A reward was handed out."""

    type = "loyalty.reward.redeemed"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationReleased(Event):
    """A reservation was cancelled or ran out; what it held is back on the card."""

    type = "loyalty.reward.reservation_released"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionReversed(Event):
    """A reward that was handed out was taken back; what it cost is back on the card."""

    type = "loyalty.reward.reversed"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardFulfilled(Event):
    """What was still to be done for a redeemed reward was done."""

    type = "loyalty.reward.fulfilled"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardSoldOut(Event):
    """The last piece of a reward was taken."""

    type = "loyalty.reward.sold_out"
    reward_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Event):
    """Something happened to a reward of a catalogue; `by` is who did it.

    `stock` is what is left, null without end.
    """

    type = ""
    reward_id: UUID
    program_id: UUID
    name: str
    unit: str
    cost: int
    stock: int | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardCreated(CatalogueChanged):
    """A reward was added to a program's catalogue."""

    type = "loyalty.reward.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardUpdated(CatalogueChanged):
    """A reward of the catalogue is offered otherwise, or its stock was counted anew."""

    type = "loyalty.reward.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardArchived(CatalogueChanged):
    """A reward was taken off the shelf for good."""

    type = "loyalty.reward.archived"


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
class ExperimentStarted(Event):
    """Versions of a program are compared from now on, each on a share of its cards."""

    type = "loyalty.experiment.started"
    experiment_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentStopped(Event):
    """A comparison of a program's versions is over."""

    type = "loyalty.experiment.stopped"
    experiment_id: UUID
    program_id: UUID


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRecorded(Event):
    """A sale was recorded for a card; totals in minor units.

    Without a transaction it changed nothing on the card.
    """

    type = "loyalty.sale.recorded"
    card_id: UUID
    sale_id: UUID
    transaction_id: UUID | None
    reference: str
    currency: str
    total_paid: int
    total_refunded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleChanged(Event):
    """More was paid for a sale; `given` is what the difference changed on the card, by unit."""

    type = "loyalty.sale.changed"
    card_id: UUID
    sale_id: UUID
    transaction_id: UUID | None
    reference: str
    currency: str
    total_paid: int
    total_refunded: int
    given: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRefunded(Event):
    """A sale was refunded, wholly or in part; `given` is below zero what the card gave back."""

    type = "loyalty.sale.refunded"
    card_id: UUID
    sale_id: UUID
    transaction_id: UUID | None
    reference: str
    currency: str
    total_paid: int
    total_refunded: int
    given: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsReleased(Event):
    """What was held back can be used from now on, by unit."""

    type = "loyalty.points.released"
    card_id: UUID
    transaction_id: UUID
    released: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiring(Event):
    """Something on a card ends soon and can still be used; the moment is in ISO 8601."""

    type = "loyalty.points.expiring"
    card_id: UUID
    unit: str
    amount: int
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpired(Event):
    """What was not used in time is gone, by unit."""

    type = "loyalty.points.expired"
    card_id: UUID
    transaction_id: UUID
    expired: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDowngradeAnnounced(Event):
    """A card will lose its tier on this day (ISO 8601), as things stand; `tier` null is none."""

    type = "loyalty.tier.downgrade_announced"
    card_id: UUID
    before: str | None
    tier: str | None
    moves_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDowngraded(Event):
    """A card lost its tier; `tier` null is none."""

    type = "loyalty.tier.downgraded"
    card_id: UUID
    before: str | None
    tier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentAsked(Event):
    """An adjustment needs a second person."""

    type = "loyalty.adjustment.asked"
    card_id: UUID
    adjustment_id: UUID
    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRefused(Event):
    """A second person refused an adjustment."""

    type = "loyalty.adjustment.refused"
    card_id: UUID
    adjustment_id: UUID
    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceAdjusted(Event):
    """A card was given something by hand, or below zero it was taken."""

    type = "loyalty.balance.adjusted"
    card_id: UUID
    adjustment_id: UUID
    transaction_id: UUID
    unit: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransferred(Event):
    """Value went from one card to another, by unit."""

    type = "loyalty.balance.transferred"
    card_id: UUID
    counterpart_card_id: UUID
    transaction_id: UUID
    moved: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMerged(Event):
    """A card's value, days and sales went to another, to which its code leads from now on."""

    type = "loyalty.card.merged"
    card_id: UUID
    into_card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBlocked(Event):
    """A card can no longer be used."""

    type = "loyalty.card.blocked"
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUnblocked(Event):
    """A card that was blocked can be used again."""

    type = "loyalty.card.unblocked"
    card_id: UUID


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
    RedemptionReversed,
    RewardFulfilled,
    RewardSoldOut,
    RewardCreated,
    RewardUpdated,
    RewardArchived,
    ProgramPublished,
    ProgramCreated,
    ProgramUpdated,
    ProgramScheduled,
    ProgramActivated,
    ProgramPaused,
    ProgramResumed,
    ProgramEnded,
    ProgramDeleted,
    ExperimentStarted,
    ExperimentStopped,
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
    SaleRecorded,
    SaleChanged,
    SaleRefunded,
    PointsReleased,
    PointsExpiring,
    PointsExpired,
    TierDowngradeAnnounced,
    TierDowngraded,
    AdjustmentAsked,
    AdjustmentRefused,
    BalanceAdjusted,
    BalanceTransferred,
    CardMerged,
    CardBlocked,
    CardUnblocked,
)
