"""Roles, permissions, PINs and addresses."""

import pytest

from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import Invalid, NotAllowed, Refusal
from gateway.domain.people import PERMISSIONS, Permission, Principal, Role, check_pin
from tests.classes import below
from tests.domain.earning.tills import ID


def test_staff_may_stamp_but_not_design() -> None:
    """A till's people give stamps and rewards, and nothing else."""
    staff = Principal(merchant_id=ID, name="staff:1", permissions=PERMISSIONS[Role.STAFF])
    staff.require(Permission.STAMPS_WRITE)
    with pytest.raises(NotAllowed):
        staff.require(Permission.PROGRAMS_WRITE)


@pytest.mark.parametrize("pin", ["4711", "835201", "90817263"])
def test_a_pin_of_four_to_eight_digits_is_fine(pin: str) -> None:
    """Digits that are not everybody's first guess are accepted."""
    check_pin(pin)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "٤٧١١", "4 71"])
def test_a_pin_that_is_no_pin_is_refused(pin: str) -> None:
    """Too short, too long, no digits and other digits are refused."""
    with pytest.raises(Invalid, match=r"^A PIN has 4 to 8 digits\.$"):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["0000", "1234"])
def test_a_pin_that_is_too_easy_is_refused(pin: str) -> None:
    """All the same and counted up are everybody's first guess."""
    with pytest.raises(
        Invalid, match=r"^This PIN is too easy to guess\. Please choose another\.$"
    ):
        check_pin(pin)


@pytest.mark.parametrize(
    ("kind", "address", "masked"),
    [
        (ContactKind.MAIL, "ada@example.org", "a…@e….org"),
        (ContactKind.PHONE, "+352621123456", "…456"),
    ],
)
def test_staff_see_enough_to_recognise_and_too_little_to_write(
    kind: ContactKind, address: str, masked: str
) -> None:
    """An address is masked, and never in a repr."""
    contact = Contact(kind=kind, address=address)
    assert contact.masked == masked
    assert address not in repr(contact)


def test_every_refusal_has_a_sentence_and_a_code_of_its_own() -> None:
    """People read the docstring, programs the code, and no two mean the same."""
    classes: set[type[Refusal]] = {Refusal, *below(Refusal)}
    ours = [each for each in classes if each.__module__.startswith("gateway.domain")]
    assert all((each.__doc__ or "").strip().endswith(".") for each in ours)
    codes = [each.code for each in ours]
    assert len(codes) == len(set(codes))
