"""What only Google can say of a set-up: is the account known, are we called, do links work."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import aiohttp

from gateway.doctor.findings import Finding, Level
from gateway.google_folder import AccountMissing, GoogleFolder
from gateway.resources import now
from gateway.services.wallets.google_cards import callback_url
from gateway.settings import Settings
from gateway.storage.server.examining import GoogleProgram
from passes.google.ids import ClassId, ObjectId
from workers.channels.base import Delivered, Temporary
from workers.channels.google.calls import Resource
from workers.channels.google.client import Found, GoogleWallet
from workers.channels.google.service_accounts import ServiceAccounts
from workers.channels.google.tokens import AccessTokens


async def ask_google(settings: Settings, programs: Sequence[GoogleProgram]) -> list[Finding]:
    """Ask Google about each issuer, class and save link that is in use; changes nothing."""
    tokens = AccessTokens(ServiceAccounts(settings.google_folder).of)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        asking = _Asking(settings, tokens, GoogleWallet(session, settings.google_url, tokens))
        findings = [
            finding
            for issuer_id in sorted({program.issuer_id for program in programs})
            async for finding in asking.about_issuer(issuer_id)
        ]
        for program in programs:
            findings += [finding async for finding in asking.about_program(program)]
        return findings


class _Asking:
    """The questions to Google, one after the other: there are not many."""

    def __init__(self, settings: Settings, tokens: AccessTokens, wallet: GoogleWallet) -> None:
        self._settings = settings
        self._tokens = tokens
        self._wallet = wallet
        self._folder = GoogleFolder(settings.google_folder)

    async def about_issuer(self, issuer_id: str) -> AsyncIterator[Finding]:
        token = await self._tokens.token(issuer_id)
        if isinstance(token, Temporary):
            yield Finding(Level.ILL, issuer_id, f"Google gives no token: {token.reason}")
        else:
            yield Finding(Level.WELL, issuer_id, "Google gives its account a token")

    async def about_program(self, program: GoogleProgram) -> AsyncIterator[Finding]:
        if program.class_id is None:
            return
        found = await self._wallet.find(
            Resource.CLASS, program.class_id, "id,reviewStatus,callbackOptions"
        )
        if not isinstance(found, Found):
            sentence = f"{program.merchant_slug}'s class cannot be read: {found.reason}"
            yield Finding(Level.ILL, program.issuer_id, sentence)
            return
        yield self._about_class(program, found)
        if program.object_id is not None:
            yield await self._about_link(program, program.class_id, program.object_id)

    def _about_class(self, program: GoogleProgram, found: Found) -> Finding:
        told = found.content.get("callbackOptions", {}).get("url")
        status = str(found.content.get("reviewStatus", "unknown")).lower()
        if told != callback_url(self._settings.public_url, program.merchant_slug):
            sentence = f"{program.merchant_slug}'s class does not call us back"
            return Finding(Level.ILL, program.issuer_id, sentence)
        sentence = f"{program.merchant_slug}'s class is {status} and calls us back"
        return Finding(Level.WELL, program.issuer_id, sentence)

    async def _about_link(self, program: GoogleProgram, class_id: str, object_id: str) -> Finding:
        try:
            signer = await asyncio.to_thread(self._folder.signer, program.issuer_id)
        except AccountMissing as missing:
            return Finding(Level.ILL, program.issuer_id, str(missing))
        token = signer.token(ObjectId.parse(object_id), ClassId.parse(class_id), now())
        outcome = await self._wallet.check_link(object_id, token)
        if isinstance(outcome, Delivered):
            sentence = f"Google takes save links of {program.merchant_slug}"
            return Finding(Level.WELL, program.issuer_id, sentence)
        sentence = f"Google takes no save link of {program.merchant_slug}: {outcome.reason}"
        return Finding(Level.ILL, program.issuer_id, sentence)
