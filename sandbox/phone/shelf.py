"""All phones of the sandbox: made, found, woken and put to sleep; pushes find theirs."""

import asyncio
import secrets
from collections.abc import Iterator

from sandbox.phone.files import PHONES_KEPT_MAX
from sandbox.phone.phone import Phone, PhoneSurroundings
from sandbox.phone.state import PhoneState


class TooManyPhones(Exception):
    """There are as many phones as the sandbox keeps; throw one away first."""


class PhoneShelf:
    """Holds the phones while the sandbox runs."""

    def __init__(self, around: PhoneSurroundings) -> None:
        self._around = around
        self._phones: dict[str, Phone] = {}
        self._waking: asyncio.Task[None] | None = None

    def __iter__(self) -> Iterator[Phone]:
        """All phones, oldest first."""
        return iter(list(self._phones.values()))

    def open(self) -> None:
        """Bring back the phones kept on disk; they ask for what they missed once online."""
        for state in self._around.files.load():
            self._phones[state.id] = Phone(state, self._around)
        self._waking = asyncio.get_running_loop().create_task(self._wake_when_online())

    async def awake(self) -> None:
        """Wait until the phones that were brought back have begun to ask."""
        if self._waking is not None:
            await self._waking

    async def close(self) -> None:
        """Stop what the phones are doing; they are on disk already."""
        if self._waking is not None:
            self._waking.cancel()
            await asyncio.wait([self._waking])
        for phone in self._phones.values():
            await phone.sleep()

    def create(self) -> Phone:
        """Make a new phone with an empty Wallet. Raises `TooManyPhones`."""
        if len(self._phones) >= PHONES_KEPT_MAX:
            raise TooManyPhones
        number = 1 + max((_number(phone.state.name) for phone in self._phones.values()), default=0)
        state = PhoneState(
            id=secrets.token_hex(6),
            name=f"Phone {number}",
            created_at=self._around.clock(),
            push_token=secrets.token_hex(32),
        )
        phone = Phone(state, self._around)
        self._phones[state.id] = phone
        phone.changed()
        return phone

    def find(self, phone_id: str) -> Phone | None:
        """The phone with this id, if there is one."""
        return self._phones.get(phone_id)

    async def throw_away(self, phone: Phone) -> None:
        """Destroy a phone as a lost one is: nobody is told, pushes go into the void."""
        await phone.sleep()
        del self._phones[phone.state.id]
        self._around.files.forget(phone.state.id)

    def on_push(self, topic: str, token: str) -> None:
        """Hand a push to the phones with this token; several may share one after a restore."""
        for phone in self._phones.values():
            if secrets.compare_digest(phone.state.push_token, token):
                phone.receive_push(topic)

    def owner_of(self, token: str) -> str | None:
        """The name of the phone with this push token, to show pushes without their token."""
        for phone in self._phones.values():
            if secrets.compare_digest(phone.state.push_token, token):
                return phone.state.name
        return None

    async def _wake_when_online(self) -> None:
        # The sandbox may be up before the web process; a device without a network waits too,
        # rather than to complain that nobody answers.
        kept = list(self._phones.values())
        if kept:
            await self._around.requests.until_online()
        for phone in kept:
            if phone.state.id in self._phones:
                phone.wake()


def _number(name: str) -> int:
    digits = name.removeprefix("Phone ")
    return int(digits) if digits.isdigit() else 0
