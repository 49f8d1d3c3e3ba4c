"""A merchant minds its manners: when, how often and about what its customers are written to."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace

from gateway.domain.contacting import check_policy
from gateway.domain.contacts import ContactKind
from gateway.domain.errors import Invalid
from gateway.services.cards.addresses import ContactInvalid, parse_contact
from gateway.services.merchants.designing import Author
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit

# A number that can be answered, or a name as GSM allows it (3GPP TS 23.040 §9.1.2.5).
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_NOWHERE: AbstractSet[str] = frozenset()


async def write_manners(unit: Unit, settings: MessageSettings, author: Author) -> MessageSettings:
    """Keep a merchant's manners, if they still are at `settings.revision`; return what holds now.

    Raises `Invalid` with a sentence per field, or `ChangedMeanwhile`.
    """
    _check(settings)
    await unit.manners.write(settings, revision=settings.revision)
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action="message_settings.written",
        subject=f"merchant:{unit.merchant_id}",
        detail={"silent_events": sorted(settings.silent_events)},
    )
    await unit.audit.add(record, author.origin, unit.now)
    return replace(settings, revision=settings.revision + 1)


def _check(settings: MessageSettings) -> None:
    faults: dict[str, str] = {}
    try:
        check_policy(settings.policy)
    except Invalid as mistake:
        found = mistake.detail["errors"]
        assert isinstance(found, dict), "a policy's mistakes are by field"
        faults |= found
    if settings.reply_to is not None and not _is_mail(settings.reply_to):
        faults["reply_to"] = "This does not look like a mail address."
    if settings.sms_sender is not None and not _SENDER.fullmatch(settings.sms_sender):
        faults["sms_sender"] = (
            "Please write a number such as +352621123456, or a name of at most 11 letters."
        )
    if faults:
        raise Invalid("Please check the settings.", errors=faults)


def _is_mail(text: str) -> bool:
    try:
        return parse_contact(text, "", _NOWHERE).kind is ContactKind.MAIL
    except ContactInvalid:
        return False
