"""The phone's pages: adding, refusing, drawing, live events, and who may press the buttons."""

import asyncio
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientResponse

from sandbox.apns.commands import Say
from sandbox.apns.stand_in import AcceptedPush, ApnsStandIn, StandInIdentity
from sandbox.certificates import DevelopmentChain
from tests.sandbox.conftest import Stage, settled
from tests.sandbox.pass_service import PASS_TYPE

JSON = {"Accept": "application/json"}


async def get(stage: Stage, path: str) -> ClientResponse:
    return await stage.client.get(path)


async def post(stage: Stage, path: str, **form: str) -> dict[str, Any]:
    response = await stage.client.post(path, data=form, headers=JSON)
    assert response.status == 200
    report: dict[str, Any] = await response.json()
    return report


async def test_a_browser_gets_its_own_phone_and_adds_a_pass(stage: Stage) -> None:
    """`/phone?add=…` shows the card with an Add button; after Add it is in the Wallet."""
    address = stage.service.issue("one")
    page = await get(stage, f"/phone?add={address}")
    html = await page.text()
    assert "data-accept" in html
    assert "6 of 10" in html

    report = await post(stage, f"{page.url.path}/accept")
    assert report["passes"][0]["serial"] == "one"
    await settled(stage.phones[0])
    again = await get(stage, "/phone")
    assert again.url.path == page.url.path


async def test_each_new_phone_has_its_own_address(stage: Stage) -> None:
    """`?new` never gives the browser's old phone."""
    first, second = await get(stage, "/phone?new=1"), await get(stage, "/phone?new=1")
    assert first.url != second.url


def edited(package: bytes) -> bytes:
    """The package with a stamp more in its pass.json than was signed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"6 of 10", b"7 of 10"))
    return changed.getvalue()


def cut(package: bytes) -> bytes:
    """The package without its end."""
    return package[:-200]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(edited, "not the one that was signed"), (cut, "not a zip archive")],
    ids=["edited", "cut"],
)
async def test_a_spoilt_pass_is_refused_with_the_reason(
    stage: Stage, spoil: Callable[[bytes], bytes], reason: str
) -> None:
    """A changed or broken package cannot be added, and the phone says why."""
    stage.service.spoil = spoil
    phone = stage.phone()
    await phone.consider(stage.service.issue("one"))

    assert phone.offer is not None
    assert reason in " ".join(phone.offer.problems)
    page = await (await get(stage, f"/phone/{phone.state.id}")).text()
    assert "Wallet cannot add this pass" in page
    assert phone.accept() is None


async def test_a_pass_of_the_wrong_media_type_is_refused(stage: Stage) -> None:
    """A browser hands over to Wallet by the media type alone."""
    stage.service.download_type = "application/zip"
    phone = stage.phone()
    await phone.consider(stage.service.issue("one"))

    assert phone.offer is not None
    assert phone.offer.problems == (
        "The content type is 'application/zip', not 'application/vnd.apple.pkpass'.",
    )
    assert phone.accept() is None


async def test_a_phone_opens_only_passes_of_this_installation(stage: Stage) -> None:
    """No other service of the machine can be asked through a phone."""
    report = await post(stage, "/phones")
    report = await post(stage, f"/phone/{report['id']}/consider", address="http://127.0.0.1:1/x")
    assert report["offer"]["problems"] == ["This phone only opens passes of this installation."]


async def test_a_missing_download_is_explained(stage: Stage) -> None:
    """The answer's status is told."""
    report = await post(stage, "/phones")
    address = f"{stage.service.public_url}/nothing"
    report = await post(stage, f"/phone/{report['id']}/consider", address=address)
    assert report["offer"]["problems"] == ["The download answered 404."]


async def test_the_card_is_drawn_from_the_pass(stage: Stage) -> None:
    """Colours, images, fields and the code all come out of the package."""
    phone = await stage.phone_with("one")
    key, base = phone.state.passes[0].key, f"/phone/{phone.state.id}"
    page = await (await get(stage, f"{base}?card={key}")).text()
    for piece in ("Café Lumen", "6 of 10", "Free coffee", "LC1-ABCDE", "strip@3x.png", "<svg"):
        assert piece in page
    assert "rgb(33, 46, 66)" in await (await get(stage, f"{base}/colours.css")).text()
    image = await get(stage, f"{base}/passes/{key}/images/strip@3x.png")
    assert (await image.read()).startswith(b"\x89PNG")
    back = await (await get(stage, f"{base}?card={key}&side=back")).text()
    assert '<a href="mailto:hello@cafe-lumen.example"' in back


async def test_the_lock_screen_shows_the_message(stage: Stage) -> None:
    """A stamp's message lies on the lock screen until it is cleared."""
    phone = await stage.phone_with("one")
    stage.service.stamp("one")
    await settled(phone)
    base = f"/phone/{phone.state.id}"
    assert "You now have 7 of 10 stamps." in await (await get(stage, f"{base}?screen=lock")).text()
    report = await post(stage, f"{base}/clear")
    assert report["notifications"] == []


async def test_buttons_of_the_back_work(stage: Stage) -> None:
    """Refresh, automatic updates and remove do what the phone does."""
    phone = await stage.phone_with("one")
    base = f"/phone/{phone.state.id}/passes/{phone.state.passes[0].key}"
    await post(stage, f"{base}/refresh")
    report = await post(stage, f"{base}/automatic-updates", enabled="no")
    assert report["passes"][0]["automatic_updates"] is False
    report = await post(stage, f"{base}/remove")
    assert report["passes"] == []


async def test_a_lost_phone_is_gone_without_a_word(stage: Stage) -> None:
    """Its registration stays with the service, as with a phone that fell into a lake."""
    phone = await stage.phone_with("one")
    await stage.client.post(f"/phone/{phone.state.id}/throw-away")
    assert stage.phones == []
    assert len(stage.service.registrations) == 1


async def test_events_tell_of_every_change(stage: Stage) -> None:
    """The stream begins with the version and goes on when a stamp arrives."""
    phone = await stage.phone_with("one")
    events = await get(stage, f"/phone/{phone.state.id}/events")
    assert events.headers["Content-Type"] == "text/event-stream"
    first = await asyncio.wait_for(events.content.readuntil(b"\n\n"), 5)
    stage.service.stamp("one")
    second = await asyncio.wait_for(events.content.readuntil(b"\n\n"), 5)
    assert first != second
    events.close()


async def test_pages_allow_no_inline_script_and_no_frame(stage: Stage) -> None:
    """Every answer carries the same strict headers, errors too."""
    for path in ("/", "/phone?new=1", "/phone/nobody"):
        response = await get(stage, path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert " style=" not in await response.text()


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Sec-Fetch-Site": "cross-site"}, 403), ({"Host": "rebound.example:8090"}, 421)],
)
async def test_other_sites_cannot_press_buttons(
    stage: Stage, headers: dict[str, str], status: int
) -> None:
    """A form sent from elsewhere, or under another name, does nothing."""
    response = await stage.client.post("/phones", headers=headers)
    assert response.status == status
    assert stage.phones == []


async def test_unknown_phones_and_passes_are_not_found(stage: Stage) -> None:
    """A wrong address is a 404, never an error of ours."""
    phone = await stage.phone_with("one")
    base = f"/phone/{phone.state.id}"
    for path in ("/phone/nobody", f"{base}/passes/nothing/images/icon.png"):
        assert (await get(stage, path)).status == 404
    assert (await stage.client.post(f"{base}/passes/nothing/remove")).status == 404


async def test_the_index_lists_phones(stage: Stage) -> None:
    """The first page shows each phone and what it holds."""
    phone = await stage.phone_with("one")
    page = await (await get(stage, "/")).text()
    assert f"/phone/{phone.state.id}" in page
    assert "1 pass " in page
    assert PASS_TYPE not in page


async def test_the_index_makes_the_push_service_misbehave(
    stage: Stage, development_chain: DevelopmentChain
) -> None:
    """A button queues a command; pushes are shown by whose phone they went to, not by token."""
    chain = development_chain
    stage.apns = ApnsStandIn(StandInIdentity(chain.server_certificate, chain.server_key))
    await stage.stop()
    await stage.start()
    phone = stage.phone()
    stage.apns.accepted.append(AcceptedPush(PASS_TYPE, phone.state.push_token, "id"))

    page = await (await get(stage, "/")).text()
    assert "Phone 1" in page
    assert phone.state.push_token not in page
    answer = await stage.client.post("/apns/next/too-many-requests", data={"times": "2"})
    assert answer.status == 200
    assert list(stage.apns._commands) == [Say(429, "TooManyRequests")] * 2
    assert (await stage.client.post("/apns/next/nonsense")).status == 404
    assert (
        await stage.client.post("/apns/next/drop-connection", data={"times": "0"})
    ).status == 400
