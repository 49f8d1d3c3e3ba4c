"""Issuing: one pass per card, signed beside the loop, with certificates that come and go."""

import asyncio
import io
import shutil
import threading
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog

from gateway.apple_folder import AppleFolder, SignerMissing, load
from gateway.domain.wording import Language
from gateway.resources import new_id, now
from gateway.services.messages.preferring import speak
from gateway.services.wallets.issuing import NoPass, download, ensure_pass, snapshot
from passes.apple.signing.signer import Signer
from passes.errors import UnusableSigner
from sandbox.certificates import DevelopmentChain, write_development_chain
from tests.wallets import OTHER_PASS_TYPE, PASS_TYPE, Cafe


async def test_a_card_gets_one_pass_with_a_serial_nobody_guesses(cafe: Cafe) -> None:
    """Asking twenty times at once makes one pass; its serial is 128 random bits."""
    card = await cafe.card(issued=False)

    async def ensure() -> str:
        async with cafe.resources.units(cafe.merchant.id) as unit:
            return (await ensure_pass(cafe.resources.passes, unit, card)).serial_number

    serials = set(await asyncio.gather(*(ensure() for _ in range(20))))

    (serial,) = serials
    assert len(serial) == 26
    assert set(serial) <= set("abcdefghijklmnopqrstuvwxyz234567")


async def test_a_merchant_without_a_pass_type_has_no_passes(cafe: Cafe) -> None:
    """Before Apple is set up the card page can say so."""
    nobody = new_id()
    with pytest.raises(NoPass):
        async with cafe.resources.units(nobody) as unit:
            await ensure_pass(cafe.resources.passes, unit, new_id())


async def test_what_is_served_fits_the_version_it_is_served_as(
    cafe: Cafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stamps that come between publishing and reading are published as well."""
    # A busy machine may let in more of them than a patient reader waits for.
    monkeypatch.setattr("gateway.services.wallets.issuing.PUBLISH_ROUNDS_MAX", 1_000)
    card = await cafe.card()

    async def stamp() -> None:
        for _ in range(10):
            await cafe.stamp(card)

    stamping = asyncio.create_task(stamp())
    seen = []
    while not stamping.done():
        async with cafe.resources.units(cafe.merchant.id) as unit:
            stored = await unit.passes.of_card(card)
            assert stored is not None
            found = await snapshot(unit, stored)
        seen.append((found.stored.published_version, found.card.version))
    await stamping

    assert seen
    assert all(published == version for published, version in seen)


async def test_a_pass_is_in_the_language_its_customer_chose(cafe: Cafe) -> None:
    """The same bytes each time but for the signature, and a newer version of the card."""
    card = await cafe.card()

    async def issued() -> tuple[bytes, int]:
        async with cafe.resources.units(cafe.merchant.id) as unit:
            version = (await unit.cards.one(card)).version
        signed = await download(cafe.resources.passes, cafe.merchant.id, card)
        with zipfile.ZipFile(io.BytesIO(signed.data)) as archive:
            return archive.read("pass.json"), version

    english, before = await issued()
    async with cafe.resources.units(cafe.merchant.id) as unit:
        await speak(unit, (await unit.cards.one(card)).customer_id, Language.FR)
    french, after = await issued()

    assert b"You have 0 of 10 stamps." in english
    assert b"Vous avez 0 tampon sur 10." in french
    assert (await issued())[0] == french
    assert after == before + 1


async def test_building_passes_does_not_hold_up_the_loop(
    cafe: Cafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing happens in a thread, never in the loop's own."""
    signed_in: set[int] = set()
    sign = Signer.sign

    def watched(signer: Signer, manifest: bytes, signed_at: datetime) -> bytes:
        signed_in.add(threading.get_ident())
        return sign(signer, manifest, signed_at)

    monkeypatch.setattr(Signer, "sign", watched)
    await download(cafe.resources.passes, cafe.merchant.id, await cafe.card())

    assert signed_in
    assert threading.get_ident() not in signed_in


def test_a_renewed_certificate_is_used_without_a_restart(tmp_path: Path) -> None:
    """And so is a pass type that was not there when we began."""
    chain = write_development_chain(tmp_path / "apple", [PASS_TYPE], now())
    folder = AppleFolder(chain.folder)
    first = folder.signer(PASS_TYPE)
    assert folder.signer(PASS_TYPE) is first
    with pytest.raises(SignerMissing):
        folder.signer(OTHER_PASS_TYPE)

    later = now() + timedelta(days=380)
    write_development_chain(tmp_path / "apple", [PASS_TYPE, OTHER_PASS_TYPE], later)

    assert folder.signer(PASS_TYPE).not_after > first.not_after
    assert folder.signer(OTHER_PASS_TYPE).pass_type_identifier == OTHER_PASS_TYPE


def test_halfway_through_a_renewal_the_certificate_before_stays(
    apple_chain: DevelopmentChain, tmp_path: Path
) -> None:
    """A certificate that came before its key stops nothing; the log says what does not fit."""
    shutil.copytree(apple_chain.folder, tmp_path / "apple")
    folder = AppleFolder(tmp_path / "apple")
    before = folder.signer(PASS_TYPE)
    key = tmp_path / "apple" / PASS_TYPE / "key.pem"
    shutil.copy(tmp_path / "apple" / OTHER_PASS_TYPE / "key.pem", key)
    with structlog.testing.capture_logs() as logs:
        assert folder.signer(PASS_TYPE) is before

    assert [each["event"] for each in logs] == ["signer_unusable"]
    with pytest.raises(UnusableSigner):
        AppleFolder(tmp_path / "apple").signer(PASS_TYPE)


@pytest.mark.parametrize("name", ["../certificates", "pass.", "pass.a/../..", "", "x"])
def test_a_pass_type_is_no_path(apple_chain: DevelopmentChain, name: str) -> None:
    """What a phone sends never leads to another folder."""
    with pytest.raises(SignerMissing):
        load(apple_chain.folder, name)
