"""Programs that end, from the command to the mailbox: customers hear what they still have."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.consents import Medium
from gateway.domain.people import Origin, Permission, Principal
from gateway.domain.programs import ProgramCommand
from gateway.domain.wording import Language
from gateway.presenters.counting import day_text
from gateway.resources import now
from gateway.services.merchants.designing import Author
from gateway.services.merchants.steering import command_program
from tests.workers.couriers.message_stage import PHONE, SERVICE, MessageStage
from workers.planning import endings

GRACE_DAYS = 90


async def end(post: MessageStage) -> None:
    """End the shop's program as its merchant does."""
    shop = post.stage.shop
    principal = Principal(
        merchant_id=post.merchant_id, name="owner", permissions=frozenset(Permission)
    )
    author = Author(principal=principal, origin=Origin(source="test"), new_id=uuid7)
    async with shop.resources.units(post.merchant_id) as unit:
        program = await unit.programs.one(shop.program.id)
        await command_program(
            unit, program.id, ProgramCommand.END, author, revision=program.revision
        )


@pytest.mark.parametrize("language", list(Language))
async def test_an_end_is_told_with_the_last_day_and_what_is_left(
    post: MessageStage, language: Language
) -> None:
    """By mail, once, in the customer's words."""
    await post.manners()
    await post.customer(language=language)
    last = (now() + timedelta(days=GRACE_DAYS)).astimezone(ZoneInfo("Europe/Luxembourg")).date()

    await end(post)
    await post.run()
    await post.run()

    (letter,) = post.letters
    words = letter.body("plain")
    assert letter.faults == ()
    assert day_text(last, language) in words
    assert "{{" not in words
    assert await post.messages() == [("program_ended", "mail", "sent", None)]


async def test_an_end_fits_a_text_message(post: MessageStage) -> None:
    """The same news, where there is no mail."""
    await post.manners()
    await post.customer(mail=None, phone=PHONE, agreed=[(Medium.SMS, SERVICE)])

    await end(post)
    await post.run()

    (text,) = post.texts
    assert "ended" in text.words


async def test_an_end_is_told_in_chunks_and_everybody_hears_it_once(
    post: MessageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many cards there are, a transaction tells no more than a chunk of them."""
    monkeypatch.setattr(endings, "CARDS_PER_CHUNK_MAX", 2)
    await post.manners()
    cards = {await post.customer(mail=f"{place}@example.org") for place in range(5)}

    await end(post)
    await post.run()

    rows = await post.sql.fetch("SELECT card_id, fact_id FROM messages ORDER BY id")
    assert {row["card_id"] for row in rows} == cards
    assert len(rows) == len(cards)
    told = [row["fact_id"] for row in rows]
    assert sorted(told.count(fact_id) for fact_id in set(told)) == [1, 2, 2]


async def test_cards_out_of_use_are_told_nothing(post: MessageStage) -> None:
    """Whoever was blocked has nothing to collect."""
    await post.manners()
    card = await post.customer()
    await post.sql.execute("UPDATE cards SET status = 'blocked' WHERE id = $1", card)

    await end(post)
    await post.run()

    assert await post.messages() == []
