"""Unpairing: a till that was lost or is no longer wanted stops being one."""

from uuid import UUID

from gateway.domain.people import Origin, Principal
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


async def unpair_till(
    unit: Unit, principal: Principal, till_id: UUID, origin: Origin, record_id: UUID
) -> None:
    """Take a till's rights away, and with them the sessions on it.

    Raises `NotFound` for a till of somebody else, and for one that is unpaired already.
    """
    await unit.tills.revoke(till_id, unit.now)
    record = Record(
        id=record_id,
        actor=principal.name,
        action="till.unpaired",
        subject=f"till:{till_id}",
    )
    await unit.audit.add(record, origin, unit.now)
