"""The mail channel of an installation: its server, and the second one behind it."""

from workers.channels.fallback import Fallback
from workers.channels.mail.connections import Limits
from workers.channels.mail.mail import Mail
from workers.channels.mail.server import DEFAULT_LIMITS, SmtpServer
from workers.channels.mail.servers import ServerAddress


class FallbackMail(Fallback[Mail]):
    """Sends over the first server, and over the next where the one before took nothing.

    The second is never asked once content went out without an answer: see `Fallback`.
    """

    def __init__(self, *servers: ServerAddress, limits: Limits = DEFAULT_LIMITS) -> None:
        """Take one server or more, the preferred one first."""
        super().__init__([SmtpServer(server, limits) for server in servers])
