"""A merchant's own words: kept when they can be sent, given up for ours, and tried by mail."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.consents import Medium
from gateway.domain.errors import ChangedMeanwhile, Refusal
from gateway.domain.events.settings import SettingsChanged
from gateway.domain.events.wishes import TrialWanted
from gateway.domain.messages import Channel
from gateway.domain.programs import Look
from gateway.domain.wording import Language, MessageEvent, Wording, check_wording
from gateway.presenters.message_previews import Brand
from gateway.presenters.wordings.defaults import default_wording
from gateway.services.merchants.designing import Author
from gateway.services.messages.letters import LANGUAGE
from gateway.storage.messages.messages import Message
from gateway.storage.messages.wordings import UNWRITTEN, OwnWording
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit

EVENTS = tuple(event for event in MessageEvent if event is not MessageEvent.CAMPAIGN)
"""What a merchant has standing words for; a campaign brings its own."""


class NoMailAddress(Refusal):
    """You log in without a mail address, so there is nowhere to send it."""

    code = "no_mail_address"


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: about which event, by which way, in which language."""

    event: MessageEvent
    medium: Medium
    language: Language


async def wording_at(unit: Unit, place: Place) -> OwnWording:
    """Return the words that are sent: the merchant's own, or ours at the revision `UNWRITTEN`."""
    own = await unit.wordings.one(place.event, place.medium, place.language)
    if own is not None:
        return own
    return _own(place, default_wording(place.event, place.medium, place.language), UNWRITTEN)


async def write_wording(
    unit: Unit, place: Place, wording: Wording, author: Author, *, revision: int
) -> OwnWording:
    """Keep a merchant's own words; `revision` is the one the author saw.

    Raises `Invalid` with a sentence per field, or `ChangedMeanwhile`.
    """
    check_wording(place.event, place.medium, wording)
    await unit.wordings.write(_own(place, wording, revision), unit.now)
    await _record(unit, author, "wording.written", place)
    unit.announce(SettingsChanged(settings="wording", by=author.principal.name))
    return _own(place, wording, revision + 1)


async def reset_wording(unit: Unit, place: Place, author: Author, *, revision: int) -> OwnWording:
    """Send our words again; raises `ChangedMeanwhile` unless the author saw what is dropped."""
    seen = await wording_at(unit, place)
    if seen.revision != revision:
        raise ChangedMeanwhile
    if revision != UNWRITTEN:
        await unit.wordings.forget(seen)
        await _record(unit, author, "wording.reset", place)
        unit.announce(SettingsChanged(settings="wording", by=author.principal.name))
    return await wording_at(unit, place)


async def send_test(unit: Unit, event: MessageEvent, language: Language, author: Author) -> UUID:
    """Send an event's mail to the address its author logs in with; return the message's id.

    Raises `NoMailAddress`.
    """
    staff_id = author.principal.staff_id
    email = (await unit.staff.one(staff_id)).email if staff_id else None
    if email is None:
        raise NoMailAddress
    message = Message(
        id=author.new_id(),
        event=event,
        channel=Channel.MAIL,
        address=email,
        facts={LANGUAGE: str(language)},
    )
    await unit.messages.add([message], unit.now)
    await _record(unit, author, "wording.tried", Place(event, Medium.MAIL, language))
    unit.announce(TrialWanted(message_id=message.id))
    return message.id


async def brand_of(unit: Unit) -> Brand:
    """Return the name and the colours that a merchant's messages are shown in, about no card."""
    merchant, programs = await unit.merchants.me(), await unit.programs.all()
    return Brand(name=merchant.name, look=programs[0].version.look if programs else Look())


def _own(place: Place, wording: Wording, revision: int) -> OwnWording:
    return OwnWording(
        event=place.event,
        medium=place.medium,
        language=place.language,
        wording=wording,
        revision=revision,
    )


async def _record(unit: Unit, author: Author, action: str, place: Place) -> None:
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action=action,
        subject=f"wording:{place.event}/{place.medium}/{place.language}",
    )
    await unit.audit.add(record, author.origin, unit.now)
