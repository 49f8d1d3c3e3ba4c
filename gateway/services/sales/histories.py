"""What held when something happened that is told of late, and what its card had done by then."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from gateway.domain.cards import Standing
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.budgets import program_budgets
from gateway.domain.rules.looking_back import look_back_days
from gateway.domain.sales import as_of
from gateway.storage.unit import Unit

FIRST_NUMBER = 1
A_DAY = timedelta(days=1)


async def version_of(
    unit: Unit, standing: Standing, moment: datetime, now: datetime
) -> ProgramVersion:
    """Return the version that held when it happened; a card in an experiment keeps its own."""
    version = await unit.programs.version(standing.program_version_id)
    if moment == now or version.number == FIRST_NUMBER:
        return version
    held = await unit.sales.version_at(version, moment)
    return await unit.programs.version(held) if held else version


async def with_history(
    unit: Unit, standing: Standing, version: ProgramVersion, day: date, now: datetime
) -> Standing:
    """Return the standing with all that a version looks back on from an earlier day.

    It has what its own version looks back on from `now`. What the program gave is read here for
    the budgets of a version that is not the current one.
    """
    is_own = version.id == standing.program_version_id
    if not is_own or day < (now - A_DAY).date():
        since = day - timedelta(days=look_back_days(version.plan) + 1)
        standing = replace(standing, days=await unit.sales.days(standing.card_id, since))
    if standing.budgets or not program_budgets(version.plan):
        return standing
    return replace(standing, budgets=await unit.programs.budgets(standing.program_id))


async def standing_then(
    unit: Unit, standing: Standing, version: ProgramVersion, moment: datetime
) -> Standing:
    """Return the standing as limits see it at an earlier moment, by what it earned around it.

    Only where the card earned later is its past looked at, as far as a cooldown reaches.
    """
    reach = timedelta(minutes=version.plan.limits.cooldown_minutes)
    last = standing.last_earned_at
    nearest = None
    if reach and last is not None and last > moment:
        nearest = await unit.transactions.nearest_earning(standing.card_id, moment, reach)
    return as_of(standing, moment, nearest)
