"""The operator's chores: founding merchants, and making and revoking API keys."""

from datetime import timedelta
from typing import IO, Any

import click

from gateway.console import Failure, with_resources
from gateway.domain.business_day import BusinessClock
from gateway.domain.people import Origin, Permission, Role
from gateway.resources import Resources, new_code, new_id, new_secret, now
from gateway.services.merchants.founding import Founding, check_password, found_merchant
from gateway.services.merchants.google_issuers import Setter, set_google_issuer
from gateway.services.merchants.sms_senders import set_sms_sender
from gateway.services.people.api_keys import (
    KeyMaker,
    issue_api_key,
    read_api_key,
    revoke_api_key,
    write_api_key,
)
from gateway.storage.people.merchants import Location, Merchant
from gateway.storage.people.people import Member

ACTOR = "operator"
ORIGIN = Origin(source="command line")
LOCATION_CODE_CHARACTERS = 8
EVERYTHING = "all"


@click.group("merchant")
def merchants() -> None:
    """Merchants of this installation."""


@merchants.command("create")
@click.option("--slug", required=True, help="Its name in addresses, such as cafe-lumiere.")
@click.option("--name", required=True, help="Its name on the card.")
@click.option("--country", default="LU", show_default=True, help="Where its phone numbers are.")
@click.option("--language", default="en", show_default=True)
@click.option("--location", "place", required=True, help="The name of its first location.")
@click.option("--time-zone", default="Europe/Luxembourg", show_default=True)
@click.option("--cutoff-hour", default=4, show_default=True, help="When a business day begins.")
@click.option("--owner-name", required=True)
@click.option("--owner-mail", required=True, help="What the owner signs in with.")
@click.option("--password-file", type=click.File(), help="Instead of being asked for it.")
def create_merchant(password_file: IO[str] | None, place: str, **said: Any) -> None:  # noqa: ANN401 - click gives what its options say
    """Found a merchant with a first location and an owner who can sign in.

    \b
    passgate merchant create --slug cafe-lumiere --name "Café Lumière" --location Centre \\
        --owner-name Claire --owner-mail claire@example.com
    """  # noqa: D301 - click's mark for lines to leave alone
    password = (
        password_file.readline().rstrip("\n")
        if password_file
        else click.prompt("Password of the owner", hide_input=True, confirmation_prompt=True)
    )

    async def found(resources: Resources) -> None:
        check_password(password)
        clock = BusinessClock(time_zone=said["time_zone"], cutoff_hour=said["cutoff_hour"])
        founding = Founding(
            merchant=Merchant(
                id=new_id(),
                slug=said["slug"],
                name=said["name"],
                country=said["country"].upper(),
                language=said["language"],
            ),
            location=Location(
                id=new_id(), name=place, code=new_code(LOCATION_CODE_CHARACTERS), clock=clock
            ),
            owner=Member(
                id=new_id(),
                name=said["owner_name"],
                role=Role.OWNER,
                email=said["owner_mail"].strip().lower(),
                password_hash=await resources.hasher.hash(password),
            ),
            actor=ACTOR,
            origin=ORIGIN,
        )
        await found_merchant(resources.database, founding, new_id)
        click.echo(f"{said['name']} can sign in at {resources.settings.public_url}")

    with_resources(found)


@merchants.command("google")
@click.option("--merchant", "slug", required=True, help="Its name in addresses.")
@click.option("--issuer", "issuer_id", required=True, help="The issuer id of Google's console.")
def set_up_google(slug: str, issuer_id: str) -> None:
    """Offer a merchant's cards in Google Wallet, under an issuer.

    Its service account belongs into PASSGATE_GOOGLE_FOLDER; passgate doctor says whether it fits.

    \b
    passgate merchant google --merchant cafe-lumiere --issuer 3388000000012345678
    """  # noqa: D301 - click's mark for lines to leave alone

    async def set_up(resources: Resources) -> None:
        async with resources.database.directory() as directory:
            merchant = await directory.merchant(slug)
        setter = Setter(actor=ACTOR, origin=ORIGIN, new_id=new_id)
        async with resources.units(merchant.id) as unit:
            await set_google_issuer(unit, issuer_id, setter)
        click.echo(f"{merchant.name}'s cards go to Google Wallet under issuer {issuer_id}.")

    with_resources(set_up)


@merchants.command("sms-sender")
@click.option("--merchant", "slug", required=True, help="Its name in addresses.")
@click.option("--sender", help="Its number (+352…), or a name of at most 11 letters.")
@click.option("--none", "is_taken_away", is_flag=True, help="Take it away: it sends no texts.")
def set_up_sms(slug: str, sender: str | None, *, is_taken_away: bool) -> None:
    """Say what number or name a merchant's text messages come from.

    Make sure that it is the merchant's: nobody else can check. It is one merchant's at a time.

    \b
    passgate merchant sms-sender --merchant cafe-lumiere --sender +352621123456
    """  # noqa: D301 - click's mark for lines to leave alone
    if (sender is None) is not is_taken_away:
        raise Failure("Please give either --sender or --none.")

    async def set_up(resources: Resources) -> None:
        async with resources.database.directory() as directory:
            merchant = await directory.merchant(slug)
        setter = Setter(actor=ACTOR, origin=ORIGIN, new_id=new_id)
        async with resources.units(merchant.id) as unit:
            await set_sms_sender(unit, sender, setter)
        source = f"come from {sender}" if sender else "are not sent"
        click.echo(f"{merchant.name}'s text messages {source} from now on.")

    with_resources(set_up)


@click.group("api-key")
def api_keys() -> None:
    """Keys with which programs use the API."""


@api_keys.command("create")
@click.option("--merchant", "slug", required=True, help="Its name in addresses.")
@click.option("--name", required=True, help="What the key is for, such as `Till software`.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([*(each.value for each in Permission), EVERYTHING]),
    help="What it may do; give several.",
)
@click.option("--days", type=click.IntRange(1, 3650), help="How long it holds; for ever without.")
def create_api_key(slug: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key and print it, this once.

    \b
    passgate api-key create --merchant cafe-lumiere --name "Till software" \\
        --scope cards:read --scope stamps:write
    """  # noqa: D301 - click's mark for lines to leave alone
    allowed = frozenset(Permission if EVERYTHING in scopes else map(Permission, scopes))

    async def create(resources: Resources) -> None:
        async with resources.database.directory() as directory:
            merchant = await directory.merchant(slug)
        expires_at = now() + timedelta(days=days) if days else None
        async with resources.units(merchant.id) as unit:
            credential = await issue_api_key(unit, name, allowed, _maker(), expires_at=expires_at)
        click.echo(write_api_key(credential))

    with_resources(create)


@api_keys.command("revoke")
@click.argument("key")
def revoke_key(key: str) -> None:
    """Revoke a key, given as it was printed or without its secret last part.

    It stops within half a minute, and so do the access tokens it was exchanged for.
    """
    credential = read_api_key(key) or read_api_key(f"{key}_revoked")
    if credential is None:
        raise Failure("This does not look like an API key: pgk_<merchant>_<key>_<secret>")
    merchant_id, key_id = credential.merchant_id, credential.id

    async def revoke(resources: Resources) -> None:
        async with resources.units(merchant_id) as unit:
            held = await revoke_api_key(unit, key_id, _maker())
        click.echo("Revoked." if held else "This key does not hold; nothing was changed.")

    with_resources(revoke)


def _maker() -> KeyMaker:
    return KeyMaker(actor=ACTOR, origin=ORIGIN, new_id=new_id, new_secret=new_secret)
