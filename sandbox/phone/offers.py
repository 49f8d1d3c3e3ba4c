"""What a phone says to a download: the card with an Add button, or why Wallet refuses it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.opened_pass import NotAPass
from sandbox.phone.log import TaskError
from sandbox.phone.package import Package, PassOpener, open_package
from sandbox.phone.requests import PASS_CONTENT_TYPE, WebServiceRequests
from sandbox.phone.state import PhoneState

PASSES_PER_PHONE_MAX = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A download the person has not yet decided on; with problems it can only be declined."""

    address: str
    package: Package | None
    problems: tuple[str, ...]
    is_known: bool = False


async def offer_of(
    address: str, state: PhoneState, requests: WebServiceRequests, opener: PassOpener
) -> Offer:
    """Download the pass at `address` and judge it as Wallet on this phone would."""
    if not requests.may_reach(address):
        return _refused(address, "This phone only opens passes of this installation.")
    try:
        answer = await requests.download(address)
    except TaskError as error:
        return _refused(address, f"The download failed: {error.reason}.")
    if answer.status != 200:  # noqa: PLR2004
        return _refused(address, f"The download answered {answer.status}.")
    try:
        package = await asyncio.to_thread(open_package, answer.body, opener)
    except NotAPass as error:
        return _refused(address, f"{str(error).capitalize()}.")
    problems = [
        *_type_problems(answer.headers.get("Content-Type", "")),
        *package.problems,
        *_misfits(package, state, requests),
    ]
    is_known = state.pass_of(package.pass_type, package.serial) is not None
    return Offer(address, package, tuple(problems), is_known)


def _refused(address: str, problem: str) -> Offer:
    return Offer(address, None, (problem,))


def _type_problems(content_type: str) -> Iterator[str]:
    if content_type.partition(";")[0].strip() != PASS_CONTENT_TYPE:
        yield f"The content type is {content_type!r}, not {PASS_CONTENT_TYPE!r}."


def _misfits(package: Package, state: PhoneState, requests: WebServiceRequests) -> Iterator[str]:
    service = package.content.get("webServiceURL")
    if service is not None and not requests.may_reach(str(service)):
        yield "The web service of the pass is not this installation's."
    if len(state.passes) >= PASSES_PER_PHONE_MAX:
        yield f"This phone holds {PASSES_PER_PHONE_MAX} passes already."
