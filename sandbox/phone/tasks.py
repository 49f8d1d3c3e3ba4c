"""The work a phone does by itself: registrations, lists, farewells, each with its retries."""

import asyncio
import functools
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Sequence

from sandbox.phone.log import TaskError
from sandbox.phone.state import Farewell, HeldPass, PhoneState, Registration, WebServiceLink
from sandbox.phone.updates import Updater
from sandbox.phone.verdicts import Cause

# A device tries ten more times with growing delays and then gives up; the real delays are not
# published, these keep the shape and let a developer see the end of it.
RETRY_DELAYS_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0)


class PhoneTasks:
    """Runs the tasks of one phone: one list at a time for each web service, as `passd` does."""

    def __init__(self, updater: Updater, retry_delays_s: Sequence[float]) -> None:
        self._updater = updater
        self._retry_delays_s = retry_delays_s
        self._running: set[asyncio.Task[None]] = set()
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}
        self._queued: set[tuple[str, str]] = set()
        self._lists_answered: dict[tuple[str, str], int] = {}

    @property
    def _state(self) -> PhoneState:
        return self._updater.state

    def push(self, topic: str) -> None:
        """A push arrived: ask every web service of that pass type what changed."""
        for link in self._links_in_use():
            if link.pass_type == topic:
                self._start(self._list(link, Cause.PUSH))

    def resume(self) -> None:
        """After a restart a device asks for changes and goes on with what was left undone."""
        for link in self._links_in_use():
            self._start(self._list(link, Cause.RESTART))
        for held in self._state.passes:
            if held.registration is Registration.PENDING:
                self.register(held)
        for farewell in self._state.farewells:
            self._start(self._say_farewell(farewell))

    async def stop(self) -> None:
        """Stop all tasks; `resume` goes on with them."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until no task is running, retries included."""
        while self._running:
            await asyncio.gather(*self._running)

    def register(self, held: HeldPass) -> None:
        """Begin to register a pass that wants updates, and to catch up when that is done."""
        if held.wants_updates():
            held.registration = Registration.PENDING
            self._start(self._register_and_catch_up(held))

    def unregister(self, held: HeldPass) -> None:
        """Begin to end a registration; what was queued for the pass is cancelled by itself."""
        if not held.wants_updates():
            return
        link = self._link(held)
        farewell = Farewell(
            url=link.url,
            pass_type=link.pass_type,
            serial=held.serial,
            device=link.device,
            authentication_token=held.authentication_token or "",
        )
        held.registration = Registration.NONE
        self._state.unregistered_at[f"{held.pass_type}/{held.serial}"] = self._updater.clock()
        self._state.farewells.append(farewell)
        self._start(self._say_farewell(farewell))

    async def refresh(self, held: HeldPass) -> None:
        """Fetch one pass now and only once, without blaming the server if it is the same."""
        await self._persevere(functools.partial(self._fetch, held, listed=False), ())

    def drop_unused_links(self) -> None:
        """Forget web services no pass needs: the next pass comes with a new device identifier."""
        self._state.links = self._links_in_use()

    async def _register_and_catch_up(self, held: HeldPass) -> None:
        await self._persevere(functools.partial(self._register, held), self._retry_delays_s)
        if held.registration is not Registration.REGISTERED:
            return
        # A device that knows the service asks from its tag; as the new pass may have changed
        # before that tag was given, it then fetches this pass in any case.
        link = self._link(held)
        had_tag = link.tag is not None
        fetched_at = held.changed_at, held.last_modified
        await self._list(link, Cause.REGISTERED)
        if had_tag and fetched_at == (held.changed_at, held.last_modified):
            fetch = functools.partial(self._fetch, held, listed=False)
            await self._persevere(fetch, self._retry_delays_s)

    async def _register(self, held: HeldPass) -> None:
        if held in self._state.passes and held.wants_updates():
            await self._updater.register(held, self._link(held))

    async def _fetch(self, held: HeldPass, *, listed: bool) -> None:
        if held in self._state.passes:
            await self._updater.fetch(held, self._link(held), listed=listed)

    async def _say_farewell(self, farewell: Farewell) -> None:
        link = WebServiceLink(
            url=farewell.url, pass_type=farewell.pass_type, device=farewell.device
        )
        tell = functools.partial(
            self._updater.unregister, link, farewell.serial, farewell.authentication_token
        )
        await self._persevere(tell, self._retry_delays_s)
        self._state.farewells.remove(farewell)
        self._updater.shelf.changed()

    async def _list(self, link: WebServiceLink, cause: Cause) -> None:
        name = link.url, link.pass_type
        if name in self._queued:
            return
        asked_before = self._lists_answered.get(name, 0)
        causes = iter((cause,))

        async def ask() -> None:
            self._queued.add(name)
            async with self._locks.setdefault(name, asyncio.Lock()):
                self._queued.discard(name)
                this_cause = next(causes, Cause.RETRY)
                is_late = self._lists_answered.get(name, 0) != asked_before
                if this_cause is Cause.RETRY and is_late:
                    return
                listed = await self._updater.ask_for_changes(link, this_cause)
                self._lists_answered[name] = self._lists_answered.get(name, 0) + 1
            for serial in listed.owed:
                self._start(self._fetch_owed(link, serial))

        await self._persevere(ask, self._retry_delays_s)

    async def _fetch_owed(self, link: WebServiceLink, serial: str) -> None:
        held = self._state.pass_of(link.pass_type, serial)
        if held is not None and self._retry_delays_s:
            await asyncio.sleep(self._retry_delays_s[0])
            fetch = functools.partial(self._fetch, held, listed=True)
            await self._persevere(fetch, self._retry_delays_s[1:])

    async def _persevere(
        self, work: Callable[[], Awaitable[object]], delays_s: Sequence[float]
    ) -> None:
        for delay_s in (*delays_s, None):
            try:
                await work()
            except TaskError as error:
                if not error.is_retried or delay_s is None:
                    self._updater.witness("gave up", error.reason)
                    return
                await asyncio.sleep(delay_s)
            else:
                return

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _link(self, held: HeldPass) -> WebServiceLink:
        assert held.web_service_url is not None, "only passes with a web service have a link"
        link = self._state.link_of(held.web_service_url, held.pass_type)
        if link is None:
            link = WebServiceLink(
                url=held.web_service_url,
                pass_type=held.pass_type,
                device=secrets.token_hex(16),
            )
            self._state.links.append(link)
        return link

    def _links_in_use(self) -> list[WebServiceLink]:
        used = {
            (held.web_service_url, held.pass_type)
            for held in self._state.passes
            if held.wants_updates()
        }
        return [link for link in self._state.links if (link.url, link.pass_type) in used]
