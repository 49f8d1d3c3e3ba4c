"""A card's chain: whoever changes, moves or leaves out a link is found."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.chains import FIRST_HASH, Link, chain_faults, link_hash
from gateway.domain.ledger import Account, Entry

MERCHANT, CARD, VERSION = UUID(int=1), UUID(int=2), UUID(int=3)
NOW = datetime(2026, 11, 21, 9, 30, 0, 123456, tzinfo=UTC)


def chain(length: int) -> list[Link]:
    """Return a whole chain."""
    links: list[Link] = []
    previous = FIRST_HASH
    for number in range(1, length + 1):
        transaction_id = UUID(int=100 + number)
        link = Link(
            merchant_id=MERCHANT,
            card_id=CARD,
            number=number,
            id=transaction_id,
            kind="earn",
            occurred_at=NOW + timedelta(minutes=number),
            happened_at=NOW,
            program_version_id=VERSION,
            business_day=date(2026, 11, 21),
            earnings=1,
            visits=1 if number == 1 else 0,
            spent=0,
            given={"stamps": 1, "day": 2},
            reverses=None,
            actor="till:1",
            source="pos",
            location_id=UUID(int=4),
            till_id=None,
            staff_id=None,
            sale_id=None,
            approved_by=None,
            counterpart_card_id=None,
            entries=(
                Entry(transaction_id, "stamp", Account.ISSUED, number, -1, -number),
                Entry(transaction_id, "stamp", Account.AVAILABLE, number, 1, number),
            ),
            hash=b"",
        )
        links.append(replace(link, hash=link_hash(previous, link)))
        previous = links[-1].hash
    return links


def test_a_hash_covers_exactly_this_text() -> None:
    """The form is written down once and for all: an auditor may compute it by hand."""
    text = "\n".join(
        (
            str(MERCHANT),
            str(CARD),
            "1",
            str(UUID(int=101)),
            "earn",
            "1795253460123456",
            "1795253400123456",
            str(VERSION),
            "2026-11-21",
            "1",
            "1",
            "0",
            '{"day": 2, "stamps": 1}',
            "-",
            "till:1",
            "pos",
            str(UUID(int=4)),
            "-",
            "-",
            "-",
            "-",
            "-",
            "stamp/available/1/1/1,stamp/issued/1/-1/-1",
        )
    )
    assert chain(1)[0].hash == sha256(bytes(32) + text.encode()).digest()


@given(st.integers(0, 8))
def test_a_whole_chain_has_no_fault(length: int) -> None:
    """Whatever its length, and also without any link."""
    assert chain_faults(chain(length)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "adjust"},
        {"occurred_at": NOW},
        {"business_day": date(2026, 11, 20)},
        {"earnings": 2},
        {"visits": 5},
        {"spent": 1},
        {"happened_at": NOW + timedelta(1)},
        {"given": {"stamps": 2}},
        {"actor": "till:2"},
        {"source": "api"},
        {"location_id": None},
        {"till_id": UUID(int=9)},
        {"staff_id": UUID(int=9)},
        {"sale_id": UUID(int=9)},
        {"approved_by": UUID(int=9)},
        {"counterpart_card_id": UUID(int=9)},
        {"reverses": UUID(int=9)},
        {"program_version_id": UUID(int=9)},
        {"id": UUID(int=9)},
        {"entries": ()},
    ],
    ids=lambda change: next(iter(change)),
)
@given(at=st.integers(0, 4))
def test_an_altered_link_is_found(change: dict[str, object], at: int) -> None:
    """Every member that is hashed is guarded, wherever in the chain."""
    links = chain(5)
    links[at] = replace(links[at], **change)  # type: ignore[arg-type]
    assert chain_faults(links) == [f"card {CARD} #{at + 1} is not what was written"]


def test_an_altered_entry_is_found() -> None:
    """One more stamp than was given shows."""
    links = chain(2)
    entry = replace(links[0].entries[1], delta=2)
    links[0] = replace(links[0], entries=(links[0].entries[0], entry))
    assert len(chain_faults(links)) == 1


@given(at=st.integers(0, 3))
def test_a_link_that_was_left_out_is_found(at: int) -> None:
    """The numbers have a gap, and the next hash does not fit."""
    links = chain(5)
    del links[at]
    assert chain_faults(links) == [
        f"card {CARD} #{at + 2} follows #{at}",
        f"card {CARD} #{at + 2} is not what was written",
    ]


def test_a_rewritten_link_breaks_the_next() -> None:
    """Who alters a link and hashes it anew is found one later."""
    links = chain(3)
    forged = replace(links[0], spent=1)
    links[0] = replace(forged, hash=link_hash(FIRST_HASH, forged))
    assert chain_faults(links) == [f"card {CARD} #2 is not what was written"]


def test_a_tail_that_was_cut_is_not_found_by_the_chain_alone() -> None:
    """That is what checkpoints are for."""
    assert chain_faults(chain(5)[:3]) == []
