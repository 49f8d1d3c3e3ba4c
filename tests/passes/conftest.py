"""A development chain for the whole run, and a signer and assets made from it."""

from pathlib import Path

import pytest

from passes.apple.assets import Assets
from passes.apple.signing.signer import Signer
from sandbox.certificates import DevelopmentChain, write_development_chain
from tests.passes.makers import NOW, PASS_TYPE, make_images


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentChain:
    folder: Path = tmp_path_factory.mktemp("certificates")
    return write_development_chain(folder, [PASS_TYPE], NOW)


@pytest.fixture(scope="session")
def signer(chain: DevelopmentChain) -> Signer:
    return Signer.from_pem(
        chain.pass_certificate(PASS_TYPE).read_bytes(),
        chain.pass_key(PASS_TYPE).read_bytes(),
        chain.intermediate.read_bytes(),
    )


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets.prepare(make_images())
