"""Who may do what: roles, permissions, and the principal a request acts for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from gateway.domain.errors import Invalid, NotAllowed

PIN_DIGITS_MIN = 4
PIN_DIGITS_MAX = 8
_EASY_PINS = frozenset({"1234", "4321", "12345", "123456", "654321", "1212", "2580", "112233"})


class Role(StrEnum):
    """What a member of staff is to the merchant."""

    STAFF = "staff"
    MANAGER = "manager"
    OWNER = "owner"


class Permission(StrEnum):
    """What a route or an API key allows."""

    CARDS_READ = "cards:read"
    CARDS_OPEN = "cards:open"
    CARDS_WRITE = "cards:write"
    STAMPS_WRITE = "stamps:write"
    SALES_WRITE = "sales:write"
    POS_READ = "pos:read"
    POS_WRITE = "pos:write"
    ADJUSTMENTS_WRITE = "adjustments:write"
    REWARDS_WRITE = "rewards:write"
    PROGRAMS_READ = "programs:read"
    PROGRAMS_WRITE = "programs:write"
    MEMBERS_READ = "members:read"
    TILLS_WRITE = "tills:write"
    MESSAGES_WRITE = "messages:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    WEBHOOKS_WRITE = "webhooks:write"


_TILL = frozenset(
    {
        Permission.CARDS_READ,
        Permission.STAMPS_WRITE,
        Permission.SALES_WRITE,
        Permission.REWARDS_WRITE,
    }
)
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: _TILL,
    Role.MANAGER: frozenset(Permission),
    Role.OWNER: frozenset(Permission),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The person or program a request acts for, and where from.

    `name` is the scope of idempotency keys: two principals never share one.
    """

    merchant_id: UUID
    name: str
    permissions: frozenset[Permission]
    staff_id: UUID | None = None
    till_id: UUID | None = None
    location_id: UUID | None = None

    def require(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the principal has the permission."""
        if permission not in self.permissions:
            raise NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request came from, kept with what it changed."""

    source: str
    remote_address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None


def check_pin(pin: str) -> None:
    """Raise `Invalid` for a PIN that is not 4–8 digits or that everybody guesses first."""
    if not (pin.isascii() and pin.isdigit() and PIN_DIGITS_MIN <= len(pin) <= PIN_DIGITS_MAX):
        raise Invalid(f"A PIN has {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} digits.")
    if len(set(pin)) == 1 or pin in _EASY_PINS:
        raise Invalid("This PIN is too easy to guess. Please choose another.")
