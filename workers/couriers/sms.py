"""The courier of text messages: a letter as an SMS from the merchant's own number or name."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.messages import Channel
from gateway.presenters.sms_texts import sms_text
from gateway.services.messages.links import MessageLinks
from gateway.storage.unit import Units
from workers.channels.base import Outcome, Permanent
from workers.channels.fallback import BoundedChannel
from workers.channels.missing import NOT_CONFIGURED
from workers.channels.sms.sms import Sms
from workers.couriers.messages import Envelope, MessageCourier, Way


class SenderGuard:
    """Lets text messages through that a merchant has a number or name of its own for."""

    def __init__(self, out: BoundedChannel[Sms]) -> None:
        """Take the way out."""
        self.seconds_max = out.seconds_max
        self._out = out

    async def send(self, message: Sms) -> Outcome:
        """Send it, unless nobody is named as its sender."""
        return await self._out.send(message) if message.sender else Permanent(NOT_CONFIGURED)

    async def close(self) -> None:
        """Hang up."""
        await self._out.close()


def sms_courier(
    units: Units,
    out: BoundedChannel[Sms],
    links: MessageLinks,
    new_id: Callable[[], UUID],
) -> MessageCourier[Sms]:
    """Return the courier that sends text messages, and has their fate reported to us."""

    def write(envelope: Envelope) -> Sms:
        return write_sms(envelope, links.public_url)

    return MessageCourier(units, Way(Channel.SMS, SenderGuard(out), write), links, new_id)


def write_sms(envelope: Envelope, public_url: str) -> Sms:
    """Write a letter as a text message.

    `{provider}` in the address for reports is filled in by whoever takes it. It also names the
    message: a report may come before we noted how its provider calls it, or after an answer that
    never came.
    """
    letter = envelope.letter
    reports = f"{public_url}/callbacks/sms/{{provider}}/{letter.merchant.slug}/status"
    return Sms(
        key=envelope.delivery.id,
        sender=letter.settings.sms_sender or "",
        recipient=letter.address,
        text=sms_text(letter.message.event, letter.wording, letter.facts, letter.language),
        status_url=f"{reports}?message={letter.message.id}",
    )
