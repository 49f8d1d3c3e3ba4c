"""Links in messages: each for one purpose, and only ours."""

from itertools import product
from string import ascii_letters, digits

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.consents import Medium, Purpose
from gateway.services.messages.links import (
    LinkUnreadable,
    MessageLinks,
    PreferenceHolder,
    Unsubscription,
    is_card_proof,
    make_preferences_token,
    make_unsubscribe_token,
    read_preferences_token,
    read_unsubscribe_token,
)

URL_SAFE = ascii_letters + digits + "-_"
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
HOLDER = PreferenceHolder(merchant_id=uuid7(), customer_id=uuid7())
UNSUBSCRIPTION = Unsubscription(
    merchant_id=uuid7(), customer_id=uuid7(), medium=Medium.SMS, purpose=Purpose.MARKETING
)


def test_a_link_says_what_it_was_made_with() -> None:
    """Merchant, customer, way and purpose come back out of it."""
    unsubscribing = make_unsubscribe_token(KEY, UNSUBSCRIPTION)
    assert read_unsubscribe_token(KEY, unsubscribing) == UNSUBSCRIPTION
    assert read_preferences_token(KEY, make_preferences_token(KEY, HOLDER)) == HOLDER


@pytest.mark.parametrize("read", [read_unsubscribe_token, read_preferences_token])
@pytest.mark.parametrize(
    "token",
    [
        "",
        "=",
        "a",
        "é" * 20,
        "a" * 5_000,
        "!" * 40,
        make_unsubscribe_token(OTHER_KEY, UNSUBSCRIPTION),
        make_preferences_token(OTHER_KEY, HOLDER),
    ],
    # The ids in the last two are new each time, and two processes must name a test alike.
    ids=["empty", "padding", "short", "accents", "long", "signs", "ended", "chosen"],
)
def test_a_link_that_is_not_ours_leads_nowhere(read: object, token: str) -> None:
    """Empty, cut, forged or absurd: one and the same refusal."""
    assert callable(read)
    with pytest.raises(LinkUnreadable):
        read(KEY, token)


def test_a_link_for_one_purpose_is_none_for_another() -> None:
    """Who may choose may not thereby unsubscribe somebody, and the other way round."""
    with pytest.raises(LinkUnreadable):
        read_preferences_token(KEY, make_unsubscribe_token(KEY, UNSUBSCRIPTION))
    with pytest.raises(LinkUnreadable):
        read_unsubscribe_token(KEY, make_preferences_token(KEY, HOLDER))


@pytest.mark.parametrize(
    ("token", "read"),
    [
        (make_unsubscribe_token(KEY, UNSUBSCRIPTION), read_unsubscribe_token),
        (make_preferences_token(KEY, HOLDER), read_preferences_token),
    ],
    ids=["ended", "chosen"],
)
def test_one_changed_sign_breaks_a_link(token: str, read: object) -> None:
    """Every part of it is signed, and the spare bits of the last sign are nobody's to set."""
    assert callable(read)
    for place, sign in product(range(len(token)), URL_SAFE):
        if sign != token[place]:
            with pytest.raises(LinkUnreadable):
                read(KEY, token[:place] + sign + token[place + 1 :])


@pytest.mark.parametrize("added", ["=", "==", "!", "\n"])
def test_a_link_has_one_spelling(added: str) -> None:
    """What base64 would skip makes it another address."""
    with pytest.raises(LinkUnreadable):
        read_preferences_token(KEY, make_preferences_token(KEY, HOLDER) + added)


def test_a_card_link_opens_one_card() -> None:
    """The proof in it is for this card at this merchant."""
    card_id = uuid7()
    link = MessageLinks(KEY, "https://cards.example").card("cafe", card_id)
    proof = link.partition("proof=")[2]

    assert link.startswith(f"https://cards.example/card/cafe/{card_id}/open?")
    assert is_card_proof(KEY, "cafe", card_id, proof)
    assert not is_card_proof(KEY, "cafe", uuid7(), proof)
    assert not is_card_proof(KEY, "bar", card_id, proof)
    assert not is_card_proof(KEY, "cafe", card_id, proof[:-1])
