"""What a campaign is written with: the merchant's programs, places, segments, languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.domain.messages import Channel
from gateway.domain.programs import Look, Program, ProgramStatus
from gateway.domain.rules.tiers import TierRule
from gateway.domain.wording import Language
from gateway.storage.cards.segments import SavedSegment
from gateway.storage.people.merchants import Location, Merchant
from gateway.storage.unit import Unit

MOMENT_FORMAT = "%a %d %b %Y, %H:%M"
FIRST_CHANNELS = (Channel.APPLE, Channel.GOOGLE, Channel.MAIL)
"""What a new campaign begins with; a text message costs money, so somebody has to want it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The merchant's surroundings; `languages` begins with their own."""

    merchant: Merchant
    programs: Sequence[Program]
    locations: Sequence[Location]
    segments: Sequence[SavedSegment]
    zone: str
    languages: Sequence[Language]

    @property
    def names(self) -> Mapping[UUID, str]:
        """What programs, locations and segments are called."""
        programs = {program.id: program.version.name for program in self.programs}
        locations = {location.id: location.name for location in self.locations}
        return programs | locations | {segment.id: segment.name for segment in self.segments}

    @property
    def tiers(self) -> Mapping[str, str]:
        """What the tiers of the programs are called, by key; of two with one key the newer's."""
        rules = [rule for program in self.programs for rule in program.version.plan.rules]
        tiers = [tier for rule in rules if isinstance(rule, TierRule) for tier in rule.tiers]
        return {tier.key: tier.name for tier in reversed(tiers)}

    def look(self, program_id: UUID | None) -> Look:
        """Return the colours of a program's cards, or of those that most customers know."""
        ours = [program for program in self.programs if program.id == program_id]
        running = [each for each in self.programs if each.status is ProgramStatus.ACTIVE]
        found = next(iter([*ours, *running, *self.programs]), None)
        return found.version.look if found else Look()

    def local(self, moment: datetime | None) -> str:
        """Return a moment on the merchant's clock."""
        return moment.astimezone(ZoneInfo(self.zone)).strftime(MOMENT_FORMAT) if moment else ""


async def desk_of(unit: Unit) -> Desk:
    """Read what campaigns are written with."""
    merchant = await unit.merchants.me()
    own = [language for language in Language if language == merchant.language] or [Language.EN]
    return Desk(
        merchant=merchant,
        programs=await unit.programs.all(),
        locations=await unit.merchants.locations(),
        segments=await unit.segments.all(),
        zone=await unit.merchants.time_zone(),
        languages=[*own, *(each for each in Language if each not in own)],
    )
