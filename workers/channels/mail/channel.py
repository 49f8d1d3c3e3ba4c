"""The mail channel of an installation: its server, and the second one behind it."""

from gateway.settings import Settings
from workers.channels.fallback import Fallback
from workers.channels.mail.connections import Limits
from workers.channels.mail.mail import Mail
from workers.channels.mail.server import DEFAULT_LIMITS, SmtpServer
from workers.channels.mail.servers import ServerAddress, parse_server


class FallbackMail(Fallback[Mail]):
    """Sends over the first server, and over the next where the one before took nothing.

    The second is never asked once content went out without an answer: see `Fallback`.
    """

    def __init__(self, *servers: ServerAddress, limits: Limits = DEFAULT_LIMITS) -> None:
        """Take one server or more, the preferred one first."""
        super().__init__([SmtpServer(server, limits) for server in servers])


def mail_channel(settings: Settings) -> FallbackMail | None:
    """Return the channel of the settings; None where no mail is sent."""
    urls = [url for url in (settings.mail_url, settings.mail_fallback_url) if url is not None]
    return FallbackMail(*map(parse_server, urls)) if urls else None
