"""What a phone's Wallet asks of us: tell me of changes, no more, what changed, and the pass.

Source: https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
"""

from dataclasses import dataclass, field

from gateway.domain.errors import Kind, Refusal
from gateway.services.wallets.issuing import PassOffice, SignedPass, published, sign, snapshot
from gateway.storage.people.merchants import PassType
from gateway.storage.unit import Unit
from gateway.storage.wallets.devices import REGISTRATIONS_PER_PASS_MAX, Device
from gateway.storage.wallets.passes import StoredPass
from passes.apple.service import ChangedPasses, Registration, is_not_modified, is_token
from passes.apple.words import is_device_library_identifier, is_pass_type, is_serial


class NotTheirs(Refusal):
    """The token does not open this pass, or there is no such pass: nobody is told which."""

    code = "not_theirs"
    kind = Kind.UNAUTHENTICATED


class TooManyDevices(Refusal):
    """This pass is on as many devices as it may be."""

    code = "too_many_devices"
    kind = Kind.LIMITED


@dataclass(frozen=True, slots=True)
class PassClaim:
    """The pass a phone asks for, and the token it presents for it; nothing is believed yet."""

    pass_type_identifier: str
    serial_number: str
    token: str | None = field(repr=False)


async def register(
    office: PassOffice, claim: PassClaim, device_identifier: str, registration: Registration
) -> bool:
    """Note that a device wants updates of a pass; return whether that is new.

    Raises `NotTheirs` or `TooManyDevices`.
    """
    pass_type = await _admitted(office, claim)
    async with office.units(pass_type.merchant_id) as unit:
        if not await unit.passes.hold(claim.pass_type_identifier, claim.serial_number):
            raise NotTheirs
        device = Device(
            pass_type_identifier=claim.pass_type_identifier,
            identifier=device_identifier,
            push_token=registration.push_token,
            registered_at=unit.now,
        )
        await _check_room(unit, device, claim.serial_number)
        return await unit.devices.register(device, claim.serial_number)


async def unregister(office: PassOffice, claim: PassClaim, device_identifier: str) -> None:
    """Forget that a device wants updates of a pass, as often as it says so; raises `NotTheirs`."""
    pass_type = await _admitted(office, claim)
    await _stored(office, pass_type, claim)
    if not is_device_library_identifier(device_identifier):
        return
    async with office.units(pass_type.merchant_id) as unit:
        await unit.devices.unregister(
            claim.pass_type_identifier, device_identifier, claim.serial_number
        )


async def changes(
    office: PassOffice, pass_type_identifier: str, device_identifier: str, tag: int | None
) -> ChangedPasses | None:
    """Return which of a device's passes changed after a tag, or None when none did.

    What was committed and has no tag yet gets one first. The new tag is the largest of those
    returned, hence larger than the one asked with; a device that nobody knows has no changes.
    """
    pass_type = await _pass_type(office, pass_type_identifier)
    if pass_type is None or not is_device_library_identifier(device_identifier):
        return None
    merchant_id, asked = pass_type.merchant_id, (pass_type.identifier, device_identifier, tag)
    changed = await office.lookups.changed_since(merchant_id, *asked)
    pending = [stored.card_id for stored in changed if stored.is_behind]
    if pending:
        async with office.units(merchant_id) as unit:
            await unit.passes.publish(pending)
            changed = await unit.devices.changed_since(*asked)
    if not changed:
        return None
    serial_numbers = tuple(stored.serial_number for stored in changed)
    return ChangedPasses(serial_numbers, max(stored.tag for stored in changed))


async def fetch(
    office: PassOffice, claim: PassClaim, if_modified_since: str | None
) -> SignedPass | None:
    """Return the pass, signed, or None when the phone has it; raises `NotTheirs`, `CannotSign`.

    A phone that has it costs no signature.
    """
    pass_type = await _admitted(office, claim)
    stored = await _stored(office, pass_type, claim)
    if not stored.is_behind and is_not_modified(if_modified_since, stored.changed_at):
        return None
    async with office.units(pass_type.merchant_id) as unit:
        found = await snapshot(unit, stored)
    if is_not_modified(if_modified_since, found.stored.changed_at):
        return None
    signed = await sign(office, found)
    async with office.units(pass_type.merchant_id) as unit:
        await unit.passes.fetched(found.stored, found.card.version, unit.now)
        await unit.announcements.fetched(found.card.id, found.card.version, unit.now)
    return signed


async def last_change(office: PassOffice, claim: PassClaim) -> StoredPass:
    """Return what is known of a pass without building it; raises `NotTheirs`."""
    pass_type = await _admitted(office, claim)
    stored = await _stored(office, pass_type, claim)
    async with office.units(pass_type.merchant_id) as unit:
        return await published(unit, stored)


async def _admitted(office: PassOffice, claim: PassClaim) -> PassType:
    """Check the token, which needs no database, before anything is looked for."""
    is_named = is_serial(claim.serial_number) and is_pass_type(claim.pass_type_identifier)
    is_right = is_token(
        office.token_key, claim.pass_type_identifier, claim.serial_number, claim.token or ""
    )
    pass_type = None
    if is_named and is_right:
        pass_type = await office.pass_types.of(claim.pass_type_identifier)
    if pass_type is None:
        raise NotTheirs
    return pass_type


async def _pass_type(office: PassOffice, identifier: str) -> PassType | None:
    return await office.pass_types.of(identifier) if is_pass_type(identifier) else None


async def _stored(office: PassOffice, pass_type: PassType, claim: PassClaim) -> StoredPass:
    stored = await office.lookups.named(
        pass_type.merchant_id, pass_type.identifier, claim.serial_number
    )
    if stored is None:
        raise NotTheirs
    return stored


async def _check_room(unit: Unit, device: Device, serial_number: str) -> None:
    """Refuse one device too many; the pass is held, so that two cannot take the last place."""
    if await unit.devices.is_registered(device, serial_number):
        return
    count = await unit.devices.registrations_of(device.pass_type_identifier, serial_number)
    if count >= REGISTRATIONS_PER_PASS_MAX:
        raise TooManyDevices
