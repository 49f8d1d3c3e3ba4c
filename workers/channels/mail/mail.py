"""One mail to one person, as the courier hands it over."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says and to whom; unchecked, `mime.write` refuses what no header may hold.

    `key` is the delivery's own for life: it becomes the Message-ID, so that mailbox providers
    recognise a repetition. `written_at` (aware) is the Date, and stays on every retry as well.
    `unsubscribe_url` (https) makes it marketing mail with one-click unsubscription.
    """

    key: UUID
    written_at: datetime
    sender_name: str
    sender_address: str
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    reply_to: str | None = None
    unsubscribe_url: str | None = field(default=None, repr=False)
