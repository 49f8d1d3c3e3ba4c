"""From a pass, its assets and a signer to the bytes of a `.pkpass`.

Source: https://developer.apple.com/documentation/walletpasses/building-a-pass
"""

from collections.abc import Mapping
from datetime import datetime

from passes.apple.archive import archive, lay_out
from passes.apple.assets import PASS_FILE, Assets
from passes.apple.card import Pass
from passes.apple.checks.validation import problems
from passes.apple.pass_json import pass_json
from passes.apple.signing.signer import Signer
from passes.errors import InvalidPass, Problem

BUNDLE_PASSES_MAX = 10
BUNDLE_BYTES_MAX = 150_000_000


def build(
    content: Pass,
    assets: Assets,
    signer: Signer,
    *,
    signed_at: datetime,
    allow_insecure_loopback: bool = False,
) -> bytes:
    """Check, sign and pack a pass.

    The same pass and assets give the same pass.json and manifest.json. `signed_at` goes into
    the signature and must be the present: a phone compares it with the certificate's life.
    `allow_insecure_loopback` lets the web service be http on this machine, for a sandbox.
    Raises InvalidPass with everything a wallet would refuse or drop.
    """
    return b"".join(
        build_parts(
            content,
            assets,
            signer,
            signed_at=signed_at,
            allow_insecure_loopback=allow_insecure_loopback,
        )
    )


def build_parts(
    content: Pass,
    assets: Assets,
    signer: Signer,
    *,
    signed_at: datetime,
    allow_insecure_loopback: bool = False,
) -> tuple[bytes, bytes]:
    """Do as `build` does, but hand the archive over in two parts to be written in turn.

    The first part is the assets' own memory, so that a pass of half a megabyte is not copied.
    """
    found = problems(
        content,
        assets,
        signer,
        signed_at=signed_at,
        allow_insecure_loopback=allow_insecure_loopback,
    )
    if found:
        raise InvalidPass(found)
    pass_file = pass_json(content)
    manifest = assets.manifest(pass_file)
    signature = signer.sign(manifest, signed_at)
    own_files = {PASS_FILE: pass_file, "manifest.json": manifest, "signature": signature}
    return archive(assets.stored, own_files)


def build_bundle(passes: Mapping[str, bytes]) -> bytes:
    """Pack built passes by file name (``card.pkpass``) into one `.pkpasses`.

    Raises InvalidPass when there are none, more than 10, or more than 150 MB.
    Source: https://developer.apple.com/documentation/walletpasses/distributing-and-updating-a-pass
    """
    found = []
    if not 1 <= len(passes) <= BUNDLE_PASSES_MAX:
        sentence = f"A bundle holds 1 to {BUNDLE_PASSES_MAX} passes, not {len(passes)}."
        found.append(Problem("bundle.count", "pkpasses", sentence))
    if sum(map(len, passes.values())) > BUNDLE_BYTES_MAX:
        sentence = f"A bundle has at most {BUNDLE_BYTES_MAX} bytes."
        found.append(Problem("bundle.too-large", "pkpasses", sentence))
    if found:
        raise InvalidPass(found)
    return b"".join(archive(lay_out({}), passes))
