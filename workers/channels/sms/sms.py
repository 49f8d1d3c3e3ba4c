"""One text message to one phone, as the courier hands it over."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """What a text message says and to whom.

    `key` is the delivery's own for life, `sender` a number (E.164) or an alphanumeric name of
    the merchant, `recipient` a number (E.164). The provider reports to
    `status_url`, in which `{provider}` stands for whoever takes the message.
    """

    key: UUID
    sender: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    status_url: str

    def status_url_of(self, provider: str) -> str:
        """Return where this provider is to report to."""
        return self.status_url.replace("{provider}", provider)
