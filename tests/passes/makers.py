"""Passes, images and signers as the tests of the library need them."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from passes.apple.barcodes import Barcode
from passes.apple.card import (
    FeaturedAction,
    FeaturedActionType,
    Location,
    Pass,
    PosterGeneric,
    StoreCard,
    WebService,
)
from passes.apple.colours import WHITE, Colour, Colours
from passes.apple.fields import Field
from sandbox.certificates import TEAM_IDENTIFIER

PASS_TYPE = "pass.com.example.loyalty"
NOW = datetime(2026, 3, 14, 15, 9, 26, 535_897, tzinfo=UTC)

SIZES = {
    "icon": (38, 38),
    "logo": (160, 50),
    "strip": (375, 144),
    "artwork": (358, 448),
    "primaryLogo": (126, 30),
}


@lru_cache
def make_png(width: int, height: int) -> bytes:
    data = BytesIO()
    Image.new("RGB", (width, height), (90, 60, 30)).save(data, "PNG")
    return data.getvalue()


def make_images(*names: str) -> dict[str, bytes]:
    """Give images at all three scales; without names an icon, a logo and a strip."""
    return {
        f"{name}.png" if scale == 1 else f"{name}@{scale}x.png": make_png(
            SIZES[name][0] * scale, SIZES[name][1] * scale
        )
        for name in names or ("icon", "logo", "strip")
        for scale in (1, 2, 3)
    }


def make_pass(**changes: Any) -> Pass:  # noqa: ANN401 - any value of a pass may change
    """Give a stamp card a wallet accepts, with some of its values changed."""
    return replace(_PASS, **changes)


def make_poster() -> PosterGeneric:
    return PosterGeneric(
        header=(Field("stamps", "7 of 10", label="Stamps"),),
        primary=(Field("name", "Anna"),),
        footer=(Field("reward", "One free coffee"),),
    )


_PASS = Pass(
    pass_type_identifier=PASS_TYPE,
    team_identifier=TEAM_IDENTIFIER,
    serial_number="k3v9q2",
    organization_name="Café Sonne",
    description="Stamp card of Café Sonne",
    store_card=StoreCard(
        header=(
            Field("stamps", "7 of 10", label="Stamps", change_message="You now have %@ stamps"),
        ),
        secondary=(Field("name", "Anna", label="Member"),),
        auxiliary=(Field("reward", "One free coffee", label="Reward"),),
        back=(Field("contact", "hello@example.com", label="Contact"),),
    ),
    featured_actions=(
        FeaturedAction("menu", FeaturedActionType.SHOP, "https://example.com/menu"),
    ),
    barcodes=(Barcode("LC1-ABCDEFGHIJ234567ABCD", alt_text="LC1-ABCD"),),
    colours=Colours(Colour(59, 36, 23), WHITE, Colour(242, 200, 121)),
    web_service=WebService("https://example.com/apple", "t" * 43),
    locations=(Location(latitude=52.52, longitude=13.4, relevant_text="A coffee?"),),
)
