"""Pass types as they were read once: whose one is never changes, so they are kept."""

from collections.abc import Awaitable, Callable

from gateway.storage.people.merchants import PassType

PASS_TYPES_MAX = 10_000


class PassTypes:
    """Pass types by identifier, at most `PASS_TYPES_MAX`, the oldest forgotten first.

    Unknown ones are asked for each time: they may belong to somebody a moment later.
    """

    def __init__(self, read: Callable[[str], Awaitable[PassType | None]]) -> None:
        """Take the function that reads a pass type from the directory."""
        self._read = read
        self._kept: dict[str, PassType] = {}

    async def of(self, identifier: str) -> PassType | None:
        """Return the pass type, or None when nobody has it."""
        kept = self._kept.get(identifier)
        if kept is None:
            kept = await self._read(identifier)
            if kept is not None:
                self._kept[identifier] = kept
                if len(self._kept) > PASS_TYPES_MAX:
                    del self._kept[next(iter(self._kept))]
        return kept
