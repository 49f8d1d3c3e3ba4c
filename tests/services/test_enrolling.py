"""Enrolling: one address is one customer with one card, and only what was agreed to is kept."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from uuid_utils.compat import uuid7

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import NotFound, ProgramNotActive
from gateway.services.cards.enrolling import Enrolled, Enrolment, Makers, enrol
from gateway.services.messages.preferring import Choice, Chooser, choose
from gateway.storage.database import Database
from tests.shops import ORIGIN, VAULT, Shop, open_shop

MAKERS = Makers(
    new_id=uuid7,
    new_code=lambda count: uuid7().hex[-count:].upper(),
    experiment_key=b"e" * 32,
)
ANNA = Contact(kind=ContactKind.MAIL, address="anna@example.org")


async def test_a_customer_gets_a_card_at_zero(bare_shop: Shop) -> None:
    """The card is new, empty, has a code that says nothing, and is announced."""
    enrolled = await _enrol(bare_shop)
    assert enrolled.is_new
    assert (enrolled.card.balances, enrolled.card.version) == ({}, 1)
    assert enrolled.card.code.startswith("LC1-")
    assert len(enrolled.card.code) == 24
    assert await bare_shop.facts() == ["loyalty.card.opened"]


async def test_who_enrols_again_gets_the_same_card(bare_shop: Shop) -> None:
    """The second time nothing is announced and the stamps are still there."""
    first = await _enrol(bare_shop)
    await bare_shop.fill(2, first.card.id)
    again = await _enrol(bare_shop)
    assert first.is_new_customer
    assert not again.is_new
    assert not again.is_new_customer
    assert (again.card.id, again.card.code) == (first.card.id, first.card.code)
    assert again.card.available("stamp") == 2
    assert (await bare_shop.facts()).count("loyalty.card.opened") == 1


async def test_ten_enrolments_at_once_are_one_customer(bare_shop: Shop) -> None:
    """An impatient thumb makes no second customer and no second card."""
    enrolled = await asyncio.gather(*(_enrol(bare_shop) for _ in range(10)))
    assert len({each.card.id for each in enrolled}) == 1
    assert sum(each.is_new for each in enrolled) == 1
    assert await bare_shop.rows("SELECT count(*) FROM customers") == [(2,)]


async def test_consent_is_kept_only_when_given(bare_shop: Shop) -> None:
    """An empty box records nothing and takes nothing back; a ticked one keeps its words."""
    card = (await _enrol(bare_shop)).card
    assert await _consents(bare_shop, card.customer_id) == {}
    await _enrol(bare_shop, agreed=True)
    await _enrol(bare_shop)
    assert await _consents(bare_shop, card.customer_id) == {("mail", "marketing"): True}
    rows = await bare_shop.rows("SELECT wording, source, host(remote_address::inet) FROM consents")
    assert rows == [("Yes, write to me.", "test", "192.0.2.1")]


async def test_a_tick_takes_no_no_back(bare_shop: Shop) -> None:
    """Who types a stranger's address cannot have offers sent there again."""
    card = (await _enrol(bare_shop, agreed=True)).card
    choice = Choice(medium=Medium.MAIL, purpose=Purpose.MARKETING, granted=False, wording="No.")
    chooser = Chooser(source="test", remote_address=None, new_id=uuid7, is_proven=False)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await choose(unit, card.customer_id, [choice], chooser)

    await _enrol(bare_shop, agreed=True)

    assert await _consents(bare_shop, card.customer_id) == {("mail", "marketing"): False}


async def test_a_program_that_does_not_run_takes_nobody(bare_shop: Shop) -> None:
    """A draft or an ended program opens no card, an unknown one is not found."""
    with pytest.raises(NotFound):
        await _enrol(replace(bare_shop, program=replace(bare_shop.program, id=uuid7())))
    await bare_shop.execute("UPDATE programs SET status = 'paused'")
    with pytest.raises(ProgramNotActive):
        await _enrol(bare_shop)
    assert await bare_shop.rows("SELECT count(*) FROM customers") == [(1,)]


async def test_an_address_cannot_be_read_in_the_table(bare_shop: Shop) -> None:
    """The table holds neither the address nor anything that opens it."""
    card = (await _enrol(bare_shop)).card
    (row,) = await bare_shop.rows(
        "SELECT sealed, contact_index, wrapped_key, customers::text || contacts::text"
        " FROM customers JOIN contacts ON customer_id = id WHERE id = :id",
        id=card.customer_id,
    )
    for column in row[:3]:
        assert b"anna" not in bytes(column).lower()
    assert "anna" not in row[3]
    assert VAULT.open(row[0], row[2], bare_shop.merchant_id, card.customer_id) == ANNA.address
    with pytest.raises(InvalidTag):
        VAULT.open(row[0], row[2], bare_shop.merchant_id, uuid7())
    changed = bytes(row[0][:-1]) + bytes([row[0][-1] ^ 1])
    with pytest.raises(InvalidTag):
        VAULT.open(changed, row[2], bare_shop.merchant_id, card.customer_id)


async def test_destroying_the_key_erases_the_person_and_nothing_else(bare_shop: Shop) -> None:
    """Without its key the address is gone for ever; the card's books stay in order."""
    card = (await _enrol(bare_shop)).card
    await bare_shop.fill(1, card.id)
    await bare_shop.execute(
        "UPDATE customers SET wrapped_key = NULL, erased_at = clock_timestamp() WHERE id = :id",
        id=card.customer_id,
    )
    await bare_shop.execute(
        "DELETE FROM contacts WHERE customer_id = :id",
        id=card.customer_id,
    )
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        customers = await unit.customers.many([card.customer_id])
    assert customers[card.customer_id].contact is None
    assert not await bare_shop.violations()
    assert (await _enrol(bare_shop)).card.id != card.id


async def test_two_merchants_cannot_compare_their_customers(books_of_record: Database) -> None:
    """The same address has another index, key and card in each house."""
    ours = await open_shop(books_of_record)
    theirs = await open_shop(books_of_record, slug="other")
    mine, yours = await _enrol(ours), await _enrol(theirs)
    assert mine.card.customer_id != yours.card.customer_id
    query = "SELECT contact_index FROM contacts WHERE customer_id = :id"
    (one,) = await ours.rows(query, id=mine.card.customer_id)
    (other,) = await theirs.rows(query, id=yours.card.customer_id)
    assert one != other
    assert VAULT.index(ANNA.address, ours.merchant_id) == one[0]


async def _enrol(shop: Shop, *, agreed: bool = False) -> Enrolled:
    enrolment = Enrolment(
        program_id=shop.program.id,
        contact=ANNA,
        language="en",
        time_zone="Europe/Luxembourg",
        agreed={Purpose.MARKETING: "Yes, write to me."} if agreed else {},
        origin=ORIGIN,
    )
    async with shop.database.units(shop.merchant_id) as unit:
        return await enrol(unit, enrolment, MAKERS)


async def _consents(shop: Shop, customer_id: UUID) -> dict[tuple[str, str], bool]:
    async with shop.database.units(shop.merchant_id) as unit:
        return await unit.consents.of(customer_id)
