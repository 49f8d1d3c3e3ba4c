"""A merchant minds its manners: when, how often and about what its customers are written to."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from gateway.domain.contacting import check_policy
from gateway.domain.errors import ChangedMeanwhile, Invalid
from gateway.domain.events.settings import SettingsChanged
from gateway.services.merchants.designing import Author
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


async def write_manners(unit: Unit, settings: MessageSettings, author: Author) -> MessageSettings:
    """Keep a merchant's manners, if they still are at `settings.revision`; return what holds now.

    Answers go to somebody who works here and to nobody else, and the sender of text messages
    stays what the operator assigned. Raises `Invalid` with a sentence per field, or
    `ChangedMeanwhile`.
    """
    present = await unit.manners.read()
    if present.revision != settings.revision:
        raise ChangedMeanwhile
    people = {member.email for member in await unit.staff.all()}
    _check(settings, present.sms_sender, people)
    await unit.manners.write(settings, revision=settings.revision)
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action="message_settings.written",
        subject=f"merchant:{unit.merchant_id}",
        detail={"silent_events": sorted(settings.silent_events)},
    )
    await unit.audit.add(record, author.origin, unit.now)
    unit.announce(SettingsChanged(settings="messages", by=author.principal.name))
    return replace(settings, revision=settings.revision + 1)


def _check(
    settings: MessageSettings, sms_sender: str | None, people: AbstractSet[str | None]
) -> None:
    faults: dict[str, str] = {}
    try:
        check_policy(settings.policy)
    except Invalid as mistake:
        found = mistake.detail["errors"]
        assert isinstance(found, dict), "a policy's mistakes are by field"
        faults |= found
    if settings.reply_to is not None and settings.reply_to not in people:
        faults["reply_to"] = "Please give the address with which one of your people logs in."
    if settings.sms_sender != sms_sender:
        faults["sms_sender"] = "Whoever runs this installation assigns the sender."
    if faults:
        raise Invalid("Please check the settings.", errors=faults)
