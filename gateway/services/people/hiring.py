"""Hiring: somebody gets a PIN for the tills, and loses it when they leave."""

from uuid import UUID

from gateway.domain.errors import Invalid, NotAllowed
from gateway.domain.people import Origin, Principal, Role, check_pin
from gateway.services.people.secrets import SecretHasher
from gateway.storage.people.audit import Record
from gateway.storage.people.people import Member
from gateway.storage.unit import Unit

NAME_CHARACTERS_MAX = 40


async def make_member(hasher: SecretHasher, member_id: UUID, name: str, pin: str) -> Member:
    """Return somebody for the tills; raises `Invalid` for a name or PIN that will not do."""
    name = name.strip()
    if not name or len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        raise Invalid(f"Please give a name of at most {NAME_CHARACTERS_MAX} characters.")
    check_pin(pin)
    return Member(id=member_id, name=name, role=Role.STAFF, pin_hash=await hasher.hash(pin))


async def hire(
    unit: Unit, principal: Principal, member: Member, origin: Origin, record_id: UUID
) -> None:
    """Let somebody stand at the tills."""
    await unit.staff.add(member, unit.now)
    record = Record(
        id=record_id, actor=principal.name, action="staff.hired", subject=f"staff:{member.id}"
    )
    await unit.audit.add(record, origin, unit.now)


async def let_go(
    unit: Unit, principal: Principal, staff_id: UUID, origin: Origin, record_id: UUID
) -> None:
    """Let somebody stand there no longer, from this moment on.

    Raises `NotFound` for somebody else's staff, `NotAllowed` for oneself and for owners.
    """
    member = await unit.staff.one(staff_id)
    if member.role is Role.OWNER or staff_id == principal.staff_id:
        raise NotAllowed("Owners cannot be let go, and nobody lets themselves go.")
    await unit.staff.deactivate(staff_id, unit.now)
    record = Record(
        id=record_id, actor=principal.name, action="staff.let_go", subject=f"staff:{staff_id}"
    )
    await unit.audit.add(record, origin, unit.now)
