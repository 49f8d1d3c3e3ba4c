"""The courier of mails: a letter as a mail from the merchant."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.messages import Channel
from gateway.domain.wording import MessageEvent
from gateway.presenters.mails import MailPage, mail
from gateway.services.messages.letters import is_offer
from gateway.services.messages.links import MessageLinks
from gateway.storage.unit import Units
from workers.channels.fallback import BoundedChannel
from workers.channels.mail.mail import Mail
from workers.couriers.messages import Envelope, MessageCourier, Way


def mail_courier(
    units: Units,
    out: BoundedChannel[Mail],
    sender_address: str,
    links: MessageLinks,
    new_id: Callable[[], UUID],
) -> MessageCourier[Mail]:
    """Return the courier that sends mails from this address."""

    def write(envelope: Envelope) -> Mail:
        return write_mail(envelope, sender_address)

    return MessageCourier(units, Way(Channel.MAIL, out, write), links, new_id)


def write_mail(envelope: Envelope, sender_address: str) -> Mail:
    """Write a letter as a mail; a repetition has the same Message-ID and Date."""
    letter, delivery = envelope.letter, envelope.delivery
    unsubscribe_link = letter.unsubscribe_link if is_offer(letter) else None
    event = letter.message.event
    assert isinstance(event, MessageEvent), "keywords come by SMS and are answered there"
    written = mail(
        MailPage(
            event=event,
            wording=letter.wording,
            facts=letter.facts,
            language=letter.language,
            look=letter.look,
            preferences_link=letter.preferences_link,
            unsubscribe_link=unsubscribe_link,
        )
    )
    return Mail(
        key=delivery.id,
        written_at=delivery.created_at,
        sender_name=letter.merchant.name,
        sender_address=sender_address,
        recipient=letter.address,
        subject=written.subject,
        text=written.text,
        html=written.html,
        reply_to=letter.settings.reply_to,
        unsubscribe_url=unsubscribe_link,
    )
