"""What the doctor looks at for Google Wallet: the service accounts in their folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from gateway.doctor.findings import Finding, Level
from gateway.google_folder import AccountMissing, GoogleFolder
from gateway.presenters.google_button import WORDS_ON_BUTTON
from gateway.settings import Settings
from gateway.storage.server.examining import GoogleProgram
from passes.google.ids import is_issuer_id

GOOGLE = "google"


def examine_google(settings: Settings, programs: Sequence[GoogleProgram]) -> Iterator[Finding]:
    """Look at each issuer's service account, as far as one can without asking Google."""
    if settings.google_folder is None:
        level = Level.ILL if programs else Level.SOON
        yield Finding(level, GOOGLE, "PASSGATE_GOOGLE_FOLDER is not set: no Google Wallet")
        return
    folder = GoogleFolder(settings.google_folder)
    used = {program.issuer_id for program in programs}
    for issuer_id in sorted({*used, *_names(settings.google_folder)}):
        yield from _about_issuer(folder, issuer_id, is_used=issuer_id in used)
    if not any(folder.has_button(language) for language in WORDS_ON_BUTTON):
        # Google lets nobody go live with a button of their own.
        level = Level.SOON if settings.is_production else Level.WELL
        yield Finding(level, GOOGLE, "buttons/en.svg is missing: cards have a plain button")


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.is_dir() and is_issuer_id(each.name)]


def _about_issuer(folder: GoogleFolder, issuer_id: str, *, is_used: bool) -> Iterator[Finding]:
    try:
        signer = folder.signer(issuer_id)
    except AccountMissing as missing:
        yield Finding(Level.ILL, issuer_id, str(missing))
        return
    yield Finding(Level.WELL, issuer_id, f"signs as {signer.email}")
    if not is_used:
        yield Finding(Level.SOON, issuer_id, "no merchant uses it: passgate merchant google")
