"""Serves the sandbox: the stand-ins, and the pages with the phones they reach."""

import asyncio
from pathlib import Path
from typing import cast

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from sandbox.apns.stand_in import ApnsStandIn, StandInIdentity
from sandbox.app import SandboxConfig, create_sandbox
from sandbox.certificates import APNS_KEY_ID, TEAM_IDENTIFIER, DevelopmentChain
from sandbox.google.stand_in import GoogleStandIn
from sandbox.installation import DEMO_PASS_TYPE, Ports, open_secrets
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.pages import add_mail
from sandbox.mail.stand_in import MailStandIn
from sandbox.ports import HOST
from sandbox.sms.accounts import accounts_of
from sandbox.sms.pages import add_sms
from sandbox.sms.stand_in import SmsStandIn

SHUTDOWN_SECONDS_MAX = 3.0


async def serve_sandbox(folder: Path, ports: Ports, public_url: str, stop: asyncio.Event) -> None:
    """Serve until `stop`; `folder` holds the development certificates and keeps the phones."""
    chain = DevelopmentChain(folder / "certificates")
    config = SandboxConfig(
        public_url=public_url,
        data_directory=folder / "sandbox",
        roots=[load_pem_x509_certificate(chain.root.read_bytes())],
    )
    google = GoogleStandIn(
        folder / "google", folder / "sandbox" / "google", host=HOST, port=ports.google
    )
    mail = MailStandIn(Mailbox(folder / "sandbox" / "mail"), host=HOST, port=ports.mail)
    accounts = accounts_of(open_secrets(folder).secret_key)
    sms = SmsStandIn(accounts, public_url, host=HOST, port=ports.sms)
    async with _apns(chain, ports.apns) as apns, google, mail, sms:
        app = create_sandbox(config, apns, google)
        add_mail(app, mail, public_url)
        add_sms(app, sms)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS_MAX)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, ports.sandbox).start()
            await stop.wait()
        finally:
            await runner.cleanup()


def _apns(chain: DevelopmentChain, port: int) -> ApnsStandIn:
    """Make the stand-in that knows our pass type, certificates and token key."""
    identity = StandInIdentity(
        chain.server_certificate, chain.server_key, (chain.root, chain.intermediate)
    )
    public = load_pem_private_key(chain.apns_key.read_bytes(), None).public_key()
    keys = {(TEAM_IDENTIFIER, APNS_KEY_ID): cast("EllipticCurvePublicKey", public)}
    return ApnsStandIn(identity, {DEMO_PASS_TYPE}, keys, host=HOST, port=port)
