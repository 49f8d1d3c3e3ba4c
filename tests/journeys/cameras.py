"""A camera for Chromium: a film in which somebody holds a code before the till."""

import io
from pathlib import Path

import segno
from PIL import Image

WIDTH, HEIGHT = 1280, 720
CODE_PIXELS = 340
FRAMES = 24
COUNTER = (94, 84, 72)
# A hand is never quite still.
TREMBLE_PIXELS = 3


def film_code(text: str, path: Path) -> Path:
    """Write a film (motion JPEG, which Chromium plays in a loop) of a phone with this code."""
    code = _code(text)
    frames = (_frame(code, number) for number in range(FRAMES))
    path.write_bytes(b"".join(frames))
    return path


def picture_code(text: str, path: Path) -> Path:
    """Write a photo of a phone with this code."""
    path.write_bytes(_frame(_code(text), 0))
    return path


def _code(text: str) -> Image.Image:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=10, border=4)
    picture = Image.open(drawn).convert("RGB")
    return picture.resize((CODE_PIXELS, CODE_PIXELS), Image.Resampling.LANCZOS)


def _frame(code: Image.Image, number: int) -> bytes:
    frame = Image.new("RGB", (WIDTH, HEIGHT), COUNTER)
    shift = (number % TREMBLE_PIXELS) - 1
    place = ((WIDTH - CODE_PIXELS) // 2 + shift, (HEIGHT - CODE_PIXELS) // 2 - shift)
    frame.paste(code.rotate(4, fillcolor=COUNTER, resample=Image.Resampling.BICUBIC), place)
    written = io.BytesIO()
    frame.save(written, "JPEG", quality=85)
    return written.getvalue()
