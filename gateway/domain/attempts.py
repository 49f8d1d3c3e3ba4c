"""Guessing limits: how many tries at a secret are looked at before the door closes."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLimit:
    """At most `tries` per `window`; one more closes the door for `lock`."""

    kind: str
    tries: int
    window: timedelta
    lock: timedelta


IPV6_NETWORK_BITS = 64
"""What one household or phone is given: 2^64 addresses to guess from."""

PIN_PER_STAFF = AttemptLimit(
    kind="pin_staff", tries=5, window=timedelta(minutes=30), lock=timedelta(minutes=30)
)
PIN_PER_TILL = AttemptLimit(
    kind="pin_till", tries=20, window=timedelta(hours=1), lock=timedelta(hours=1)
)
LOGIN_PER_PERSON = AttemptLimit(
    kind="login_person", tries=10, window=timedelta(minutes=15), lock=timedelta(minutes=15)
)
LOGIN_PER_ADDRESS = AttemptLimit(
    kind="login_address", tries=30, window=timedelta(minutes=15), lock=timedelta(minutes=15)
)
PAIRING_PER_ADDRESS = AttemptLimit(
    kind="pairing_address", tries=10, window=timedelta(minutes=15), lock=timedelta(minutes=15)
)
ENROL_PER_ADDRESS = AttemptLimit(
    kind="enrol_address", tries=60, window=timedelta(hours=1), lock=timedelta(minutes=15)
)
CODE_PER_TILL = AttemptLimit(
    kind="code_till", tries=60, window=timedelta(minutes=10), lock=timedelta(minutes=5)
)
# A till finds a customer by what they say; whoever tries address after address guesses.
SEARCH_PER_KEY = AttemptLimit(
    kind="pos_search", tries=120, window=timedelta(minutes=10), lock=timedelta(minutes=5)
)
TEST_MAIL_PER_PERSON = AttemptLimit(
    kind="test_mail_person", tries=10, window=timedelta(hours=1), lock=timedelta(hours=1)
)
# Whoever types addresses into the form makes us write to them: each text is paid for, and mail
# that nobody wants costs the domain its name.
WELCOME_MAILS_PER_MERCHANT = AttemptLimit(
    kind="welcome_mail", tries=1_000, window=timedelta(hours=1), lock=timedelta(hours=1)
)
WELCOME_TEXTS_PER_MERCHANT = AttemptLimit(
    kind="welcome_sms", tries=300, window=timedelta(hours=1), lock=timedelta(hours=1)
)
# Who knows a customer's address can have the link sent to them: help, not a way to annoy.
CARD_LINK_PER_CUSTOMER = AttemptLimit(
    kind="card_link_customer", tries=3, window=timedelta(days=1), lock=timedelta(days=1)
)
# Each makes us post to somebody's address, which need not be the one who asked.
WEBHOOK_TESTS_PER_ENDPOINT = AttemptLimit(
    kind="webhook_test", tries=30, window=timedelta(hours=1), lock=timedelta(hours=1)
)
WEBHOOK_REPLAYS_PER_ENDPOINT = AttemptLimit(
    kind="webhook_replay", tries=10, window=timedelta(hours=1), lock=timedelta(hours=1)
)


def guesser(remote_address: str) -> str:
    """Return whom to count the tries of an address for: itself, or its whole IPv6 network."""
    try:
        address = ip_address(remote_address)
    except ValueError:
        return remote_address
    if not isinstance(address, IPv6Address):
        return remote_address
    return str(IPv6Network((int(address), IPV6_NETWORK_BITS), strict=False))
