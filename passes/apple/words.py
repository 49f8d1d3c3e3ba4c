"""Identifiers that appear both in a pass and in the URLs a phone asks for."""

import re

PASS_TYPE_CHARACTERS_MAX = 155
SERIAL_CHARACTERS_MAX = 64

# Phones encode a path component twice, so that "%", space and "/" never arrive as they left.
_SERIAL = re.compile(rf"[A-Za-z0-9._~-]{{1,{SERIAL_CHARACTERS_MAX}}}")
_PASS_TYPE = re.compile(r"pass\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_DEVICE = re.compile(r"[A-Za-z0-9._~-]{1,128}")


def is_serial(text: str) -> bool:
    """Say whether a serial number survives a phone's URLs."""
    return _SERIAL.fullmatch(text) is not None and text not in {".", ".."}


def is_pass_type(text: str) -> bool:
    """Say whether this is a pass type identifier: ``pass.`` and a reverse domain name."""
    return len(text) <= PASS_TYPE_CHARACTERS_MAX and _PASS_TYPE.fullmatch(text) is not None


def is_device_library_identifier(text: str) -> bool:
    """Say whether this can be the identifier a phone made up for itself."""
    return _DEVICE.fullmatch(text) is not None
