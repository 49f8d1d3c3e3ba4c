"""A customer's address, in the one form it is kept and found by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.domain.consents import Medium


class ContactKind(StrEnum):
    """How a customer can be written to."""

    MAIL = "mail"
    PHONE = "phone"


KINDS: Mapping[Medium, ContactKind] = {
    Medium.MAIL: ContactKind.MAIL,
    Medium.SMS: ContactKind.PHONE,
}
"""The kind of address that each way leads to; a wallet needs none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A normalised address: mail in lower case, a phone number as E.164."""

    kind: ContactKind
    address: str = field(repr=False)

    @property
    def masked(self) -> str:
        """The address as staff see it: enough to recognise a person, too little to write to."""
        if self.kind is ContactKind.PHONE:
            return f"…{self.address[-3:]}"
        name, _, domain = self.address.partition("@")
        return f"{name[:1]}…@{domain[:1]}…{domain[domain.rfind('.') :]}"
