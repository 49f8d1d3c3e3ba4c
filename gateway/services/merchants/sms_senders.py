"""Assigning senders of text messages: a number or name is one merchant's, as the operator says."""

import re
from dataclasses import replace

from gateway.domain.errors import Invalid
from gateway.domain.events.settings import SettingsChanged
from gateway.services.merchants.google_issuers import Setter
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit

# A number that can be answered, or a name as GSM allows it (3GPP TS 23.040 §9.1.2.5).
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


async def set_sms_sender(unit: Unit, sender: str | None, setter: Setter) -> None:
    """Let the merchant's texts come from a number (E.164) or a name; without one it sends none.

    Only the operator knows whose number or name it is, so that no merchant writes in another's.
    Raises `Invalid` for what no network takes and for what another merchant has.
    """
    if sender is not None and not _SENDER.fullmatch(sender):
        raise Invalid(
            "A sender is a number such as +352621123456, or a name of at most 11 letters."
        )
    settings = await unit.manners.read()
    if settings.sms_sender == sender:
        return
    await unit.manners.write(replace(settings, sms_sender=sender), revision=settings.revision)
    record = Record(
        id=setter.new_id(),
        actor=setter.actor,
        action="merchant.sms_sender_set",
        subject=f"merchant:{unit.merchant_id}",
        detail={"sms_sender": sender},
    )
    await unit.audit.add(record, setter.origin, unit.now)
    unit.announce(SettingsChanged(settings="sms_sender", by=setter.actor))
