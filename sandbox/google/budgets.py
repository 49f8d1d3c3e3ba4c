"""How much Google lets through: 20 requests in a second, three notifications in a day."""

from collections.abc import Callable

REQUESTS_PER_SECOND = 20
NOTICES_MAX = 3
NOTICES_SECONDS = 24 * 60 * 60

Clock = Callable[[], float]


class RateBucket:
    """A bucket of one second's requests that fills up again as time goes by."""

    def __init__(self, clock: Clock) -> None:
        self.per_second = REQUESTS_PER_SECOND
        self._clock = clock
        self._left = float(REQUESTS_PER_SECOND)
        self._at = clock()

    def take(self, count: int = 1) -> bool:
        """Take so many requests out, or none and say False."""
        now = self._clock()
        filled = self._left + (now - self._at) * self.per_second
        self._left, self._at = min(filled, float(self.per_second)), now
        if self._left < count:
            return False
        self._left -= count
        return True


def may_notify(noticed: list[float], now: float) -> bool:
    """Whether a resource that notified at these moments may do so once more; notes it if so."""
    noticed[:] = [moment for moment in noticed if now - moment < NOTICES_SECONDS]
    if len(noticed) >= NOTICES_MAX:
        return False
    noticed.append(now)
    return True
