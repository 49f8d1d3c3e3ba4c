"""Campaigns as the API writes and reads them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from gateway.domain import campaigns as domain
from gateway.domain.campaigns import (
    DAYS_MAX,
    NAME_CHARACTERS_MAX,
    PER_MINUTE_MAX,
    STAMPS_MAX,
    CampaignStatus,
)
from gateway.domain.consents import Medium
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel
from gateway.domain.segments import TIER_KEY_CHARACTERS_MAX
from gateway.domain.wording import BODY_CHARACTERS_MAX, SUBJECT_CHARACTERS_MAX
from gateway.web.refusals import BodyInvalid

CHANNELS_MAX = len(Channel)

_AUDIENCE_FIELDS = frozenset(field for field in domain.Audience.__dataclass_fields__)

LanguageCode = Literal["en", "fr", "de", "lb"]
Stamps = Annotated[int, msgspec.Meta(ge=0, le=STAMPS_MAX)]
Tier = Annotated[
    str, msgspec.Meta(min_length=1, max_length=TIER_KEY_CHARACTERS_MAX, examples=["gold"])
]
Days = Annotated[int, msgspec.Meta(ge=0, le=DAYS_MAX)]


class CampaignAudience(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom a campaign is for: every holder to whom all of this applies; nothing is everybody.

    Days are whole days since the last stamp; a card without one was never visited. `tier` is a
    tier's key. `segment_id` is a saved segment (`/segments`), whose definition is taken over when
    the campaign is scheduled: a later change of it changes nothing for this campaign.
    """

    program_id: UUID | None = None
    location_id: UUID | None = None
    language: LanguageCode | None = None
    stamps_min: Stamps | None = None
    stamps_max: Stamps | None = None
    visited_days_min: Days | None = None
    visited_days_max: Days | None = None
    tier: Tier | None = None
    segment_id: UUID | None = None


class CampaignContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a campaign says in one language; a channel that is not used says nothing."""

    subject: Annotated[str, msgspec.Meta(max_length=SUBJECT_CHARACTERS_MAX)] = ""
    body: Annotated[str, msgspec.Meta(max_length=BODY_CHARACTERS_MAX[Medium.MAIL])] = ""
    sms: Annotated[str, msgspec.Meta(max_length=BODY_CHARACTERS_MAX[Medium.SMS])] = ""
    wallet: Annotated[str, msgspec.Meta(max_length=BODY_CHARACTERS_MAX[Medium.WALLET])] = ""


class CampaignPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a campaign says to whom; each channel needs words in the merchant's own language."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    channels: Annotated[list[Channel], msgspec.Meta(min_length=1, max_length=CHANNELS_MAX)]
    contents: dict[LanguageCode, CampaignContent]
    audience: CampaignAudience = CampaignAudience()
    per_minute_max: Annotated[int, msgspec.Meta(ge=1, le=PER_MINUTE_MAX)] | None = None

    def read(self) -> domain.Plan:
        """Return the plan as the services take it."""
        return domain.Plan(
            name=self.name,
            channels=tuple(dict.fromkeys(self.channels)),
            contents={
                language: domain.Content(
                    subject=content.subject,
                    body=content.body,
                    sms=content.sms,
                    wallet=content.wallet,
                )
                for language, content in self.contents.items()
            },
            audience=msgspec.convert(self.audience, domain.Audience, from_attributes=True),
            per_minute_max=self.per_minute_max,
        )


class CampaignTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a campaign begins; null, or a moment that is over, is at once."""

    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as it stands; `revision` is what its ETag holds."""

    id: UUID
    status: CampaignStatus
    revision: int
    name: str
    channels: list[Channel]
    contents: dict[str, CampaignContent]
    audience: CampaignAudience
    per_minute_max: int | None
    created_at: datetime
    scheduled_at: datetime | None
    prepared_at: datetime | None
    ended_at: datetime | None
    failure: str | None


class Campaigns(msgspec.Struct, frozen=True):
    """A page of campaigns, newest first; `next_cursor` is null on the last one."""

    items: list[Campaign]
    next_cursor: str | None = None


def shown(campaign: domain.Campaign) -> Campaign:
    """Return a campaign as answers carry it."""
    plan = campaign.plan
    return Campaign(
        id=campaign.id,
        status=campaign.status,
        revision=campaign.revision,
        name=plan.name,
        channels=list(plan.channels),
        contents={
            language: msgspec.convert(content, CampaignContent, from_attributes=True)
            for language, content in plan.contents.items()
        },
        audience=msgspec.convert(plan.audience, CampaignAudience, from_attributes=True),
        per_minute_max=plan.per_minute_max,
        created_at=campaign.created_at,
        scheduled_at=campaign.scheduled_at,
        prepared_at=campaign.prepared_at,
        ended_at=campaign.ended_at,
        failure=campaign.failure,
    )


def pointed(invalid: Invalid) -> BodyInvalid:
    """Return the same refusal, pointing at the fields of the body."""
    faults = invalid.detail["errors"]
    assert isinstance(faults, dict), "the rules name each field"
    errors = [
        {"pointer": _pointer(field), "detail": sentence} for field, sentence in faults.items()
    ]
    return BodyInvalid(invalid.sentence, errors=errors)


def _pointer(field: str) -> str:
    if field in _AUDIENCE_FIELDS:
        return f"/audience/{field}"
    if field == "scheduled_at":
        return "/at"
    return "/" + field.replace(".", "/")
