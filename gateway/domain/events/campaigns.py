"""What happens to campaigns."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


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
