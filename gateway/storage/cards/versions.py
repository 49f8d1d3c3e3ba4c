"""Program versions as they were read once: they never change, so they are kept."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from gateway.domain.programs import ProgramVersion

VERSIONS_MAX = 10_000


class Versions:
    """Program versions by merchant and id, at most `VERSIONS_MAX`, the oldest forgotten first.

    As many are found by the number they have in their program, too.
    """

    def __init__(self, read: Callable[[UUID, UUID], Awaitable[ProgramVersion]]) -> None:
        """Take the function that reads a version of a merchant."""
        self._read = read
        self._kept: dict[tuple[UUID, UUID], ProgramVersion] = {}
        # By integers: a page looks fifty up, and comparing ids costs more than the rest of it.
        self._numbered: dict[tuple[int, int, int], ProgramVersion] = {}

    async def of(self, merchant_id: UUID, version_id: UUID) -> ProgramVersion:
        """Return a version; raises `NotFound`."""
        kept = self.known(merchant_id, version_id)
        if kept is None:
            kept = await self._read(merchant_id, version_id)
            self.keep(merchant_id, kept)
        return kept

    def known(self, merchant_id: UUID, version_id: UUID) -> ProgramVersion | None:
        """Return a version that was read before, or None."""
        return self._kept.get((merchant_id, version_id))

    def numbered(self, merchant_id: UUID, program_id: UUID, number: int) -> ProgramVersion | None:
        """Return a program's version that was committed and read before, or None."""
        return self._numbered.get((merchant_id.int, program_id.int, number))

    def keep(self, merchant_id: UUID, version: ProgramVersion) -> None:
        """Remember a version that was read."""
        self._kept[merchant_id, version.id] = version
        if len(self._kept) > VERSIONS_MAX:
            del self._kept[next(iter(self._kept))]

    def keep_committed(self, merchant_id: UUID, version: ProgramVersion) -> None:
        """Remember a version by its number, too.

        Not one of a unit under way: were that rolled back, another would get its number.
        """
        self.keep(merchant_id, version)
        self._numbered[merchant_id.int, version.program_id.int, version.number] = version
        if len(self._numbered) > VERSIONS_MAX:
            del self._numbered[next(iter(self._numbered))]
