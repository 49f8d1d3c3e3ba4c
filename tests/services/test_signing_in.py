"""Signing in: guesses are counted before they are looked at, sessions end when they should."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.attempts import PIN_PER_TILL
from gateway.domain.errors import NotFound, NotSignedIn, PinLocked, TooManyAttempts, WrongPin
from gateway.domain.people import Permission, Role
from gateway.services.people.credentials import Credential, hash_secret, read_credential
from gateway.services.people.secrets import SecretHasher
from gateway.services.people.signing_in import (
    Desk,
    WrongPassword,
    find_session,
    find_till,
    principal_of,
    sign_in_with_password,
    sign_in_with_pin,
)
from gateway.storage.people.people import Member
from gateway.storage.people.tills import Till
from tests.shops import Shop

ADDRESS = "192.0.2.7"
PIN, PASSWORD = "4711", "correct horse battery"


class _Crew:
    """Ben at his till and Ada with her password, and the desk they sign in at."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.hasher = SecretHasher(b"pepper")
        self.desk = Desk(
            units=shop.database.units,
            hasher=self.hasher,
            new_id=uuid7,
            new_secret=lambda: uuid7().hex,
        )
        self.till = Till(id=uuid7(), location_id=shop.location.id, name="Till")
        self.ben = Member(id=uuid7(), name="Ben", role=Role.STAFF)
        self.ada = Member(id=uuid7(), name="Ada", role=Role.OWNER, email="ada@example.org")

    async def move_in(self) -> None:
        """Keep them, with a paired till."""
        ben = replace(self.ben, pin_hash=await self.hasher.hash(PIN))
        ada = replace(self.ada, password_hash=await self.hasher.hash(PASSWORD))
        async with self.shop.database.units(self.shop.merchant_id) as unit:
            await unit.staff.add(ben, unit.now)
            await unit.staff.add(ada, unit.now)
            soon = unit.now + timedelta(minutes=1)
            await unit.tills.add(self.till, b"code", soon, unit.now)
            assert await unit.tills.pair(b"code", hash_secret("till"), unit.now)

    async def pin(self, pin: str = PIN, staff: UUID | None = None) -> Credential:
        """Sign in at the till."""
        return await sign_in_with_pin(
            self.desk, self.shop.merchant_id, self.till, staff or self.ben.id, pin
        )

    async def password(
        self, password: str = PASSWORD, email: str = " ADA@example.org"
    ) -> Credential:
        """Sign in on the merchant's pages."""
        return await sign_in_with_password(
            self.desk, self.shop.merchant_id, email, password, ADDRESS
        )

    async def holds(self, credential: Credential) -> bool:
        """Whether a session can still be used."""
        return await find_session(self.shop.database.units, credential) is not None


@pytest.fixture
async def crew(bare_shop: Shop) -> _Crew:
    """People who work in the shop."""
    crew = _Crew(bare_shop)
    await crew.move_in()
    return crew


async def test_staff_sign_in_at_the_till_and_may_do_what_it_is_for(crew: _Crew) -> None:
    """The session knows person, till and place, and gives a till's permissions."""
    credential = await crew.pin()
    session = await find_session(crew.shop.database.units, credential)
    assert session is not None
    principal = principal_of(session, crew.shop.merchant_id)
    assert (principal.staff_id, principal.till_id) == (crew.ben.id, crew.till.id)
    assert principal.location_id == crew.shop.location.id
    assert Permission.STAMPS_WRITE in principal.permissions
    assert Permission.PROGRAMS_WRITE not in principal.permissions


async def test_a_till_where_everybody_knows_their_pin_is_never_locked(crew: _Crew) -> None:
    """Right PINs are not guesses, however many shifts begin; wrong ones still add up."""
    for _ in range(PIN_PER_TILL.tries + 2):
        await crew.pin()
    rows = await crew.shop.rows("SELECT tries FROM attempts WHERE kind = 'pin_till'")
    assert rows == [(0,)]


async def test_owners_sign_in_with_a_password_and_give_no_stamps(crew: _Crew) -> None:
    """The pages manage; stamping needs a till."""
    session = await find_session(crew.shop.database.units, await crew.password())
    assert session is not None
    principal = principal_of(session, crew.shop.merchant_id)
    assert principal.till_id is None
    assert Permission.PROGRAMS_WRITE in principal.permissions
    assert Permission.STAMPS_WRITE not in principal.permissions


async def test_wrong_secrets_and_unknown_people_are_refused(crew: _Crew) -> None:
    """An unknown address says the same as a wrong password."""
    with pytest.raises(WrongPin):
        await crew.pin("4712")
    with pytest.raises(NotFound):
        await crew.pin(staff=uuid7())
    with pytest.raises(WrongPin):
        await crew.pin(staff=crew.ada.id)
    with pytest.raises(WrongPassword) as wrong:
        await crew.password("wrong")
    with pytest.raises(WrongPassword) as unknown:
        await crew.password(email="nobody@example.org")
    assert str(wrong.value) == str(unknown.value)
    assert isinstance(wrong.value, NotSignedIn)


async def test_a_pin_is_locked_after_five_guesses_even_at_once(crew: _Crew) -> None:
    """Ten guesses at once: five are looked at, and then the right PIN is locked too."""
    outcomes = await asyncio.gather(
        *(crew.pin(f"90{n:02}") for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(outcome, WrongPin) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, PinLocked) for outcome in outcomes) == 5
    with pytest.raises(PinLocked) as locked:
        await crew.pin()
    assert "retry_at" in locked.value.detail
    await crew.shop.execute(
        "UPDATE attempts SET window_began_at = window_began_at - interval '31 minutes',"
        " locked_until = locked_until - interval '31 minutes'"
    )
    assert await crew.holds(await crew.pin())


async def test_a_right_pin_forgets_the_wrong_ones(crew: _Crew) -> None:
    """Four slips, the right PIN, and four slips more lock nobody out."""
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(WrongPin):
                await crew.pin("9999")
        assert await crew.holds(await crew.pin())


async def test_passwords_are_guessed_ten_times(crew: _Crew) -> None:
    """The eleventh guess is not looked at, even if it were right."""
    for _ in range(10):
        with pytest.raises(WrongPassword):
            await crew.password("wrong")
    with pytest.raises(TooManyAttempts):
        await crew.password()


async def test_a_till_session_ends(crew: _Crew) -> None:
    """When it ran out, idled, was ended, or its person or till is gone."""
    credential = await crew.pin()
    for gone, back in (
        (
            "UPDATE sessions SET expires_at = clock_timestamp()",
            "UPDATE sessions SET expires_at = clock_timestamp() + interval '1 hour'",
        ),
        (
            "UPDATE sessions SET seen_at = clock_timestamp() - interval '61 minutes'",
            "UPDATE sessions SET seen_at = clock_timestamp(), ended_at = NULL",
        ),
        ("UPDATE staff SET active = false", "UPDATE staff SET active = true"),
        (
            "UPDATE tills SET revoked_at = clock_timestamp()",
            "UPDATE tills SET revoked_at = NULL",
        ),
        (
            "UPDATE sessions SET ended_at = clock_timestamp()",
            "UPDATE sessions SET ended_at = NULL",
        ),
    ):
        await crew.shop.execute(gone)
        assert not await crew.holds(credential), gone
        await crew.shop.execute(back)
        assert await crew.holds(credential), back


async def test_letting_somebody_go_and_unpairing_end_their_sessions(crew: _Crew) -> None:
    """Both are seen at the very next request."""
    at_till, at_desk = await crew.pin(), await crew.password()
    async with crew.shop.database.units(crew.shop.merchant_id) as unit:
        await unit.tills.revoke(crew.till.id, unit.now)
        await unit.staff.deactivate(crew.ada.id, unit.now)
        assert [member.name for member in await unit.staff.all()] == ["Ben"]
        assert await unit.tills.all() == []
    assert not await crew.holds(at_till)
    assert not await crew.holds(at_desk)
    till = Credential(crew.shop.merchant_id, crew.till.id, "till")
    assert await find_till(crew.shop.database.units, till) is None
    with pytest.raises(WrongPassword):
        await crew.password()


async def test_a_session_in_use_is_remembered_as_such(crew: _Crew) -> None:
    """Its last use is written once a minute, not at every request."""
    credential = await crew.password()
    await crew.shop.execute("UPDATE sessions SET seen_at = clock_timestamp() - interval '2 h'")
    assert await crew.holds(credential), "pages do not idle out"
    ((seconds,),) = await crew.shop.rows(
        "SELECT extract(epoch FROM clock_timestamp() - seen_at) FROM sessions"
    )
    assert seconds < 60


async def test_a_credential_holds_only_whole(crew: _Crew) -> None:
    """Another secret, another merchant, another kind: nothing."""
    units = crew.shop.database.units
    session = await crew.pin()
    till = Credential(crew.shop.merchant_id, crew.till.id, "till")
    assert await find_till(units, till) is not None
    for wrong in (
        replace(session, secret="guess"),
        replace(session, merchant_id=uuid7()),
        replace(session, id=crew.till.id),
        till,
    ):
        assert not await crew.holds(wrong)
    assert await find_till(units, replace(till, secret="guess")) is None
    assert session.secret not in repr(session)
    assert read_credential(session.written()) == session


@pytest.mark.parametrize("text", ["", "a.b", "x.y.z", f"{'0' * 32}.{'0' * 32}.", "..\udcff"])
def test_what_does_not_read_like_a_credential_is_none(text: str) -> None:
    """Nothing a browser can send makes it fail."""
    assert read_credential(text) is None


def test_strange_characters_are_no_secret() -> None:
    """Bytes that are no text arrive as lone surrogates, which no hash takes."""
    assert read_credential(f"{'0' * 32}.{'0' * 32}.\udcff") is None


async def test_the_pepper_is_part_of_every_secret() -> None:
    """A copy of the database does not tell a PIN without it."""
    kept = await SecretHasher(b"pepper").hash(PIN)
    assert await SecretHasher(b"pepper").matches(kept, PIN)
    assert not await SecretHasher(b"other").matches(kept, PIN)
    assert not await SecretHasher(b"pepper").matches("no hash", PIN)
    assert not await SecretHasher(b"pepper").matches(None, PIN)
