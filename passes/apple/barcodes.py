"""Barcodes: the eight formats Wallet draws, and how their message is encoded.

Source: https://developer.apple.com/documentation/walletpasses/pass/barcodes-data.dictionary
"""

from dataclasses import dataclass
from enum import StrEnum


class BarcodeFormat(StrEnum):
    """Apple's names; the last four need iOS 27 and are skipped by older phones."""

    QR = "PKBarcodeFormatQR"
    PDF417 = "PKBarcodeFormatPDF417"
    AZTEC = "PKBarcodeFormatAztec"
    CODE128 = "PKBarcodeFormatCode128"
    CODE39 = "PKBarcodeFormatCode39"
    CODABAR = "PKBarcodeFormatCodabar"
    EAN13 = "PKBarcodeFormatEAN13"
    INTERLEAVED_2_OF_5 = "PKBarcodeFormatI2of5"


IOS_27_FORMATS = frozenset(
    {
        BarcodeFormat.CODE39,
        BarcodeFormat.CODABAR,
        BarcodeFormat.EAN13,
        BarcodeFormat.INTERLEAVED_2_OF_5,
    }
)


@dataclass(frozen=True, slots=True)
class Barcode:
    """What the scanner reads, and the text a person can read aloud when it does not."""

    message: str
    format: BarcodeFormat = BarcodeFormat.QR
    alt_text: str | None = None

    @property
    def message_encoding(self) -> str:
        """ISO-8859-1 where it can carry the message, because scanners are poor at Unicode."""
        try:
            self.message.encode("iso-8859-1")
        except UnicodeEncodeError:
            return "utf-8"
        return "iso-8859-1"
