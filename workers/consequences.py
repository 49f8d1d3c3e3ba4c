"""Facts and what follows from each: the whole table on one page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gateway.domain.events import (
    balances,
    campaigns,
    cards,
    consents,
    keys,
    programs,
    rewards,
    sales,
    segments,
    settings,
    tiers,
    wallets,
    webhooks,
    wishes,
)
from gateway.domain.rules.keys import POINT
from gateway.domain.wording import MessageEvent
from gateway.storage.queues.outbox import Fact
from workers.continuations import CardsToChange, CardsToTell, CardsToTurn


@dataclass(frozen=True, slots=True)
class UpdatePasses:
    """A card's passes show something new: publish them and poke the devices that keep them."""

    card_id: UUID


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """The program's cards after this one look different: count their versions up and on.

    A transaction changes at most `CARDS_PER_CHUNK_MAX` of them.
    """

    program_id: UUID
    after_card_id: UUID


@dataclass(frozen=True, slots=True)
class TurnCards:
    """The program's cards after this one may read otherwise today than on the day `before`.

    A transaction looks at `CARDS_PER_CHUNK_MAX` of them at most.
    """

    program_id: UUID
    before: date
    today: date
    after_card_id: UUID


@dataclass(frozen=True, slots=True)
class WriteGoogleCard:
    """A card is to be made at Google."""

    card_id: UUID


@dataclass(frozen=True, slots=True)
class Notify:
    """The card's customer is written to about this, if they want to be.

    `facts` are what the words need beyond the card as it stands.
    """

    event: MessageEvent
    card_id: UUID
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TellOfEnd:
    """The customers of the program's cards after this one hear that it ended.

    A transaction tells at most `CARDS_PER_CHUNK_MAX` of them.
    """

    program_id: UUID
    after_card_id: UUID
    redeemable_until: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A customer to be written to, and the fact it is about."""

    fact_id: UUID
    announced_at: datetime
    about: Notify


@dataclass(frozen=True, slots=True)
class SendTrial:
    """A test send of a campaign is to go out."""

    message_id: UUID


@dataclass(frozen=True, slots=True)
class SendWebhook:
    """A webhook message is to be sent to this endpoint, whatever it usually hears."""

    endpoint_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True)
class ReplayWebhooks:
    """A span of webhook messages is to be sent to an endpoint again, those after one by id."""

    endpoint_id: UUID
    since: datetime
    until: datetime
    after_id: UUID


Consequence = (
    UpdatePasses
    | ChangeLook
    | TurnCards
    | WriteGoogleCard
    | Notify
    | TellOfEnd
    | SendTrial
    | SendWebhook
    | ReplayWebhooks
)


@dataclass(frozen=True, slots=True)
class Follow:
    """Everything that follows from some facts, each with the fact that it follows from.

    A card that changed twice is updated once, for the newer fact.
    """

    cards: dict[UUID, UUID] = field(default_factory=dict)
    looks: dict[ChangeLook, UUID] = field(default_factory=dict)
    turns: dict[TurnCards, UUID] = field(default_factory=dict)
    google_cards: dict[UUID, UUID] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    ends: dict[TellOfEnd, Fact] = field(default_factory=dict)
    trials: dict[UUID, UUID] = field(default_factory=dict)
    webhooks: dict[SendWebhook, UUID] = field(default_factory=dict)
    replays: dict[ReplayWebhooks, UUID] = field(default_factory=dict)


class UnreadableFactError(Exception):
    """A fact of a type nobody knows here, or without what its type always says."""


def consequences(fact_type: str, data: Mapping[str, object]) -> tuple[Consequence, ...]:
    """Return what follows from a fact; raises `UnreadableFactError`."""
    try:
        found = [follow(data) for follow in _CONSEQUENCES[fact_type]]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFactError(fact_type) from error
    return tuple(consequence for consequence in found if consequence)


def follows(facts: Sequence[Fact]) -> Follow:
    """Return what follows from these facts together; raises `UnreadableFactError`."""
    follow = Follow()
    for fact in facts:
        for consequence in consequences(fact.type, fact.data):
            _add(follow, fact, consequence)
    return follow


def _add(follow: Follow, fact: Fact, consequence: Consequence) -> None:
    match consequence:
        case UpdatePasses(card_id):
            follow.cards[card_id] = fact.id
        case ChangeLook() as look:
            follow.looks[look] = fact.id
        case TurnCards() as turn:
            follow.turns[turn] = fact.id
        case WriteGoogleCard(card_id):
            follow.google_cards[card_id] = fact.id
        case Notify() as about:
            follow.notices.append(Notice(fact.id, fact.announced_at, about))
        case TellOfEnd() as end:
            follow.ends[end] = fact
        case _:
            _add_sending(follow, fact, consequence)


def _add_sending(
    follow: Follow, fact: Fact, sending: SendTrial | SendWebhook | ReplayWebhooks
) -> None:
    match sending:
        case SendTrial(message_id):
            follow.trials[message_id] = fact.id
        case SendWebhook() as webhook:
            follow.webhooks[webhook] = fact.id
        case ReplayWebhooks() as replay:
            follow.replays[replay] = fact.id


def _update_passes(data: Mapping[str, object]) -> Consequence:
    return UpdatePasses(_id(data, "card_id"))


def _write_google_card(data: Mapping[str, object]) -> Consequence:
    return WriteGoogleCard(_id(data, "card_id"))


def _change_look(data: Mapping[str, object]) -> Consequence:
    return ChangeLook(_id(data, "program_id"), UUID(int=0))


def _change_look_further(data: Mapping[str, object]) -> Consequence:
    return ChangeLook(_id(data, "program_id"), _id(data, "after_card_id"))


def _turn_cards(data: Mapping[str, object]) -> Consequence:
    before, today = (date.fromisoformat(_text(data, name)) for name in ("before", "today"))
    return TurnCards(_id(data, "program_id"), before, today, _id(data, "after_card_id"))


def _change_prizes(data: Mapping[str, object]) -> Consequence | None:
    """Change the look for a reward that cards in wallets name: those that points are spent on."""
    return _change_look(data) if _text(data, "unit") == POINT else None


def _notify(event: MessageEvent) -> Callable[[Mapping[str, object]], Consequence]:
    return lambda data: Notify(event, _id(data, "card_id"))


def _notify_of_expiry(data: Mapping[str, object]) -> Consequence:
    facts = {name: data[name] for name in ("unit", "amount", "expires_at")}
    return Notify(MessageEvent.EXPIRING, _id(data, "card_id"), facts)


def _notify_of_falling(data: Mapping[str, object]) -> Consequence:
    facts = {name: data[name] for name in ("before", "moves_on")}
    return Notify(MessageEvent.TIER_NOTICE, _id(data, "card_id"), facts)


def _tell_of_end(data: Mapping[str, object]) -> Consequence:
    return TellOfEnd(_id(data, "program_id"), UUID(int=0), _text(data, "redeemable_until"))


def _tell_further(data: Mapping[str, object]) -> Consequence:
    until = _text(data, "redeemable_until")
    return TellOfEnd(_id(data, "program_id"), _id(data, "after_card_id"), until)


def _send_trial(data: Mapping[str, object]) -> Consequence:
    return SendTrial(_id(data, "message_id"))


def _send_webhook(data: Mapping[str, object]) -> Consequence:
    return SendWebhook(_id(data, "endpoint_id"), _id(data, "message_id"))


def _replay_webhooks(data: Mapping[str, object]) -> Consequence:
    since, until = (datetime.fromisoformat(_text(data, name)) for name in ("since", "until"))
    return ReplayWebhooks(_id(data, "endpoint_id"), since, until, _id(data, "after_id"))


def _id(data: Mapping[str, object], name: str) -> UUID:
    return UUID(_text(data, name))


def _text(data: Mapping[str, object], name: str) -> str:
    value = data[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


_Following = Callable[[Mapping[str, object]], Consequence | None]

_CONSEQUENCES: Mapping[str, tuple[_Following, ...]] = {
    cards.CardOpened.type: (_update_passes, _notify(MessageEvent.WELCOME)),
    wishes.LanguageChosen.type: (_update_passes,),
    # The welcome holds both links, and goes to the address on file.
    wishes.CardLinkWanted.type: (_notify(MessageEvent.WELCOME),),
    cards.CardStamped.type: (_update_passes, _notify(MessageEvent.STAMP)),
    rewards.RewardEarned.type: (_update_passes, _notify(MessageEvent.REWARD_EARNED)),
    balances.PointsEarned.type: (_update_passes, _notify(MessageEvent.STAMP)),
    tiers.TierUpgraded.type: (_update_passes, _notify(MessageEvent.TIER_CHANGE)),
    cards.EarningReversed.type: (_update_passes,),
    rewards.RewardReserved.type: (_update_passes,),
    rewards.RewardRedeemed.type: (_update_passes, _notify(MessageEvent.REDEEMED)),
    rewards.ReservationReleased.type: (_update_passes,),
    rewards.RedemptionReversed.type: (_update_passes,),
    rewards.RewardFulfilled.type: (),
    # Cards show what they can have when they are looked at, and those in wallets at their next
    # change: whoever sells the last piece does not wait for all the others.
    rewards.RewardSoldOut.type: (),
    rewards.RewardCreated.type: (_change_prizes,),
    rewards.RewardUpdated.type: (_change_prizes,),
    rewards.RewardArchived.type: (_change_prizes,),
    programs.ProgramPublished.type: (_change_look,),
    # Whatever of it cards show, `ProgramPublished` says too.
    programs.ProgramCreated.type: (),
    programs.ProgramUpdated.type: (),
    programs.ProgramScheduled.type: (),
    programs.ProgramActivated.type: (),
    programs.ProgramPaused.type: (),
    programs.ProgramResumed.type: (),
    programs.ProgramEnded.type: (_tell_of_end,),
    programs.ProgramDeleted.type: (),
    programs.ProgramRestored.type: (),
    programs.ExperimentCreated.type: (),
    programs.ExperimentStarted.type: (),
    programs.ExperimentStopped.type: (),
    segments.SegmentCreated.type: (),
    segments.SegmentUpdated.type: (),
    segments.SegmentDeleted.type: (),
    CardsToChange.type: (_change_look_further,),
    CardsToTurn.type: (_turn_cards,),
    CardsToTell.type: (_tell_further,),
    wishes.GoogleCardWanted.type: (_write_google_card,),
    # What wallets and campaigns tell us changes nothing that cards show; outside it is told of.
    wallets.WalletSaved.type: (),
    wallets.WalletRemoved.type: (),
    campaigns.CampaignScheduled.type: (),
    campaigns.CampaignStarted.type: (),
    campaigns.CampaignPaused.type: (),
    campaigns.CampaignResumed.type: (),
    campaigns.CampaignCancelled.type: (),
    campaigns.CampaignFailed.type: (),
    campaigns.CampaignSent.type: (),
    wishes.TrialWanted.type: (_send_trial,),
    wishes.SmsAnswerWanted.type: (_send_trial,),
    webhooks.WebhookEndpointDisabled.type: (),
    wishes.WebhookWanted.type: (_send_webhook,),
    wishes.ReplayWanted.type: (_replay_webhooks,),
    # A sale tells its shop; the customer hears of what it gave by the facts about that.
    sales.SaleRecorded.type: (_update_passes,),
    sales.SaleChanged.type: (_update_passes,),
    sales.SaleRefunded.type: (_update_passes,),
    balances.PointsReleased.type: (_update_passes,),
    balances.PointsExpiring.type: (_notify_of_expiry,),
    balances.PointsExpired.type: (_update_passes,),
    tiers.TierDowngradeAnnounced.type: (_update_passes, _notify_of_falling),
    tiers.TierDowngraded.type: (_update_passes, _notify(MessageEvent.TIER_CHANGE)),
    balances.AdjustmentAsked.type: (),
    balances.AdjustmentRefused.type: (),
    balances.BalanceAdjusted.type: (_update_passes,),
    balances.BalanceTransferred.type: (_update_passes,),
    cards.CardMerged.type: (_update_passes,),
    cards.CardBlocked.type: (_update_passes,),
    cards.CardUnblocked.type: (_update_passes,),
    # What is sent is asked of the log of consents and the settings as they stand by then.
    consents.ConsentGiven.type: (),
    consents.ConsentWithdrawn.type: (),
    keys.ApiKeyIssued.type: (),
    keys.ApiKeyRevoked.type: (),
    settings.SettingsChanged.type: (),
}
