"""The words for one event, by each way to the customer."""

from dataclasses import dataclass

from gateway.domain.consents import Medium
from gateway.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWordings:
    """One event in one language: a mail, an SMS without links people could do without, a line."""

    subject: str
    mail: str
    sms: str
    wallet: str

    def by(self, medium: Medium) -> Wording:
        """Return the words for one way."""
        match medium:
            case Medium.MAIL:
                return Wording(self.mail.strip("\n"), self.subject)
            case Medium.SMS:
                return Wording(self.sms)
            case Medium.WALLET:
                return Wording(self.wallet)
