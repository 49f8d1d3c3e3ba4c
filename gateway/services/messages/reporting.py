"""What became of a text message after its provider took it, as the provider reports it."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.consents import Medium
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.messages import Channel, MessageState
from gateway.storage.messages.messages import Message, Move
from gateway.storage.messages.suppressions import SuppressionReason
from gateway.storage.unit import Unit

# Unknown destination, and a landline; a phone that is only switched off is written to again.
# https://www.twilio.com/docs/api/errors/30005, https://www.twilio.com/docs/api/errors/30006
DEAD_NUMBER_REASONS = frozenset({"Twilio30005", "Twilio30006"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The fate of the message that `provider` calls `reference`.

    `message_id` is ours, from the address the report came to, if that named one.
    """

    provider: str
    reference: str
    state: MessageState
    reason: str | None = None
    message_id: UUID | None = None


async def take_report(unit: Unit, report: Report) -> bool:
    """Move the message a report is about; return whether that was news.

    A report may come before we noted the reference, or for a message whose provider never
    answered: then the id finds it. A message nobody knows, and late news, change nothing.
    """
    message = await _find(unit, report)
    if message is None:
        return False
    move = Move(
        message_id=message.id,
        state=_state(report),
        reason=report.reason,
        provider=report.provider,
        reference=report.reference,
    )
    moved = await unit.messages.move([move], unit.now)
    if moved and report.reason in DEAD_NUMBER_REASONS:
        await _suppress(unit, message)
    return bool(moved)


def _state(report: Report) -> MessageState:
    """Return what became of the message: providers call undelivered more than dead numbers.

    A phone that was switched off is no reason to tell its owner that the number does not exist.
    """
    is_dead = report.reason in DEAD_NUMBER_REASONS
    if report.state is MessageState.BOUNCED and not is_dead:
        return MessageState.FAILED
    return report.state


async def _find(unit: Unit, report: Report) -> Message | None:
    known = await unit.messages.by_reference(report.provider, report.reference)
    if known or report.message_id is None:
        return known
    named = (await unit.messages.many([report.message_id])).get(report.message_id)
    is_ours = named is not None and named.channel is Channel.SMS and named.reference is None
    return named if is_ours else None


async def _suppress(unit: Unit, message: Message) -> None:
    """Write to the number no more; a test send has no customer, and its number may be a typo."""
    if message.customer_id is None:
        return
    customer = await unit.customers.one(message.customer_id)
    number = customer.address(ContactKind.PHONE)
    if number is not None:
        index = unit.customers.index(Contact(kind=ContactKind.PHONE, address=number))
        await unit.suppressions.add(Medium.SMS, index, SuppressionReason.BOUNCED, unit.now)
