"""What can be wrong with barcodes: a message the format cannot carry, no code for older phones."""

import re
from collections.abc import Iterator, Mapping, Sequence

from passes.apple.barcodes import IOS_27_FORMATS, Barcode, BarcodeFormat
from passes.errors import Problem

# Character sets of ISO/IEC 15417 (Code 128), 16388 (Code 39), 16390 (I2of5), EN 798 (Codabar).
_MESSAGES: Mapping[BarcodeFormat, re.Pattern[str]] = {
    BarcodeFormat.CODE128: re.compile(r"[\x00-\x7f]+"),
    BarcodeFormat.CODE39: re.compile(r"[0-9A-Z .$/+%-]+"),
    BarcodeFormat.CODABAR: re.compile(r"[A-D]?[0-9$:/.+-]+[A-D]?"),
    BarcodeFormat.EAN13: re.compile(r"[0-9]{13}"),
    BarcodeFormat.INTERLEAVED_2_OF_5: re.compile(r"([0-9]{2})+"),
}


def barcode_problems(barcodes: Sequence[Barcode]) -> Iterator[Problem]:
    """Find barcodes a phone would leave out, and a list no older phone can show any of."""
    for index, barcode in enumerate(barcodes):
        where = f"barcodes[{index}].message"
        if not barcode.message:
            yield Problem("text.empty", where, "A barcode needs a message.")
        elif not _carries(barcode.format, barcode.message):
            sentence = f"A {barcode.format.name} barcode cannot carry this message."
            yield Problem("barcode.message", where, sentence)
    if barcodes and barcodes[-1].format in IOS_27_FORMATS:
        sentence = "Phones before iOS 27 need a QR, PDF417, Aztec or Code 128 barcode at the end."
        yield Problem("barcode.fallback-missing", "barcodes", sentence)


def _carries(barcode_format: BarcodeFormat, message: str) -> bool:
    pattern = _MESSAGES.get(barcode_format)
    if pattern is None:
        return True
    if not pattern.fullmatch(message):
        return False
    return barcode_format is not BarcodeFormat.EAN13 or _has_ean_check_digit(message)


def _has_ean_check_digit(digits: str) -> bool:
    """Weigh digits by one and three in turn; the sum ends in zero (GS1 General Specifications)."""
    weighted = (int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits))
    return sum(weighted) % 10 == 0
