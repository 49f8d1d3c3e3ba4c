"""What happens to campaigns."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChanged(Event):
    """Something happened to a campaign."""

    campaign_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignScheduled(CampaignChanged):
    """A campaign will be sent."""

    type = "loyalty.campaign.scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStarted(CampaignChanged):
    """A campaign's time has come: its recipients are being written down."""

    type = "loyalty.campaign.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPaused(CampaignChanged):
    """A campaign is held until somebody lets it go on."""

    type = "loyalty.campaign.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResumed(CampaignChanged):
    """A campaign that was paused goes on."""

    type = "loyalty.campaign.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCancelled(CampaignChanged):
    """A campaign was ended by somebody; what had not gone out yet never will."""

    type = "loyalty.campaign.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFailed(CampaignChanged):
    """A campaign could not be carried out."""

    type = "loyalty.campaign.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSent(CampaignChanged):
    """A campaign's last message is on its way."""

    type = "loyalty.campaign.sent"
