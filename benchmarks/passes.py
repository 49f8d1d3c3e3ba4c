"""What a pass costs: checked, signed and packed on one core, beside openssl's RSA alone.

Once with half a megabyte of images and once with the icon alone, which a wallet demands.
"""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import py_pkpass.models as peer
from PIL import Image

from benchmarks.tools import output_of
from benchmarks.turns import Figures, take_turns
from gateway.apple_folder import AppleFolder
from passes.apple.assets import Assets
from passes.apple.bundle import build_parts
from passes.apple.card import Pass, StoreCard, WebService
from passes.apple.fields import Field
from passes.apple.pictures.images import ICON, SCALES, STRIP, Size, file_name
from passes.apple.signing.signer import Signer
from sandbox.certificates import TEAM_IDENTIFIER, DevelopmentChain, write_development_chain

PASS_TYPE = "pass.com.example.bench"  # noqa: S105 -- a name, not a password
TURNS = 5
SECONDS = 0.5
NOISE_ROWS_SHARE = 0.21
"""How much of the strip is noise, so that all images together are half a megabyte."""

ICON_ALONE = {"icon": ICON}
ICON_AND_STRIP = {"icon": ICON, "strip": STRIP}


async def measure() -> Figures:
    """Return passes and RSA signatures per second on one core, and their ratio."""
    with tempfile.TemporaryDirectory(prefix="passgate-bench-") as folder:
        chain = write_development_chain(Path(folder), [PASS_TYPE], datetime.now(UTC))
        signer = AppleFolder(chain.folder).signer(PASS_TYPE)
        heavy, lean = _images(ICON_AND_STRIP), _images(ICON_ALONE)

        async def ours(images: dict[str, bytes]) -> float:
            return _per_second(_builder(Assets.prepare(images), signer))

        async def py_pkpass() -> float:
            return _per_second(lambda _: _build_with_py_pkpass(chain, heavy))

        rates = await take_turns(
            {
                "openssl": _rsa_per_second,
                "heavy": lambda: ours(heavy),
                "lean": lambda: ours(lean),
                "py_pkpass": py_pkpass,
            },
            TURNS,
        )
    return {
        "image_kilobytes": round(sum(map(len, heavy.values())) / 1_000),
        "openssl_rsa_2048_per_second": rates.median("openssl"),
        "passes_500_kb_per_second": rates.median("heavy"),
        "passes_icon_alone_per_second": rates.median("lean"),
        "py_pkpass_500_kb_per_second": rates.median("py_pkpass"),
        "ratio_500_kb_to_rsa_2048": rates.ratio("heavy", "openssl"),
        "ratio_icon_alone_to_rsa_2048": rates.ratio("lean", "openssl"),
        "ratio_py_pkpass_to_rsa_2048": rates.ratio("py_pkpass", "openssl"),
    }


def _per_second(build: Callable[[int], object]) -> float:
    """Build a different pass each time, in one thread.

    Counts seconds of the processor, as openssl does, so that other load changes little.
    """
    count, started = 0, time.process_time()
    while (elapsed := time.process_time() - started) < SECONDS:
        build(count)
        count += 1
    return count / elapsed


def _builder(assets: Assets, signer: Signer) -> Callable[[int], object]:
    signed_at = datetime.now(UTC)
    return lambda number: build_parts(_pass(number), assets, signer, signed_at=signed_at)


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


def _build_with_py_pkpass(chain: DevelopmentChain, images: dict[str, bytes]) -> None:
    card = peer.StoreCard()
    card.addHeaderField("stamps", "7/10", "STAMPS")
    built = peer.Pass(
        card,
        passTypeIdentifier=PASS_TYPE,
        organizationName="Here",
        teamIdentifier=TEAM_IDENTIFIER,
    )
    built.serialNumber, built.description = "card", "Stamp card"
    for name, image in images.items():
        built.addFile(name, BytesIO(image))
    certificate, key = chain.pass_certificate(PASS_TYPE), chain.pass_key(PASS_TYPE)
    built.create(str(certificate), str(key), str(chain.intermediate), "")


def _images(sizes: dict[str, Size]) -> dict[str, bytes]:
    lots = random.Random(1)
    return {
        file_name(name, scale): _png(size.times(scale), lots)
        for name, size in sizes.items()
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
