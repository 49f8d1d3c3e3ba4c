"""The images of cards, drawn once for each design and number of stamps, and kept."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from gateway.domain.programs import Look
from gateway.domain.progress import Progress
from gateway.presenters.card_face import plain
from passes.apple.assets import Assets
from passes.apple.colours import Colour
from passes.apple.pictures.artwork import Brand, default_images, poster_images
from passes.apple.pictures.stamp_strip import STAMPS_MAX, stamp_strip
from passes.apple.pictures.symbols import Symbol
from passes.google.logo import draw_logo

CARDS_MAX = 200
"""Designs with a number of stamps; each is 0.2 MB."""
BRANDS_MAX = 50

Key = TypeVar("Key", bound=Hashable)
Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class _Design:
    brand: Brand
    filled: int
    target: int


class Artwork:
    """Prepared images by design; safe to share among threads, and called from them: it draws."""

    def __init__(self, cards_max: int = CARDS_MAX) -> None:
        """Keep at most so many cards, the least used forgotten first."""
        self._cards: _Kept[_Design, Assets] = _Kept(cards_max)
        self._brands: _Kept[Brand, dict[str, bytes]] = _Kept(BRANDS_MAX)
        self._google_logos: _Kept[Brand, bytes] = _Kept(BRANDS_MAX)

    def of(self, merchant_name: str, look: Look, progress: Progress) -> Assets:
        """Return the images of a card with so many stamps; only the first time costs 0.2 s.

        A card of more stamps than a strip can show, and one that counts something else, has the
        strip without them, and says the number above it.
        """
        design = _Design(_brand(merchant_name, look), 0, 0)
        if progress.has_places and progress.target and progress.target <= STAMPS_MAX:
            design = replace(design, filled=progress.count, target=progress.target)
        return self._cards.of(design, self._draw)

    def google_logo(self, merchant_name: str, look: Look) -> bytes:
        """Return the PNG that Google shows beside a card's name; only the first time costs."""
        return self._google_logos.of(_brand(merchant_name, look), draw_logo)

    def _draw(self, design: _Design) -> Assets:
        images = self._brands.of(design.brand, _draw_brand)
        if not design.target:
            return Assets.prepare(images)
        strip = stamp_strip(design.brand, design.filled, design.target, Symbol.STAR)
        return Assets.prepare(images | strip)


class _Kept(Generic[Key, Drawn]):
    """What was drawn, by key; two that want the same at once draw it once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Drawn] = OrderedDict()
        self._keeping = threading.Lock()
        self._drawing = threading.Lock()

    def of(self, key: Key, draw: Callable[[Key], Drawn]) -> Drawn:
        if (kept := self._find(key)) is not None:
            return kept
        # Only who needs something drawn waits for a drawing, and may find it done by then.
        with self._drawing:
            if (kept := self._find(key)) is not None:
                return kept
            drawn = draw(key)
            with self._keeping:
                self._kept[key] = drawn
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return drawn

    def _find(self, key: Key) -> Drawn | None:
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def _brand(merchant_name: str, look: Look) -> Brand:
    return Brand(plain(merchant_name), Colour.parse(look.background), Colour.parse(look.label))


def _draw_brand(brand: Brand) -> dict[str, bytes]:
    return default_images(brand) | poster_images(brand)
