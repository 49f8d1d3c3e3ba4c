"""Following: how far a campaign is, in numbers that always add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.campaigns import Campaign
from gateway.storage.messages.campaign_messages import Count
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign and its messages by channel, state and reason, all of one moment."""

    campaign: Campaign
    counts: Sequence[Count]

    @property
    def messages(self) -> int:
        """How many messages are written down: one per recipient and channel."""
        return sum(count.messages for count in self.counts)


async def follow(unit: Unit, campaign_id: UUID) -> Progress:
    """Return how far a campaign is; raises `NotFound`."""
    campaign = await unit.campaigns.one(campaign_id)
    return Progress(campaign, await unit.campaign_messages.counts(campaign_id))
