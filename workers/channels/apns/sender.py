"""Pushing for one pass type: its pool behind its breaker."""

import time
from collections.abc import Awaitable
from typing import Protocol

from workers.channels.apns.breaker import PROVEN, UNPROVEN
from workers.channels.apns.reactions import ACCEPTED, Answer
from workers.channels.apns.request import Push
from workers.channels.base import DELIVERED, Outcome, Temporary


class Pool(Protocol):
    """Whatever can post a push: our own connections or aioapns'."""

    def post(self, push: Push) -> Awaitable[Answer | Temporary]:
        """Send a push; always comes back."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class Sender:
    """Sends for one pass type while Apple accepts the sender."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._breaker = UNPROVEN

    async def send(self, push: Push) -> Outcome:
        """Send unless stopped, and let the answer move the breaker."""
        if self._breaker.stopped is not None:
            now = time.monotonic()
            refusal = self._breaker.refuses(now)
            if refusal is not None:
                return refusal
            self._breaker = self._breaker.trying(now)
        answer = await self.pool.post(push)
        if isinstance(answer, Temporary):
            return answer
        if answer is ACCEPTED and self._breaker is PROVEN:
            return DELIVERED
        self._breaker, outcome = self._breaker.after(answer, time.monotonic())
        return outcome
