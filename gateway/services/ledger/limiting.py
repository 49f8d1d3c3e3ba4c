"""Limiting: how much one person may adjust on a card without a second one."""

from gateway.domain.events.settings import SettingsChanged
from gateway.services.merchants.designing import Author
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


async def limit_alone(unit: Unit, most: int, author: Author, *, before: int) -> None:
    """Let one person adjust up to `most` alone, if it still is `before`; 0 always takes two.

    Raises `ChangedMeanwhile`.
    """
    await unit.adjustments.allow_alone(most, before=before)
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action="ledger_settings.written",
        subject=f"merchant:{unit.merchant_id}",
        detail={"before": before, "adjust_alone_max": most},
    )
    await unit.audit.add(record, author.origin, unit.now)
    unit.announce(SettingsChanged(settings="adjustments", by=author.principal.name))
