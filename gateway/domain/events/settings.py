"""What happens to a merchant's settings."""

from dataclasses import dataclass
from typing import Literal

from gateway.domain.events.base import Event

Settings = Literal["messages", "wording", "adjustments", "google_wallet", "sms_sender"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    """Settings of a kind are others from now on; what they are is read where they are kept.

    `by` is who changed them: "operator" for who runs the installation.
    """

    type = "loyalty.settings.changed"
    settings: Settings
    by: str
