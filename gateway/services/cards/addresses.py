"""One field for a mail address or a phone number: told apart, checked and normalised."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import Invalid

ADDRESS_CHARACTERS_MAX = 254
_TEXTABLE = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)


class ContactInvalid(Invalid):
    """Please enter a mail address, or a mobile number."""

    code = "contact_invalid"


def parse_contact(text: str, country: str) -> Contact:
    """Return the address a person typed; a number without a country code is the merchant's own.

    Raises `ContactInvalid` with a sentence that says which of the two could not be read.
    """
    text = text.strip()
    if not text or len(text) > ADDRESS_CHARACTERS_MAX or not text.isprintable():
        raise ContactInvalid
    return _mail(text) if "@" in text else _phone(text, country)


def _mail(text: str) -> Contact:
    try:
        mail = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as unreadable:
        raise ContactInvalid("This does not look like a mail address.") from unreadable
    return Contact(kind=ContactKind.MAIL, address=mail.normalized.lower())


def _phone(text: str, country: str) -> Contact:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as unreadable:
        raise ContactInvalid from unreadable
    if not phonenumbers.is_valid_number(number):
        raise ContactInvalid("This does not look like a phone number.")
    if phonenumbers.number_type(number) not in _TEXTABLE:
        raise ContactInvalid("Please give a mobile number.")
    formatted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Contact(kind=ContactKind.PHONE, address=formatted)
