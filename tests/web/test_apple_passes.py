"""The passes as devices fetch them: dated, unchanged without work, and signed as Apple wants."""

import json
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.x509 import load_pem_x509_certificate

from passes.apple.service import PASS_MEDIA_TYPE, http_date
from passes.apple.signing.signer import Signer
from sandbox.certificates import DevelopmentChain
from sandbox.opened_pass import open_pass
from tests.wallets import Cafe, Phone


@pytest.fixture
def signatures(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Every signature made, by its time; the signer itself is the real one."""
    made: list[datetime] = []
    sign = Signer.sign

    def counted(self: Signer, manifest: bytes, signed_at: datetime) -> bytes:
        made.append(signed_at)
        return sign(self, manifest, signed_at)

    monkeypatch.setattr(Signer, "sign", counted)
    return made


def content(data: bytes) -> dict[str, object]:
    """Return what pass.json says."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        said: dict[str, object] = json.loads(archive.read("pass.json"))
    return said


async def change_card(cafe: Cafe, card: UUID, change: str) -> None:
    """Change a card behind everybody's back, in SQL."""
    async with cafe.resources.database.pool.acquire() as connection, connection.transaction():
        merchant = str(cafe.merchant.id)
        await connection.execute("SELECT set_config('app.merchant', $1, true)", merchant)
        await connection.execute(f"UPDATE cards SET {change} WHERE id = $1", card)  # noqa: S608


async def test_51_a_pass_carries_its_kind_and_the_date_of_its_change(
    cafe: Cafe, phone: Phone, apple_chain: DevelopmentChain
) -> None:
    """`Last-Modified` is when the content changed, and a phone finds nothing wrong with it."""
    card = await cafe.card()
    await cafe.stamp(card)
    answer = await phone.fetch(await cafe.stored(card))
    data = await answer.read()
    stored = await cafe.stored(card)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == PASS_MEDIA_TYPE
    assert answer.headers["Last-Modified"] == http_date(stored.changed_at)
    root = load_pem_x509_certificate(apple_chain.root.read_bytes())
    found = open_pass(data, [root], datetime.now(UTC))
    assert found.problems == ()
    assert "1/10" in json.dumps(found.content)


async def test_52_what_the_phone_has_is_304_without_a_signature(
    cafe: Cafe, phone: Phone, signatures: list[datetime]
) -> None:
    """Equal or newer is not modified; a date nobody can read means send it."""
    stored = await cafe.stored(await cafe.card())
    since = (await phone.fetch(stored)).headers["Last-Modified"]
    assert len(signatures) == 1

    for date in (since, http_date(datetime.now(UTC) + timedelta(days=1))):
        answer = await phone.fetch(stored, date)
        assert answer.status == 304
        assert await answer.read() == b""
    assert len(signatures) == 1

    for date in ("yesterday", "", http_date(datetime(2020, 1, 1, tzinfo=UTC))):
        assert (await phone.fetch(stored, date)).status == 200
    assert len(signatures) == 4


async def test_53_changes_within_one_second_have_different_dates(cafe: Cafe, phone: Phone) -> None:
    """`Last-Modified` counts seconds, so a second change in the same one moves to the next."""
    card = await cafe.card()
    stored = await cafe.stored(card)
    since, seen = None, []
    for _ in range(4):
        await cafe.stamp(card)
        answer = await phone.fetch(stored, since)
        assert answer.status == 200
        since = answer.headers["Last-Modified"]
        seen.append((since, await answer.read()))

    assert len({date for date, _ in seen}) == 4
    assert len({data for _, data in seen}) == 4


async def test_54_a_listed_serial_gives_changed_bytes_even_when_nothing_can_be_seen(
    cafe: Cafe, phone: Phone
) -> None:
    """A stamp and its undoing look the same; a phone told to fetch equal bytes complains."""
    card = await cafe.card()
    stored = await cafe.stored(card)
    await phone.register(stored)
    tag = (await (await phone.changes()).json())["lastUpdated"]
    first = await phone.fetch(stored)
    before = content(await first.read())
    await change_card(cafe, card, "version = version + 2")
    listed = await (await phone.changes(tag)).json()
    again = await phone.fetch(stored, first.headers["Last-Modified"])

    assert listed["serialNumbers"] == [stored.serial_number]
    assert again.status == 200
    after = content(await again.read())
    assert {name for name in after if after[name] != before[name]} == {"userInfo"}


async def test_55_a_pass_keeps_its_type_serial_and_token(cafe: Cafe, phone: Phone) -> None:
    """What identifies a pass never changes; an old copy's token stays good."""
    card = await cafe.card()
    stored = await cafe.stored(card)
    first = content(await (await phone.fetch(stored)).read())
    await cafe.stamp(card)
    second = content(await (await phone.fetch(stored)).read())

    for name in ("passTypeIdentifier", "serialNumber", "authenticationToken", "webServiceURL"):
        assert first[name] == second[name]
    assert first["serialNumber"] == stored.serial_number
    assert f"ApplePass {first['authenticationToken']}" == phone.token(stored)["Authorization"]
    assert first["webServiceURL"] == "http://127.0.0.1:8080/apple"


async def test_56_a_blocked_card_is_still_answered_with_a_pass(cafe: Cafe, phone: Phone) -> None:
    """The phone learns that it is void; 404 would leave it looking good for ever."""
    card = await cafe.card()
    stored = await cafe.stored(card)
    await change_card(cafe, card, "status = 'blocked', version = version + 1")
    answer = await phone.fetch(stored)

    assert answer.status == 200
    assert content(await answer.read())["voided"] is True


async def test_59_head_answers_like_get_without_a_signature(
    cafe: Cafe, phone: Phone, signatures: list[datetime]
) -> None:
    """Devices were seen asking so; the headers are those of GET."""
    stored = await cafe.stored(await cafe.card())
    path = f"/apple/v1/passes/{stored.pass_type_identifier}/{stored.serial_number}"
    got = await phone.fetch(stored)
    asked = await phone.client.head(path, headers=phone.token(stored))
    since = {"If-Modified-Since": got.headers["Last-Modified"]}

    assert (asked.status, await asked.read()) == (200, b"")
    for name in ("Content-Type", "Last-Modified"):
        assert asked.headers[name] == got.headers[name]
    again = await phone.client.head(path, headers=phone.token(stored) | since)
    assert again.status == 304
    assert (await phone.client.head(path)).status == 401
    assert len(signatures) == 1


async def test_what_was_fetched_is_remembered_as_the_proof_of_delivery(
    cafe: Cafe, phone: Phone
) -> None:
    """A signed pass that a phone fetched says which version it holds; a 304 adds nothing."""
    card = await cafe.card()
    await cafe.stamp(card)
    stored = await cafe.stored(card)
    answer = await phone.fetch(stored)
    await phone.fetch(stored, answer.headers["Last-Modified"])

    async with cafe.resources.database.pool.acquire() as connection, connection.transaction():
        merchant = str(cafe.merchant.id)
        await connection.execute("SELECT set_config('app.merchant', $1, true)", merchant)
        (row,) = await connection.fetch("SELECT fetched_version, fetched_at FROM passes")
    assert row["fetched_version"] == (await cafe.stored(card)).card_version
    assert row["fetched_at"] is not None


def verify(folder: Path, chain: DevelopmentChain, manifest: str) -> int:
    """Let openssl judge the signature over a manifest; returns its exit status."""
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"]
    command += ["-in", str(folder / "signature"), "-content", str(folder / manifest)]
    command += ["-CAfile", str(chain.root), "-out", str(folder / "out")]
    return subprocess.run(command, capture_output=True, check=False).returncode


async def test_openssl_verifies_a_served_pass_and_not_a_changed_one(
    cafe: Cafe, phone: Phone, apple_chain: DevelopmentChain, tmp_path: Path
) -> None:
    """The chain leads to the development root; one other byte and it does not."""
    stored = await cafe.stored(await cafe.card())
    data = await (await phone.fetch(stored)).read()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(tmp_path)
    manifest = (tmp_path / "manifest.json").read_bytes()
    (tmp_path / "changed.json").write_bytes(manifest.replace(b"icon", b"lcon", 1))

    assert verify(tmp_path, apple_chain, "manifest.json") == 0
    assert verify(tmp_path, apple_chain, "changed.json") != 0
