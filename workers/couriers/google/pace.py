"""How fast Google is called: one rate for all workers; what somebody waits for goes first.

https://developers.google.com/wallet/generic/resources/faq: 20 requests a second.
"""

import asyncio
from datetime import timedelta

from gateway.storage.queues.budgets import ProviderBudgets
from gateway.storage.queues.deliveries import BULK, INTERACTIVE

# A little under Google's 20 a second: calls do not take equally long to get there.
EVERY = timedelta(seconds=1) / 18
# Campaigns and new looks leave the rest to those who stand at a counter.
BULK_EVERY = timedelta(seconds=1) / 13
WAIT_MAX = timedelta(seconds=4)
BULK_WAIT_MAX = timedelta(seconds=1)


class Pace:
    """Waits for a call's turn."""

    def __init__(self, budgets: ProviderBudgets) -> None:
        """Take where slots are handed out."""
        self._budgets = budgets

    async def turn(self, issuer_id: str, lane: int) -> bool:
        """Wait until a call may be made; False when too many wait already."""
        account = f"google:{issuer_id}"
        if lane == BULK and not await self._wait(account, BULK, BULK_EVERY, BULK_WAIT_MAX):
            return False
        return await self._wait(account, INTERACTIVE, EVERY, WAIT_MAX)

    async def _wait(self, account: str, lane: int, every: timedelta, wait_max: timedelta) -> bool:
        seconds = await self._budgets.take(account, lane, every=every, wait_max=wait_max)
        if seconds is None:
            return False
        await asyncio.sleep(seconds)
        return True
