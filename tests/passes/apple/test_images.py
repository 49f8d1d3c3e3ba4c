"""Images: PNG only, of the right size for their scale, and never hidden by one another."""

import pytest

from passes.apple.assets import Assets
from passes.apple.localisation import Localisation
from passes.apple.pictures.images import IMAGE_BYTES_MAX, Size, image_problems, png_size
from tests.passes.makers import make_images, make_png

PNG_END_BYTES = 12


def padded(png: bytes, size: int) -> bytes:
    return png[:-PNG_END_BYTES] + bytes(size - len(png)) + png[-PNG_END_BYTES:]


@pytest.mark.parametrize(
    ("code", "name", "data"),
    [
        ("image.unknown", "sponsor.png", make_png(10, 10)),
        ("image.unknown", "icon@4x.png", make_png(152, 152)),
        ("image.unknown", "icon.webp", make_png(38, 38)),
        ("image.not-png", "icon.png", b"RIFF....WEBP"),
        ("image.not-png", "icon.png", make_png(38, 38)[:20]),
        ("image.truncated", "icon.png", make_png(38, 38)[:-1]),
        ("image.too-large", "icon.png", padded(make_png(38, 38), IMAGE_BYTES_MAX + 1)),
        ("image.dimensions", "icon.png", make_png(40, 40)),
        ("image.dimensions", "icon@2x.png", make_png(38, 38)),
        ("image.dimensions", "logo.png", make_png(161, 50)),
        ("image.dimensions", "logo.png", make_png(160, 51)),
        ("image.dimensions", "strip@3x.png", make_png(1125, 433)),
    ],
)
def test_an_image_wallet_would_not_show_is_found(code: str, name: str, data: bytes) -> None:
    """The problem names the file; sizes are told in pixels of that scale."""
    (problem,) = image_problems({name: data})
    assert (problem.code, problem.where) == (code, name)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("icon.png", (29, 29)),
        ("icon@3x.png", (114, 114)),
        ("logo@2x.png", (12, 100)),
        ("strip@2x.png", (750, 246)),
        ("artwork@3x.png", (1074, 1344)),
        ("secondaryLogo.png", (135, 12)),
    ],
)
def test_every_size_apple_names_is_accepted(name: str, size: tuple[int, int]) -> None:
    """Icons and strips come in an old and a new size, logos in any that fits."""
    assert image_problems({name: make_png(*size)}) == []


def test_the_size_of_a_png_is_read_from_its_header() -> None:
    """No image library is needed to know how large a PNG is."""
    assert png_size(make_png(7, 9)) == Size(7, 9)
    assert png_size(b"") is None


def test_a_pass_without_an_icon_is_refused_for_each_scale() -> None:
    """An icon is the one image no pass can be without."""
    images = make_images()
    del images["icon@2x.png"]
    (problem,) = Assets.prepare(images).found
    assert (problem.code, problem.where) == ("image.icon-missing", "icon@2x.png")


@pytest.mark.parametrize(
    ("code", "localisations"),
    [
        ("localisation.language", [Localisation("german", {})]),
        ("localisation.language", [Localisation("../de", {})]),
        ("localisation.twice", [Localisation("de", {}), Localisation("de", {})]),
        ("localisation.keys-differ", [Localisation("de", {"a": "b"}), Localisation("en", {})]),
        (
            "localisation.images-differ",
            [
                Localisation("de", {}, {"secondaryLogo.png": make_png(9, 9)}),
                Localisation("en", {}),
            ],
        ),
        (
            "localisation.image-hidden",
            [Localisation("de", {}, {"logo.png": make_png(160, 50)})],
        ),
        ("image.dimensions", [Localisation("de", {}, {"secondaryLogo.png": make_png(9, 99)})]),
        ("text.unencodable", [Localisation("de", {"a": "\ud83d"})]),
        ("text.unencodable", [Localisation("de", {"\ud83d": "a"})]),
    ],
)
def test_translations_that_do_not_fit_together_are_found(
    code: str, localisations: list[Localisation]
) -> None:
    """Languages have the same keys and images, and none hides behind the general one."""
    (problem,) = Assets.prepare(make_images(), localisations).found
    assert problem.code == code
