"""Campaigns in plain words: what each state, reason, channel and audience means to a person."""

from collections.abc import Mapping
from uuid import UUID

from gateway.domain.campaigns import Audience, CampaignStatus
from gateway.domain.messages import Channel, MessageState, SkipReason

CHANNELS: Mapping[Channel, str] = {
    Channel.APPLE: "Apple Wallet",
    Channel.GOOGLE: "Google Wallet",
    Channel.MAIL: "Mail",
    Channel.SMS: "Text message",
}

STATUSES: Mapping[CampaignStatus, str] = {
    CampaignStatus.DRAFT: "draft",
    CampaignStatus.SCHEDULED: "scheduled",
    CampaignStatus.PREPARING: "preparing",
    CampaignStatus.SENDING: "sending",
    CampaignStatus.PAUSED: "paused",
    CampaignStatus.SENT: "sent",
    CampaignStatus.CANCELLED: "cancelled",
    CampaignStatus.FAILED: "failed",
}

STATES: Mapping[MessageState, str] = {
    MessageState.QUEUED: "waiting",
    MessageState.SENDING: "on their way",
    MessageState.SENT: "sent",
    MessageState.DELIVERED: "delivered",
    MessageState.FETCHED: "shown on the phone",
    MessageState.BOUNCED: "bounced",
    MessageState.FAILED: "failed",
    MessageState.SKIPPED: "left out",
}

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "French",
    "de": "German",
    "lb": "Luxembourgish",
}

_REASONS: Mapping[str, str] = {
    SkipReason.NO_CONSENT: "did not agree to offers this way",
    SkipReason.NO_ADDRESS: "gave no address for it",
    SkipReason.NOT_IN_WALLET: "do not have the card in this wallet",
    SkipReason.SUPPRESSED: "are on the stop list",
    SkipReason.CONTACT_BUDGET: "heard from you often enough lately",
    SkipReason.CANCELLED: "not sent, as the campaign was cancelled",
    SkipReason.CARD_BLOCKED: "have a card that is blocked",
    SkipReason.ERASED: "asked to be forgotten",
    SkipReason.SWITCHED_OFF: "cannot get any, as no sender is set up",
    SkipReason.OVERTAKEN: "got a newer message instead",
    SkipReason.FLOOD: "not sent, as too many were asked for at once",
    "too_late": "could not be sent before it was too late",
    "outcome_unknown": "nobody knows whether it arrived; it is not sent twice",
    "NoDelivery": "the phone was gone before it could be told",
}


def reason_words(reason: str) -> str:
    """Return why a message was left out or failed; what a provider says stays as it is."""
    return _REASONS.get(reason) or f"the provider said “{reason}”"


def audience_words(audience: Audience, names: Mapping[UUID, str]) -> list[str]:
    """Return whom a campaign is for, one condition each.

    `names` are those of programs, locations and segments.
    """
    program, location, segment = audience.program_id, audience.location_id, audience.segment_id
    words = [f"Holders of “{names.get(program, 'a program that is gone')}”"] if program else []
    words = words or ["All holders of a card"]
    if location:
        words.append(f"stamped at “{names.get(location, 'a place that is gone')}”")
    if segment:
        words.append(f"who belong to “{names.get(segment, 'a segment that is gone')}”")
    if audience.tier:
        words.append(f"of the tier “{audience.tier}”")
    if audience.language:
        words.append(f"who read {LANGUAGES.get(audience.language, audience.language)}")
    stamps = _range(audience.stamps_min, audience.stamps_max, "stamps")
    if stamps:
        words.append(f"with {stamps}")
    if audience.visited_days_max is not None:
        words.append(f"who were here within {_days(audience.visited_days_max)}")
    if audience.visited_days_min is not None:
        words.append(f"who were not here for {_days(audience.visited_days_min)}")
    return words


def _range(least: int | None, most: int | None, what: str) -> str:
    if least is not None and most is not None:
        return f"{least} to {most} {what}"
    if least is not None:
        return f"at least {least} {what}"
    return f"at most {most} {what}" if most is not None else ""


def _days(days: int) -> str:
    return "a day" if days == 1 else f"{days} days"
