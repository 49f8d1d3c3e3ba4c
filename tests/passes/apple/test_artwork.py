"""Default images: of the right sizes, the same each time, and telling the state of a card."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from passes.apple.assets import Assets
from passes.apple.colours import BLACK, WHITE, Colour
from passes.apple.pictures.artwork import Brand, default_images, poster_images
from passes.apple.pictures.images import STRIP
from passes.apple.pictures.stamp_strip import STAMPS_MAX, stamp_layout, stamp_strip
from passes.apple.pictures.symbols import Symbol, initial, initial_mask, symbol_mask

SUN = Brand("Café Sonne", Colour(59, 36, 23), Colour(242, 200, 121))
COLOURS = st.builds(Colour, *(st.integers(0, 255),) * 3)


def pixels(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def test_a_merchant_without_artwork_gets_a_whole_set() -> None:
    """The drawn images pass the checks that a merchant's own would have to pass."""
    images = {**default_images(SUN), **poster_images(SUN)}
    assert Assets.prepare(images).found == ()
    assert len(images) == 3 * 5


def test_drawing_again_gives_the_same_bytes() -> None:
    """Otherwise each start of the service would look like an update of every pass."""
    assert default_images(SUN) == default_images(SUN)
    assert poster_images(SUN) == poster_images(SUN)
    assert stamp_strip(SUN, 3, 10, Symbol.CUP) == stamp_strip(SUN, 3, 10, Symbol.CUP)


def test_each_stamp_changes_the_strip() -> None:
    """From an empty card to a full one, no two look alike."""
    strips = [stamp_strip(SUN, filled, 5, Symbol.STAR)["strip.png"] for filled in range(6)]
    assert len(set(strips)) == 6


def test_the_stamps_shown_filled_are_those_that_are() -> None:
    """Looked at beside its symbol, a filled stamp has the ink and an empty one has not."""
    strip = pixels(stamp_strip(SUN, 3, 5, Symbol.TICK)["strip@3x.png"])
    layout = stamp_layout(5)
    seen = []
    for index in range(5):
        x, y = layout.centre(index, 5)
        beside = (round(3 * (x - layout.diameter * 0.39)), round(3 * y))
        seen.append(strip.getpixel(beside) == SUN.ink.channels)
    assert seen == [True, True, True, False, False]


@pytest.mark.parametrize("target", range(1, STAMPS_MAX + 1))
def test_every_number_of_stamps_fits_on_the_strip(target: int) -> None:
    """No stamp touches the edge or its neighbour, and none is too small to see."""
    layout = stamp_layout(target)
    centres = [layout.centre(index, target) for index in range(target)]
    radius = layout.diameter / 2
    assert layout.diameter >= 24
    for x, y in centres:
        assert radius < x < STRIP.width - radius
        assert radius < y < STRIP.height - radius
    assert len(set(centres)) == target


@pytest.mark.parametrize(("filled", "target"), [(0, 0), (0, 31), (6, 5), (-1, 5)])
def test_impossible_cards_are_our_own_mistake(filled: int, target: int) -> None:
    """The caller asserts its numbers before it asks for a picture."""
    with pytest.raises(AssertionError):
        stamp_strip(SUN, filled, target, Symbol.TICK)


@pytest.mark.parametrize("symbol", Symbol)
def test_each_symbol_is_drawn_within_its_square(symbol: Symbol) -> None:
    """Something is drawn, and nothing touches the edge where turning would cut it."""
    mask = symbol_mask(symbol, 200)
    box = mask.getbbox()
    assert box is not None
    assert min(box[0], box[1], 200 - box[2], 200 - box[3]) >= 5


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Café Sonne", "C"),
        ("«élan»", "E"),
        ("Ørsted", "O"),
        ("łódź", "L"),
        ("7 Sins", "7"),
        ("日本", None),
        ("кофе", None),
        ("!!", None),
        ("", None),
    ],
)
def test_the_initial_is_a_letter_we_can_draw(name: str, letter: str | None) -> None:
    """Accents are left off; other scripts get a star, for Wallet writes the name itself."""
    assert initial(name) == letter
    assert initial_mask(name, 100).getbbox() is not None


def test_the_initial_stands_in_the_middle() -> None:
    """Centred by what is seen of it, even for letters that hang below the line."""
    for name in ("C", "Q", "J"):
        box = initial_mask(name, 300).getbbox()
        assert box is not None
        assert abs((box[0] + box[2]) / 2 - 150) <= 4
        assert abs((box[1] + box[3]) / 2 - 150) <= 4


@given(COLOURS, COLOURS)
def test_what_is_drawn_can_be_seen(background: Colour, accent: Colour) -> None:
    """An accent too near to the background gives way to black or white."""
    brand = Brand("x", background, accent)
    assert brand.ink.contrast(background) >= 2.5


@given(COLOURS)
def test_a_colour_is_read_as_it_is_written(colour: Colour) -> None:
    """In Apple's form and in that of colour pickers."""
    red, green, blue = colour.channels
    assert Colour.parse(str(colour)) == colour
    assert Colour.parse(f" #{red:02x}{green:02X}{blue:02x} ") == colour


def test_short_colours_are_read_and_others_are_not() -> None:
    """Apple's own code reads #RGB too; names and missing channels are no colours."""
    assert Colour.parse("#fa0") == Colour(255, 170, 0)
    for text in ("red", "rgb(1, 2)", "rgb(256, 0, 0)", "#12345", ""):
        with pytest.raises(ValueError, match=r"colour|channel"):
            Colour.parse(text)


def test_contrast_is_that_of_the_accessibility_guidelines() -> None:
    """Black on white has 21 to 1, and text is chosen by it."""
    assert round(BLACK.contrast(WHITE), 2) == 21
    assert round(Colour(119, 119, 119).contrast(WHITE), 2) == 4.48
    assert Colour(255, 255, 0).readable_text() == BLACK
    assert Colour(0, 0, 128).readable_text() == WHITE
