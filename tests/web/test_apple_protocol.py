"""The web service as devices need it, item by item of the conformance list, over real HTTP."""

import asyncio
import json
from dataclasses import replace

import pytest
import structlog
from sqlalchemy import event

from gateway.storage.wallets.devices import REGISTRATIONS_PER_PASS_MAX
from passes.apple.service import http_date
from tests.wallets import OTHER_PASS_TYPE, PASS_TYPE, Cafe, Phone, open_cafe


async def devices_of(cafe: Cafe) -> list[tuple[str, str]]:
    """Return which device has which push token."""
    pool = cafe.resources.database.pool
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "SELECT set_config('app.merchant', $1, true)", str(cafe.merchant.id)
        )
        rows = await connection.fetch(
            "SELECT device_library_identifier, push_token FROM devices ORDER BY 1"
        )
    return [(row[0], row[1]) for row in rows]


async def test_38_registering_is_201_and_again_200(cafe: Cafe, phone: Phone) -> None:
    """A device tells new and known apart by the status alone; there is no body."""
    stored = await cafe.stored(await cafe.card())

    first = await phone.register(stored)
    second = await phone.register(stored)

    assert (first.status, second.status) == (201, 200)
    assert await first.read() == b""


async def test_39_registering_again_replaces_the_push_token(cafe: Cafe, phone: Phone) -> None:
    """Apple rotates push tokens; the latest is the one that works."""
    stored = await cafe.stored(await cafe.card())
    await phone.register(stored, "aa")
    await phone.register(stored, "bb")

    assert await devices_of(cafe) == [(phone.device, "bb")]


async def test_40_whatever_is_wrong_the_answer_is_the_same_401(cafe: Cafe, phone: Phone) -> None:
    """Nobody learns which serials, pass types or tokens exist: not by status, header or body."""
    stored = await cafe.stored(await cafe.card())
    other = await cafe.stored(await cafe.card())
    right = phone.token(stored)["Authorization"]
    forged = replace(stored, serial_number="nobodyhasthis")
    alien = replace(stored, pass_type_identifier="pass.com.example.nobody")
    wrong = [
        (stored, phone.token(other)),
        (stored, {"Authorization": right + "x"}),
        (stored, {"Authorization": right.replace("ApplePass", "Bearer")}),
        (stored, {"Authorization": "ApplePass"}),
        (stored, {"Authorization": "ApplePass é\udcff".encode("utf-8", "replace").decode()}),
        (stored, {"X-Nothing": "at all"}),
        (forged, phone.token(stored)),
        (forged, phone.token(forged)),
        (alien, phone.token(alien)),
        (replace(stored, serial_number="..%2f"), phone.token(stored)),
    ]
    answers = set()
    for claimed, headers in wrong:
        for answer in (
            await phone.fetch(claimed, None, **headers),
            await phone.register(claimed, "aa", **headers),
            await phone.unregister(claimed, **headers),
        ):
            own = {"date", "x-request-id"}
            kept = {k: v for k, v in answer.headers.items() if k.lower() not in own}
            answers.add((answer.status, await answer.read(), json.dumps(kept, sort_keys=True)))

    assert len(answers) == 1, answers
    assert [each[:2] for each in answers] == [(401, b"")]
    assert await devices_of(cafe) == []


async def test_40_a_wrong_token_costs_no_look_into_the_database(cafe: Cafe, phone: Phone) -> None:
    """With the database gone a forged token still gets its 401, a right one 503."""
    stored = await cafe.stored(await cafe.card())
    await cafe.resources.database.pool.close()

    forged = await phone.fetch(stored, None, Authorization="ApplePass " + "x" * 43)
    right = await phone.fetch(stored)
    listed = await phone.changes()

    assert forged.status == 401
    assert (right.status, listed.status) == (503, 503)
    assert right.headers["Retry-After"]


async def test_a_database_that_hangs_up_is_503(cafe: Cafe, phone: Phone) -> None:
    """In the middle of registering, too; the device tries again by itself."""
    stored = await cafe.stored(await cafe.card())
    await cafe.resources.database.engine.dispose()

    def hang_up(*_arguments: object) -> None:
        raise ConnectionResetError

    engine = cafe.resources.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hang_up)
    answer = await phone.register(stored)
    event.remove(engine, "before_cursor_execute", hang_up)

    assert answer.status == 503
    assert (await phone.register(stored)).status == 201


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"pushToken": 7}',
        b'{"pushToken": ""}',
        b'{"pushToken": "a b"}',
        b'{"pushToken": "' + b"a" * 513 + b'"}',
    ],
)
async def test_41_a_malformed_registration_is_400_and_stores_nothing(
    cafe: Cafe, phone: Phone, body: bytes
) -> None:
    """A push token is letters and digits within bounds, or the device is told so."""
    stored = await cafe.stored(await cafe.card())
    path = phone._registration(stored)
    headers = phone.token(stored) | {"Content-Type": "application/json"}

    answer = await phone.client.post(path, data=body, headers=headers)

    assert answer.status in {400, 415}
    assert await devices_of(cafe) == []


async def test_42_unregistering_is_200_without_a_body_however_often(
    cafe: Cafe, phone: Phone
) -> None:
    """A device takes 204 for an error."""
    stored = await cafe.stored(await cafe.card())
    await phone.register(stored)
    for _ in range(2):
        answer = await phone.unregister(stored)
        assert answer.status == 200
        assert await answer.read() == b""


async def test_42_a_device_that_cannot_exist_is_unregistered_already(
    cafe: Cafe, phone: Phone
) -> None:
    """No name of a device makes the database stumble, and so none is a 500."""
    stored = await cafe.stored(await cafe.card())
    for name in ("%00", "a%00b", "%ff", "x" * 3000):
        assert (await replace(phone, device=name).unregister(stored)).status == 200


async def test_43_unregistering_takes_one_pass_and_the_device_goes_with_the_last(
    cafe: Cafe, phone: Phone
) -> None:
    """Other passes and other devices stay registered."""
    one, two = [await cafe.stored(await cafe.card()) for _ in range(2)]
    other_phone = replace(phone, device="other")
    for stored in (one, two):
        await phone.register(stored)
    await other_phone.register(one)

    await phone.unregister(one)
    assert (await (await phone.changes()).json())["serialNumbers"] == [two.serial_number]
    assert [device for device, _ in await devices_of(cafe)] == [phone.device, "other"]

    await phone.unregister(two)
    assert [device for device, _ in await devices_of(cafe)] == ["other"]


async def test_44_without_a_tag_everything_registered_is_listed(cafe: Cafe, phone: Phone) -> None:
    """A device that knows nothing gets all its serials of that pass type."""
    serials = set()
    for _ in range(3):
        stored = await cafe.stored(await cafe.card())
        await phone.register(stored)
        serials.add(stored.serial_number)

    listed = await (await phone.changes()).json()

    assert set(listed["serialNumbers"]) == serials


async def test_45_nothing_new_is_204_without_a_body(cafe: Cafe, phone: Phone) -> None:
    """Also for devices and pass types nobody knows: no 404, no empty list."""
    stored = await cafe.stored(await cafe.card())
    await phone.register(stored)
    tag = (await (await phone.changes()).json())["lastUpdated"]
    stranger = replace(phone, device="stranger")

    for answer in (
        await phone.changes(tag),
        await stranger.changes(),
        await phone.changes(tag, "pass.com.example.nobody"),
        await phone.changes(None, "not-a-pass-type"),
        await replace(phone, device="%00").changes(),
    ):
        assert answer.status == 204
        assert await answer.read() == b""


async def test_46_the_list_is_strings_and_a_string(cafe: Cafe, phone: Phone) -> None:
    """A tag that is a number makes a device discard the whole answer."""
    stored = await cafe.stored(await cafe.card())
    await phone.register(stored)
    answer = await phone.changes()
    listed = json.loads(await answer.read())

    assert answer.content_type == "application/json"
    assert listed.keys() == {"serialNumbers", "lastUpdated"}
    assert isinstance(listed["lastUpdated"], str)
    assert all(isinstance(serial, str) for serial in listed["serialNumbers"])


async def test_47_the_tag_is_the_largest_listed_and_grows(cafe: Cafe, phone: Phone) -> None:
    """It is never the clock's time, and never the tag that was asked with."""
    cards = [await cafe.card() for _ in range(3)]
    for card in cards:
        await phone.register(await cafe.stored(card))
    tag = int((await (await phone.changes()).json())["lastUpdated"])

    for card in (cards[1], cards[0], cards[1]):
        await cafe.stamp(card)
        listed = await (await phone.changes(str(tag))).json()
        stored = await cafe.stored(card)
        assert listed["serialNumbers"] == [stored.serial_number]
        assert int(listed["lastUpdated"]) == stored.tag > tag
        tag = stored.tag


@pytest.mark.parametrize(
    "tag", ["", "x", "-1", "1.5", "9" * 19, "9" * 400, "1' OR 1=1 --", "\x00", "1351981923000"]
)
async def test_48_a_tag_we_never_gave_counts_as_none(cafe: Cafe, phone: Phone, tag: str) -> None:
    """Garbage, and tags from the future of a restored backup: everything is listed."""
    stored = await cafe.stored(await cafe.card())
    await phone.register(stored)

    answer = await phone.changes(tag)

    assert answer.status == 200
    assert (await answer.json())["serialNumbers"] == [stored.serial_number]


async def test_49_two_changes_in_one_second_are_both_told(cafe: Cafe, phone: Phone) -> None:
    """A device that asked between the two is told of the second as well."""
    card = await cafe.card()
    await phone.register(await cafe.stored(card))
    tags = [(await (await phone.changes()).json())["lastUpdated"]]
    for _ in range(3):
        await cafe.stamp(card)
        answer = await phone.changes(tags[-1])
        assert answer.status == 200
        tags.append((await answer.json())["lastUpdated"])

    assert sorted(set(tags), key=int) == tags


async def test_50_only_own_serials_of_the_asked_type_are_listed(cafe: Cafe, phone: Phone) -> None:
    """Neither another device's passes nor another merchant's appear."""
    bakery = await open_cafe(cafe.resources, pass_type=OTHER_PASS_TYPE, slug="bakery")
    mine, theirs = await cafe.stored(await cafe.card()), await cafe.stored(await cafe.card())
    bread = await bakery.stored(await bakery.card())
    await phone.register(mine)
    await phone.register(bread)
    await replace(phone, device="other").register(theirs)

    of_cafe = await (await phone.changes()).json()
    of_bakery = await (await phone.changes(None, OTHER_PASS_TYPE)).json()

    assert of_cafe["serialNumbers"] == [mine.serial_number]
    assert of_bakery["serialNumbers"] == [bread.serial_number]


async def test_50_a_token_of_one_merchant_opens_nothing_of_another(
    cafe: Cafe, phone: Phone
) -> None:
    """The same serial under another pass type is another pass with another token."""
    bakery = await open_cafe(cafe.resources, pass_type=OTHER_PASS_TYPE, slug="bakery")
    bread = await bakery.stored(await bakery.card())
    claimed = replace(bread, pass_type_identifier=PASS_TYPE)

    for headers in (phone.token(bread), phone.token(claimed)):
        assert (await phone.fetch(claimed, None, **headers)).status == 401
        assert (await phone.register(claimed, "aa", **headers)).status == 401


async def test_57_complaints_are_counted_by_kind_and_stripped_of_secrets(phone: Phone) -> None:
    """A device always gets its 200; our log gets no token, no line break and no flood."""
    lines = [
        "[2026-11-21] Get pass task encountered error: Authentication failure",
        "Device received spurious push",
        "Request with Authorization: ApplePass abcdefghijklmnopqrstuvwxyz failed",
        "broken\r\nline",
        *(["what is this"] * 200),
    ]
    with structlog.testing.capture_logs() as logs:
        answer = await phone.client.post("/apple/v1/log", json={"logs": lines})

    assert answer.status == 200
    (event,) = [each for each in logs if each["event"] == "device_complained"]
    assert event["kinds"]["authentication_failure"] == 1
    assert event["kinds"]["spurious_push"] == 1
    assert len(event["lines"]) == 10
    assert "abcdefghijklmnop" not in json.dumps(logs)


async def test_57_a_log_beyond_its_size_is_refused(phone: Phone) -> None:
    """Anybody may write here, so it is small."""
    flood = {"logs": ["x" * 1000] * 1000}
    assert (await phone.client.post("/apple/v1/log", json=flood)).status == 413
    assert (await phone.client.post("/apple/v1/log", json={"logs": "text"})).status == 400


async def test_59_unknown_paths_and_methods_are_never_our_mistake(phone: Phone) -> None:
    """404 and 405, also for what nobody should send."""
    for method, path in (
        ("GET", "/apple/v1/nothing"),
        ("PUT", f"/apple/v1/passes/{PASS_TYPE}/x"),
        ("POST", f"/apple/v1/passes/{PASS_TYPE}/x/personalize"),
        ("GET", "/apple/v1/log"),
        ("GET", "/apple/v1/v1/log"),
        ("DELETE", "/apple/v1/devices/%2e%2e/registrations/%00/%ff"),
    ):
        answer = await phone.client.request(method, path)
        assert 400 <= answer.status < 500


async def test_61_registering_twice_at_once_is_one_registration(cafe: Cafe, phone: Phone) -> None:
    """Twenty at once: one is new, and one push token may belong to several devices."""
    stored = await cafe.stored(await cafe.card())
    other = replace(phone, device="restored")
    answers = await asyncio.gather(*(phone.register(stored, "aa") for _ in range(20)))

    assert sorted(answer.status for answer in answers) == [*[200] * 19, 201]
    assert (await other.register(stored, "aa")).status == 201
    assert await devices_of(cafe) == [(phone.device, "aa"), ("restored", "aa")]


async def test_a_pass_is_on_so_many_devices_and_no_more(cafe: Cafe, phone: Phone) -> None:
    """A flood of invented devices ends at the cap, also when it comes at once."""
    stored = await cafe.stored(await cafe.card())
    phones = [replace(phone, device=f"device-{n}") for n in range(REGISTRATIONS_PER_PASS_MAX + 5)]
    answers = await asyncio.gather(*(each.register(stored) for each in phones))

    statuses = [answer.status for answer in answers]
    assert statuses.count(201) == REGISTRATIONS_PER_PASS_MAX
    assert statuses.count(429) == 5
    kept = next(each for each, status in zip(phones, statuses, strict=True) if status == 201)
    assert (await kept.register(stored, "cc")).status == 200


async def test_63_tokens_are_in_no_log_line(cafe: Cafe, phone: Phone) -> None:
    """Neither the pass's token nor the push token, nor a serial or a device identifier."""
    stored = await cafe.stored(await cafe.card())
    with structlog.testing.capture_logs() as logs:
        await phone.register(stored, "cafe" * 16)
        await phone.changes()
        await phone.fetch(stored)
        await phone.fetch(stored, None, Authorization="ApplePass " + "y" * 43)
        await phone.unregister(stored)
    told = json.dumps(logs, default=str)

    assert len(logs) >= 5
    for secret in (
        phone.token(stored)["Authorization"].removeprefix("ApplePass "),
        "cafe" * 16,
        "y" * 43,
        stored.serial_number,
        phone.device,
    ):
        assert secret not in told


async def test_a_missing_certificate_is_503_and_not_our_mistake(cafe: Cafe, phone: Phone) -> None:
    """The device comes back later; the operator reads why in the log."""
    without = await open_cafe(cafe.resources, pass_type="pass.com.example.new", slug="new")
    stored = await without.stored(await without.card())
    with structlog.testing.capture_logs() as logs:
        answer = await phone.fetch(stored)

    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert any(each["event"] == "pass_not_signed" for each in logs)
    assert (await phone.fetch(stored, http_date(stored.changed_at))).status in {304, 503}
