"""The sandbox's accounts with the providers, told to passgate by its settings."""

import hashlib
from dataclasses import dataclass, field

TWILIO_ACCOUNT = "AC" + "0" * 32
VONAGE_API_KEY = "sandbox0"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAccounts:
    """What passgate logs in with, and what callbacks are signed with."""

    twilio_token: str = field(repr=False)
    vonage_api_secret: str = field(repr=False)
    vonage_signature_secret: str = field(repr=False)


def accounts_of(secret_key: str) -> SmsAccounts:
    """Return an installation's accounts, derived from its own secret: the same on every start."""
    return SmsAccounts(
        twilio_token=_derive(secret_key, "twilio token"),
        vonage_api_secret=_derive(secret_key, "vonage api secret"),
        vonage_signature_secret=_derive(secret_key, "vonage signature secret"),
    )


def _derive(secret_key: str, purpose: str) -> str:
    return hashlib.sha256(f"{purpose} of the sandbox {secret_key}".encode()).hexdigest()
