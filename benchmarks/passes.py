"""What a pass costs: built and signed with half a megabyte of images, beside openssl's RSA alone.

Run as `python -m benchmarks.passes`; needs `openssl`.
"""

import asyncio
import random
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from benchmarks.tools import output_of
from benchmarks.turns import Figures, take_turns
from gateway.apple_folder import AppleFolder
from passes.apple.assets import Assets
from passes.apple.bundle import build_parts
from passes.apple.card import Pass, StoreCard, WebService
from passes.apple.fields import Field
from passes.apple.images import ICON, SCALES, STRIP, Size, file_name
from passes.apple.signer import Signer
from sandbox.certificates import TEAM_IDENTIFIER, write_development_chain

PASS_TYPE = "pass.com.example.bench"  # noqa: S105 -- a name, not a password
TURNS = 5
SECONDS = 1.0
NOISE_ROWS_SHARE = 0.21
"""How much of the strip is noise, so that all images together are half a megabyte."""


async def measure() -> Figures:
    """Return passes and RSA signatures per second on one core, and their ratio."""
    with tempfile.TemporaryDirectory(prefix="passgate-bench-") as folder:
        chain = write_development_chain(Path(folder), [PASS_TYPE], datetime.now(UTC))
        signer = AppleFolder(chain.folder).signer(PASS_TYPE)
    images = _images()
    assets = Assets.prepare(images)

    async def ours() -> float:
        return _passes_per_second(assets, signer)

    rates = await take_turns({"passes": ours, "openssl": _rsa_per_second}, TURNS)
    return {
        "image_kilobytes": round(sum(map(len, images.values())) / 1_000),
        "passes_per_second": rates.median("passes"),
        "openssl_rsa_2048_per_second": rates.median("openssl"),
        "ratio_500_kb_to_rsa_2048": rates.ratio("passes", "openssl"),
    }


def _passes_per_second(assets: Assets, signer: Signer) -> float:
    """Build a different pass each time, in one thread.

    Counts seconds of the processor, as openssl does, so that other load changes little.
    """
    signed_at, count, started = datetime.now(UTC), 0, time.process_time()
    while (elapsed := time.process_time() - started) < SECONDS:
        build_parts(_pass(count), assets, signer, signed_at=signed_at)
        count += 1
    return count / elapsed


async def _rsa_per_second() -> float:
    """Ask openssl how often one core signs with a key of the same size."""
    said = await output_of("openssl", "speed", "-seconds", "1", "-mr", "rsa2048")
    line = next(line for line in said.splitlines() if line.startswith("+F2:"))
    # +F2:<which>:<bits>:<signatures per second>:<verifications per second>
    return float(line.split(":")[3])


def _pass(number: int) -> Pass:
    stamps = Field("stamps", f"{number % 10}/10", label="STAMPS", change_message="%@")
    reward = Field("reward", "One free coffee", label="REWARD")
    return Pass(
        pass_type_identifier=PASS_TYPE,
        team_identifier=TEAM_IDENTIFIER,
        serial_number=f"card{number}",
        organization_name="Here",
        description="Stamp card",
        store_card=StoreCard(header=(stamps,), secondary=(reward,)),
        web_service=WebService("https://cards.example.com/apple", "t" * 43),
    )


def _images() -> dict[str, bytes]:
    lots = random.Random(1)
    return {
        file_name(name, scale): _png(size.times(scale), lots)
        for name, size in (("icon", ICON), ("strip", STRIP))
        for scale in SCALES
    }


def _png(size: Size, lots: random.Random) -> bytes:
    """Draw what PNG cannot shrink into the upper part, and nothing below."""
    image, noisy = Image.new("RGB", (size.width, size.height)), int(size.height * NOISE_ROWS_SHARE)
    noise = lots.randbytes(size.width * noisy * 3)
    image.paste(Image.frombytes("RGB", (size.width, noisy), noise), (0, 0))
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


if __name__ == "__main__":
    for name, figure in asyncio.run(measure()).items():
        print(f"{name:30} {figure}")
