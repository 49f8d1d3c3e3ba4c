"""One field for a mail address or a phone number: told apart, checked and normalised."""

from collections.abc import Set as AbstractSet

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import Invalid, Kind

ADDRESS_CHARACTERS_MAX = 254
_TEXTABLE = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)


class ContactInvalid(Invalid):
    """Please enter a mail address, or a mobile number."""

    code = "contact_invalid"


class MailUnreadable(ContactInvalid):
    """This does not look like a mail address."""


class NumberUnreadable(ContactInvalid):
    """This does not look like a phone number."""


class NumberNotMobile(ContactInvalid):
    """Please give a mobile number."""


class NumberNotServed(ContactInvalid):
    """We cannot send text messages to numbers of this country."""

    code = "number_not_served"
    kind = Kind.REFUSED


def parse_contact(text: str, country: str, served: AbstractSet[str]) -> Contact:
    """Return the address a person typed; a number without a country code is the merchant's own.

    `country` and those `served` with text messages are ISO codes. Raises `ContactInvalid` with a
    sentence that says which of the two could not be read, and `NumberNotServed`, before any
    message to a far country or a satellite could cost something.
    """
    text = text.strip()
    if not text or len(text) > ADDRESS_CHARACTERS_MAX or not text.isprintable():
        raise ContactInvalid
    return _mail(text) if "@" in text else _phone(text, country, served)


def _mail(text: str) -> Contact:
    try:
        mail = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as unreadable:
        raise MailUnreadable from unreadable
    return Contact(kind=ContactKind.MAIL, address=mail.normalized.lower())


def _phone(text: str, country: str, served: AbstractSet[str]) -> Contact:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as unreadable:
        raise ContactInvalid from unreadable
    if not phonenumbers.is_valid_number(number):
        raise NumberUnreadable
    if phonenumbers.region_code_for_number(number) not in served:
        raise NumberNotServed
    if phonenumbers.number_type(number) not in _TEXTABLE:
        raise NumberNotMobile
    formatted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Contact(kind=ContactKind.PHONE, address=formatted)
