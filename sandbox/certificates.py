"""The development certificates: a chain shaped like Apple's, made here and trusted by nobody.

Root, an intermediate named like WWDR G4, one certificate for each pass type, a server
certificate for the APNs stand-in, and a .p8 key as APNs takes it. Only what is missing or about
to end is made, so that passes signed yesterday still verify today.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sandbox.authority import Plan, ensure, key_pem, write_private

TEAM_IDENTIFIER = "DEV1234567"
APNS_KEY_ID = "DEVKEY0001"

AUTHORITY_LIFE = timedelta(days=3650)
# Apple's own last about 13 months.
LEAF_LIFE = timedelta(days=395)

_PASS_SIGNING = x509.ObjectIdentifier("1.2.840.113635.100.4.14")
_APNS_TOPICS = x509.ObjectIdentifier("1.2.840.113635.100.6.3.6")


@dataclass(frozen=True, slots=True)
class DevelopmentChain:
    """Where each file lies: as the gateway wants its certificate folder, with a root beside.

    Keys are readable by their owner only.
    """

    folder: Path

    @property
    def root(self) -> Path:
        """Certificate of the root, which stands for Apple's."""
        return self.folder / "root.pem"

    @property
    def intermediate(self) -> Path:
        """Certificate of the intermediate, which stands for WWDR G4."""
        return self.folder / "intermediate.pem"

    @property
    def server_certificate(self) -> Path:
        """Certificate of localhost and 127.0.0.1, followed by the intermediate."""
        return self.folder / "localhost.pem"

    @property
    def server_key(self) -> Path:
        """Key of the server certificate."""
        return self.folder / "localhost.key"

    @property
    def apns_key(self) -> Path:
        """Key for provider tokens, as Apple's portal hands it out."""
        return self.folder / f"AuthKey_{APNS_KEY_ID}.p8"

    def pass_certificate(self, pass_type_identifier: str) -> Path:
        """Certificate that signs passes of this type."""
        return self.folder / pass_type_identifier / "certificate.pem"

    def pass_key(self, pass_type_identifier: str) -> Path:
        """Key of the certificate that signs passes of this type."""
        return self.folder / pass_type_identifier / "key.pem"


def write_development_chain(
    folder: Path, pass_types: Iterable[str], now: datetime
) -> DevelopmentChain:
    """Write the chain into `folder`, keeping whatever of it is there and still lives a while.

    When an authority is made anew, so is everything below it. Running it twice changes nothing.
    """
    chain = DevelopmentChain(folder)
    root = ensure(_root_plan(chain), None, now)
    intermediate = ensure(_intermediate_plan(chain), root, now)
    ensure(_server_plan(chain), intermediate, now, followed_by_issuer=True)
    for pass_type in pass_types:
        ensure(_pass_plan(chain, pass_type), intermediate, now)
    if not chain.apns_key.exists():
        write_private(chain.apns_key, key_pem(ec.generate_private_key(ec.SECP256R1())))
    return chain


def _root_plan(chain: DevelopmentChain) -> Plan:
    return Plan(
        certificate_path=chain.root,
        key_path=chain.folder / "root.key",
        subject={
            NameOID.COMMON_NAME: "Passgate Development Root",
            NameOID.ORGANIZATION_NAME: "Passgate Development",
        },
        extensions=_authority(path_length=1),
        life=AUTHORITY_LIFE,
    )


def _intermediate_plan(chain: DevelopmentChain) -> Plan:
    return Plan(
        certificate_path=chain.intermediate,
        key_path=chain.folder / "intermediate.key",
        subject={
            NameOID.COMMON_NAME: "Passgate Development Worldwide Developer Relations",
            NameOID.ORGANIZATIONAL_UNIT_NAME: "G4",
            NameOID.ORGANIZATION_NAME: "Passgate Development",
        },
        extensions=_authority(path_length=0),
        # Ends before the root does, whose life began in the same moment.
        life=AUTHORITY_LIFE - timedelta(days=1),
    )


def _server_plan(chain: DevelopmentChain) -> Plan:
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    )
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return Plan(
        certificate_path=chain.server_certificate,
        key_path=chain.server_key,
        subject={NameOID.COMMON_NAME: "localhost"},
        extensions=(*_leaf(), (names, False), (purpose, False)),
        life=LEAF_LIFE,
    )


def _pass_plan(chain: DevelopmentChain, pass_type: str) -> Plan:
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, _PASS_SIGNING])
    topics = x509.UnrecognizedExtension(_APNS_TOPICS, _apns_topics(pass_type))
    return Plan(
        certificate_path=chain.pass_certificate(pass_type),
        key_path=chain.pass_key(pass_type),
        subject={
            NameOID.USER_ID: pass_type,
            NameOID.COMMON_NAME: f"Pass Type ID: {pass_type}"[:64],
            NameOID.ORGANIZATIONAL_UNIT_NAME: TEAM_IDENTIFIER,
            NameOID.ORGANIZATION_NAME: "Passgate Development",
        },
        extensions=(*_leaf(), (purposes, False), (topics, False)),
        life=LEAF_LIFE,
    )


def _authority(path_length: int) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    usage = _key_usage(signs_certificates=True)
    return (x509.BasicConstraints(ca=True, path_length=path_length), True), (usage, True)


def _leaf() -> tuple[tuple[x509.ExtensionType, bool], ...]:
    usage = _key_usage(signs_certificates=False)
    return (x509.BasicConstraints(ca=False, path_length=None), True), (usage, True)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _apns_topics(pass_type: str) -> bytes:
    """Encode the topics a certificate may push to, in DER: a list of name and kinds."""
    name, kind = pass_type.encode(), b"pass"
    kinds = bytes((0x30, len(kind) + 2, 0x0C, len(kind))) + kind
    content = bytes((0x0C, len(name))) + name + kinds
    return bytes((0x30, len(content))) + content
