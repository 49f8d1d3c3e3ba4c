"""A campaign: one offer to many holders, under an explicit status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gateway.domain.errors import Invalid, Refusal
from gateway.domain.messages import Channel
from gateway.domain.segments import TIER_KEY_CHARACTERS_MAX, Segment

NAME_CHARACTERS_MAX = 80
STAMPS_MAX = 10_000
DAYS_MAX = 3_650
PER_MINUTE_MAX = 60_000
AHEAD_MAX = timedelta(days=365)


class CampaignStatus(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PREPARING = "preparing"
    """The audience is being written down, recipient by recipient."""
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self in {CampaignStatus.SENT, CampaignStatus.CANCELLED, CampaignStatus.FAILED}


class CampaignCommand(StrEnum):
    """What can be done to a campaign; the last four by the worker only."""

    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    PREPARE = "prepare"
    BEGIN = "begin"
    FINISH = "finish"
    FAIL = "fail"


class CampaignCannot(Refusal):
    """The campaign cannot do this from where it stands."""

    code = "campaign_cannot"


_S, _C = CampaignStatus, CampaignCommand
_NEXT = {
    (_S.DRAFT, _C.SCHEDULE): _S.SCHEDULED,
    (_S.DRAFT, _C.CANCEL): _S.CANCELLED,
    (_S.SCHEDULED, _C.UNSCHEDULE): _S.DRAFT,
    (_S.SCHEDULED, _C.CANCEL): _S.CANCELLED,
    (_S.SCHEDULED, _C.PREPARE): _S.PREPARING,
    (_S.PREPARING, _C.BEGIN): _S.SENDING,
    (_S.PREPARING, _C.CANCEL): _S.CANCELLED,
    (_S.PREPARING, _C.FAIL): _S.FAILED,
    (_S.SENDING, _C.PAUSE): _S.PAUSED,
    (_S.SENDING, _C.CANCEL): _S.CANCELLED,
    (_S.SENDING, _C.FINISH): _S.SENT,
    (_S.SENDING, _C.FAIL): _S.FAILED,
    (_S.PAUSED, _C.RESUME): _S.SENDING,
    (_S.PAUSED, _C.CANCEL): _S.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a campaign is for: every holder to whom all of this applies.

    `stamps_min` and `stamps_max` are stamps that can be spent, `visited_days_max` and `_min` are
    whole days since the last stamp (a card without one was never visited). `segment_id` is a
    saved segment as it stands; from when the campaign is scheduled, `segment` is what it was then.
    """

    program_id: UUID | None = None
    location_id: UUID | None = None
    language: str | None = None
    stamps_min: int | None = None
    stamps_max: int | None = None
    visited_days_min: int | None = None
    visited_days_max: int | None = None
    tier: str | None = None
    segment_id: UUID | None = None
    segment: Segment | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether it leaves nobody of its program (or of all programs) out."""
        return self == Audience(program_id=self.program_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a campaign says in one language; a channel that is not used says nothing."""

    subject: str = ""
    body: str = ""
    sms: str = ""
    wallet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything about a campaign that its author decides; `contents` is by language."""

    name: str
    channels: tuple[Channel, ...]
    contents: Mapping[str, Content]
    audience: Audience = field(default_factory=Audience)
    per_minute_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign as stored; `revision` counts its changes."""

    id: UUID
    status: CampaignStatus
    revision: int
    plan: Plan
    created_at: datetime
    scheduled_at: datetime | None = None
    prepared_at: datetime | None = None
    ended_at: datetime | None = None
    failure: str | None = None


def next_status(status: CampaignStatus, command: CampaignCommand) -> CampaignStatus:
    """Return the status a command leads to, or raise `CampaignCannot`."""
    after = _NEXT.get((status, command))
    if after is None:
        raise CampaignCannot(f"A campaign that is {status} cannot {command}.", status=status)
    return after


def check_plan(plan: Plan, default_language: str) -> None:
    """Raise `Invalid` with a sentence per field, when a plan cannot be carried out.

    Its words are checked one by one in `wording.py`; here, that there are some for each channel
    in the language that stands in for every other.
    """
    faults = {
        "name": _name_fault(plan.name),
        "channels": None if plan.channels else "Please choose at least one way to send it.",
        "contents": _contents_fault(plan, default_language),
        "per_minute_max": _range_fault(plan.per_minute_max, 1, PER_MINUTE_MAX),
    } | _audience_faults(plan.audience)
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid("Please check the campaign.", errors=found)


def check_time(at: datetime, now: datetime) -> None:
    """Raise `Invalid` for a time nobody can mean; of the days before now any means at once."""
    if not now - AHEAD_MAX <= at <= now + AHEAD_MAX:
        raise Invalid(
            "Please check the campaign.",
            errors={"scheduled_at": f"Please choose a time within {AHEAD_MAX.days} days."},
        )


def _name_fault(name: str) -> str | None:
    if not name.strip() or not name.isprintable():
        return "Please give the campaign a name."
    if len(name) > NAME_CHARACTERS_MAX:
        return f"Please use at most {NAME_CHARACTERS_MAX} characters."
    return None


def _contents_fault(plan: Plan, language: str) -> str | None:
    content = plan.contents.get(language, Content())
    missing = [channel for channel in plan.channels if not _says_something(content, channel)]
    if missing:
        return f"Please write the text for {', '.join(missing)} in {language}."
    return None


def _says_something(content: Content, channel: Channel) -> bool:
    match channel:
        case Channel.MAIL:
            return bool(content.subject.strip() and content.body.strip())
        case Channel.SMS:
            return bool(content.sms.strip())
    return bool(content.wallet.strip())


def _audience_faults(audience: Audience) -> dict[str, str | None]:
    stamps = (audience.stamps_min, audience.stamps_max)
    days = (audience.visited_days_min, audience.visited_days_max)
    return {
        "stamps_min": _range_fault(stamps[0], 0, STAMPS_MAX),
        "stamps_max": _range_fault(stamps[1], stamps[0] or 0, STAMPS_MAX),
        "visited_days_min": _range_fault(days[0], 0, DAYS_MAX),
        "visited_days_max": _range_fault(days[1], days[0] or 0, DAYS_MAX),
        "tier": _tier_fault(audience.tier),
    }


def _tier_fault(tier: str | None) -> str | None:
    if tier is None or 0 < len(tier) <= TIER_KEY_CHARACTERS_MAX:
        return None
    return f"A tier's key has at most {TIER_KEY_CHARACTERS_MAX} characters."


def _range_fault(value: int | None, least: int, most: int) -> str | None:
    if value is None or least <= value <= most:
        return None
    return f"Please choose from {least} to {most}."
