"""What the doctor looks at for Apple Wallet: the certificates in their folder."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gateway.apple_folder import AppleFolder, SignerMissing
from gateway.doctor.findings import Finding, Level
from gateway.settings import Settings
from gateway.storage.people.merchants import PassType
from passes.apple.signing.signer import Signer
from passes.errors import UnusableSigner

APPLE = "Apple Inc."


def examine_apple(
    settings: Settings, pass_types: tuple[PassType, ...], now: datetime
) -> Iterator[Finding]:
    """Look at each pass type's certificate: whose it is, and how long it holds."""
    folder = settings.apple_folder
    if folder is None:
        level = Level.ILL if pass_types else Level.SOON
        yield Finding(level, "apple", "PASSGATE_APPLE_FOLDER is not set: no Apple Wallet")
        return
    merchants_own = {pass_type.identifier: pass_type for pass_type in pass_types}
    signers = AppleFolder(folder)
    for identifier in sorted({*merchants_own, *_names(folder)}):
        own = merchants_own.get(identifier)
        yield from _about_pass_type(signers, identifier, own, settings, now)


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.is_dir()]


def _about_pass_type(
    signers: AppleFolder,
    identifier: str,
    own: PassType | None,
    settings: Settings,
    now: datetime,
) -> Iterator[Finding]:
    try:
        signer = signers.signer(identifier)
    except SignerMissing:
        yield Finding(Level.ILL, identifier, "a merchant uses it, and there is no certificate")
        return
    except UnusableSigner as unusable:
        yield Finding(Level.ILL, identifier, str(unusable))
        return
    issuer = signer.intermediate.subject.rfc4514_string()
    if settings.is_production and APPLE not in issuer:
        yield Finding(Level.ILL, identifier, f"no phone trusts its issuer, {issuer}")
    yield from _about_owner(signer, identifier, own)
    yield from _about_life(signer, identifier, now)


def _about_owner(signer: Signer, identifier: str, own: PassType | None) -> Iterator[Finding]:
    if signer.pass_type_identifier != identifier:
        sentence = f"holds the certificate of {signer.pass_type_identifier}"
        yield Finding(Level.ILL, identifier, sentence)
    if own is None:
        yield Finding(Level.SOON, identifier, "no merchant uses it")
    elif own.team_identifier != signer.team_identifier:
        sentence = f"belongs to team {signer.team_identifier}, not {own.team_identifier}"
        yield Finding(Level.ILL, identifier, sentence)


def _about_life(signer: Signer, identifier: str, now: datetime) -> Iterator[Finding]:
    for warning in signer.expiry_warnings(now):
        level = Level.SOON if warning.days_left >= 0 else Level.ILL
        yield Finding(level, identifier, warning.sentence)
    if signer.not_after > now:
        sentence = f"team {signer.team_identifier}, good until {signer.not_after:%Y-%m-%d}"
        yield Finding(Level.WELL, identifier, sentence)
