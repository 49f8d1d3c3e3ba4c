"""Everything a wallet would refuse, drop or stay silent about, found before signing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from passes.apple.assets import Assets
from passes.apple.card import Pass, PosterGeneric, StoreCard
from passes.apple.checks.barcode_rules import barcode_problems
from passes.apple.checks.content_rules import (
    action_problems,
    colour_problems,
    extra_problems,
    identity_problems,
    relevance_problems,
    service_problems,
)
from passes.apple.checks.field_rules import (
    FieldGroup,
    count_problems,
    field_problems,
    zone_problems,
)
from passes.apple.pass_json import document
from passes.apple.pictures.images import SCALES, file_name
from passes.apple.signing.signer import Signer
from passes.encoding import is_encodable
from passes.errors import Problem

HEADER_FIELDS_MAX = 3
PRIMARY_FIELDS_MAX = 1
SECONDARY_AND_AUXILIARY_FIELDS_MAX = 4
POSTER_HEADER_FIELDS_MAX = 1
POSTER_PRIMARY_FIELDS_MAX = 4
POSTER_FOOTER_FIELDS_MAX = 2


def problems(
    content: Pass,
    assets: Assets,
    signer: Signer,
    *,
    signed_at: datetime,
    allow_insecure_loopback: bool = False,
) -> tuple[Problem, ...]:
    """Find everything wrong with a pass, its assets and the signer chosen for it."""
    return (
        *content_problems(content, allow_insecure_loopback=allow_insecure_loopback),
        *assets.found,
        *_poster_image_problems(content, assets),
        *signer_problems(content, signer, signed_at),
    )


def content_problems(content: Pass, *, allow_insecure_loopback: bool = False) -> list[Problem]:
    """Find everything wrong with what a pass says, before there are images or certificates.

    A web service over http passes only with `allow_insecure_loopback`, and only on this machine.
    """
    service = content.web_service
    found = [
        *identity_problems(content),
        *_store_card_problems(content.store_card),
        *(_poster_problems(content.poster) if content.poster else ()),
        *barcode_problems(content.barcodes),
        *service_problems(service, allow_insecure_loopback=allow_insecure_loopback),
        *relevance_problems(content),
        *action_problems(content),
        *colour_problems(content),
        *extra_problems(content),
        *(zone_problems(content.expires_at, "expirationDate") if content.expires_at else ()),
    ]
    # Only a pass sound in all else can be written down and read through for its letters.
    return found or list(_text_problems(document(content)))


def signer_problems(content: Pass, signer: Signer, signed_at: datetime) -> Iterator[Problem]:
    """Find a certificate that is another's, or that does not live at the time of signing."""
    if signer.pass_type_identifier != content.pass_type_identifier:
        sentence = (
            f"The certificate is for {signer.pass_type_identifier!r}, "
            f"the pass is of type {content.pass_type_identifier!r}."
        )
        yield Problem("certificate.pass-type", "passTypeIdentifier", sentence)
    if signer.team_identifier != content.team_identifier:
        sentence = (
            f"The certificate is of team {signer.team_identifier!r}, "
            f"the pass names team {content.team_identifier!r}."
        )
        yield Problem("certificate.team", "teamIdentifier", sentence)
    if signed_at < signer.not_before:
        sentence = f"The certificate is valid from {signer.not_before:%Y-%m-%d %H:%M} UTC on."
        yield Problem("certificate.not-yet-valid", "certificate", sentence)
    if signed_at >= signer.not_after:
        sentence = (
            f"The certificate or its intermediate ended on {signer.not_after:%Y-%m-%d %H:%M} UTC."
        )
        yield Problem("certificate.expired", "certificate", sentence)


def _store_card_problems(card: StoreCard) -> Iterator[Problem]:
    group, path = FieldGroup, "storeCard"
    yield from field_problems(
        (
            group(f"{path}.headerFields", card.header, HEADER_FIELDS_MAX),
            group(f"{path}.primaryFields", card.primary, PRIMARY_FIELDS_MAX, may_align=False),
            group(f"{path}.secondaryFields", card.secondary),
            group(f"{path}.auxiliaryFields", card.auxiliary),
            group(f"{path}.backFields", card.back, is_back=True, may_align=False),
        )
    )
    in_one_row = len(card.secondary) + len(card.auxiliary)
    where = f"{path}.secondaryFields+auxiliaryFields"
    yield from count_problems(where, in_one_row, SECONDARY_AND_AUXILIARY_FIELDS_MAX)


def _poster_problems(poster: PosterGeneric) -> Iterator[Problem]:
    group, path = FieldGroup, "posterGeneric"
    primary_max = POSTER_PRIMARY_FIELDS_MAX
    yield from field_problems(
        (
            group(f"{path}.headerFields", poster.header, POSTER_HEADER_FIELDS_MAX),
            group(f"{path}.primaryFields", poster.primary, primary_max, may_align=False),
            group(f"{path}.footerFields", poster.footer, POSTER_FOOTER_FIELDS_MAX),
            group(f"{path}.backFields", poster.back, is_back=True, may_align=False),
            group(f"{path}.additionalInfoFields", poster.additional_info, is_back=True),
        )
    )


def _poster_image_problems(content: Pass, assets: Assets) -> Iterator[Problem]:
    artwork = {file_name("artwork", scale) for scale in SCALES}
    if content.poster and artwork.isdisjoint(assets.names):
        yield Problem("image.artwork-missing", "artwork.png", "A poster needs its artwork.")


def _text_problems(node: object, where: str = "") -> Iterator[Problem]:
    """Walk the pass as Apple's dictionary, so that `where` is the path in pass.json."""
    if isinstance(node, str):
        if not is_encodable(node):
            yield Problem("text.unencodable", where, "The text holds half a surrogate pair.")
    elif isinstance(node, Mapping):
        for key, child in node.items():
            yield from _text_problems(key, where)
            yield from _text_problems(child, f"{where}.{key}".lstrip("."))
    elif isinstance(node, Sequence):
        for index, child in enumerate(node):
            yield from _text_problems(child, f"{where}[{index}]")
