"""The logos Google fetches: drawn for a merchant's own colours, and for no others."""

from io import BytesIO

import pytest
from PIL import Image

from gateway.domain.programs import Look
from gateway.services.wallets.google_cards import logo_url
from tests.shopfront import Browser, Shopfront


async def test_a_programs_logo_is_what_google_wants(shop: Shopfront, browser: Browser) -> None:
    """A square of 660 pixels without holes, its letter within the circle, kept for ever."""
    async with browser.client.get(logo_url("", "cafe", shop.program.version)) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        image = Image.open(BytesIO(await response.read()))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (660, 660))
    margin, middle = (image.crop(box) for box in ((0, 330, 99, 331), (99, 330, 561, 331)))
    assert len(margin.getcolors() or ()) == 1
    assert len(middle.getcolors() or range(256)) > 1


@pytest.mark.parametrize(
    "colours",
    [
        "000000000000",
        "000000cfe5d8",
        "1f4d3a000000",
        "1f4d3a",
        "1f4d3acfe5d8cfe5d8",
        "1F4D3ACFE5D8",
        "zzzzzzzzzzzz",
        "%00",
    ],
)
async def test_other_colours_are_not_drawn(browser: Browser, colours: str) -> None:
    """Nobody can have us draw what no program looks like."""
    assert (Look().background, Look().label) == ("#1f4d3a", "#cfe5d8")
    await browser.read(f"/google/logos/cafe/{colours}.png", 404)


async def test_another_merchants_colours_are_not_drawn(browser: Browser) -> None:
    """Nor for somebody who does not exist."""
    await browser.read("/google/logos/nobody/1f4d3acfe5d8.png", 404)
