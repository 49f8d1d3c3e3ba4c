"""One field for a mail address or a mobile number, as people type them."""

import pytest

from gateway.domain.contacts import ContactKind
from gateway.services.cards.addresses import (
    ADDRESS_CHARACTERS_MAX,
    ContactInvalid,
    NumberNotServed,
    parse_contact,
)

SERVED = frozenset({"LU", "GB", "FR"})


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Anna@Example.ORG ", "anna@example.org"),
        ("anna+card@example.org", "anna+card@example.org"),
        ("anna@bücher.example.org", "anna@bücher.example.org"),
    ],
)
def test_mail_is_kept_in_one_form(typed: str, address: str) -> None:
    """However it is written, the same address is the same customer."""
    contact = parse_contact(typed, "LU", SERVED)
    assert (contact.kind, contact.address) == (ContactKind.MAIL, address)


@pytest.mark.parametrize(
    "typed", ["621 123 456", "+352 621 123 456", "00352621123456", "(621) 123-456"]
)
def test_a_number_without_country_is_the_merchants_own(typed: str) -> None:
    """Local and international spellings are one number."""
    contact = parse_contact(typed, "LU", SERVED)
    assert (contact.kind, contact.address) == (ContactKind.PHONE, "+352621123456")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please enter"),
        ("x" * (ADDRESS_CHARACTERS_MAX + 1), "Please enter"),
        ("anna\x00@example.org", "Please enter"),
        ("anna\r\nBcc: x@example.org", "Please enter"),
        ("anna@", "mail address"),
        ("=?utf-8?q?x?=@exa mple.org", "mail address"),
        ("hello", "Please enter"),
        ("12", "phone number"),
        ("+352 27 12 34 56", "mobile number"),
        ("+352 800 2 1234", "mobile number"),
    ],
)
def test_what_cannot_be_reached_is_refused_with_a_reason(typed: str, sentence: str) -> None:
    """Nothing that is not one address comes through, and the sentence says which it was."""
    with pytest.raises(ContactInvalid, match=sentence):
        parse_contact(typed, "LU", SERVED)


@pytest.mark.parametrize(
    "typed",
    [
        "+1 201 555 0123",
        "+590 690 00 12 34",
        "+870 773 111 632",
        "+8816 1234 5678",
        "+883 5100 1234 5678",
    ],
)
def test_a_number_that_would_cost_a_fortune_is_refused_before_it_does(typed: str) -> None:
    """Far countries, their overseas parts, satellites and worldwide networks are not served."""
    with pytest.raises(NumberNotServed):
        parse_contact(typed, "LU", SERVED)


@pytest.mark.parametrize("typed", ["+44 909 879 0879", "+44 843 123 4567", "+33 899 70 12 34"])
def test_premium_and_shared_cost_numbers_get_nothing(typed: str) -> None:
    """Who earns by being written to is not a customer, even where the country is served."""
    with pytest.raises(ContactInvalid, match="mobile number"):
        parse_contact(typed, "LU", SERVED)
