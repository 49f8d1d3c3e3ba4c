"""What this installation is told by its environment: read once, checked whole, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from urllib.parse import urlsplit

from phonenumbers import SUPPORTED_REGIONS

from gateway.environment import Environment

PRODUCTION, DEVELOPMENT = "production", "development"
APNS_URL = "https://api.push.apple.com"
APNS_URLS = (APNS_URL, "https://api.sandbox.push.apple.com")
GOOGLE_URL = "https://walletobjects.googleapis.com"
GOOGLE_KEYS_URL = "https://pay.google.com/gp/m/issuer/keys"
GOOGLE_SAVE_URL = "https://pay.google.com/gp/v/save/"
TWILIO_URL = "https://api.twilio.com"
VONAGE_URL = "https://api.nexmo.com"
# What each provider of text messages cannot work without.
SMS_NEEDS = {
    "twilio": ("TWILIO_ACCOUNT", "TWILIO_TOKEN"),
    "vonage": ("VONAGE_API_KEY", "VONAGE_API_SECRET", "VONAGE_SIGNATURE_SECRET"),
}
# The European Economic Area with Switzerland and Great Britain.
SMS_COUNTRIES = (
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU "
    "IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
)
KEY_BYTES = 32
PORT_MAX = 65_535
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WEB = ("https", "http")
_PLAIN_MAIL = "smtp"
_MAIL = (_PLAIN_MAIL, "smtps", "smtp+starttls")


class SettingsError(Exception):
    """The environment cannot be used; the text lists everything wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(("These settings are wrong:", *(f"  {p}" for p in problems))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation's settings; each is the environment variable PASSGATE_<NAME>.

    Those marked `repr=False` are secrets, which may also come as PASSGATE_<NAME>_FILE.
    """

    # `production` (the default) refuses what only a developer's machine may have.
    environment: str
    # Where people and devices reach us, without a slash at the end.
    public_url: str

    # The roles of the web process, of the worker, and of `passgate migrate` alone.
    database_url: str = field(repr=False)
    worker_database_url: str = field(repr=False)
    owner_database_url: str | None = field(repr=False)
    redis_url: str = field(repr=False)
    # Connections each process keeps to PostgreSQL at most.
    database_pool_size: int
    database_seconds_max: int
    redis_seconds_max: int

    # Every other key is derived from this one; see `derived_keys.py`.
    secret_key: bytes = field(repr=False)
    # Mixed into staff PINs; kept apart, so that a stolen database tells nothing about them.
    pin_pepper: bytes = field(repr=False)

    # One folder per pass type with its certificate.pem and key.pem; None: no Apple Wallet.
    apple_folder: Path | None
    apns_url: str
    # `own`, or `aioapns` with the limits that decision 5 names.
    apns_client: str
    # A root certificate to trust instead of the public ones, for the sandbox's stand-in.
    apns_ca: Path | None

    # One folder per issuer id with its service-account.json; None: no Google Wallet.
    google_folder: Path | None
    google_url: str
    # Where the root keys of Google's callbacks are, and what a save link begins with.
    google_keys_url: str
    google_save_url: str

    # smtp://, smtps:// or smtp+starttls://user:password@host:port; None: no mail.
    mail_url: str | None = field(repr=False)
    # The server that is asked where the first took nothing.
    mail_fallback_url: str | None = field(repr=False)
    # The address all mail comes from; each merchant's name stands before it.
    mail_from: str | None

    # `twilio` and `vonage` in the order they are asked; empty: no text messages.
    sms_providers: tuple[str, ...]
    # ISO codes of the countries whose numbers we write to, since each message is paid for.
    sms_countries: frozenset[str]
    twilio_url: str
    twilio_account: str | None
    twilio_token: str | None = field(repr=False)
    vonage_url: str
    vonage_api_key: str | None
    vonage_api_secret: str | None = field(repr=False)
    # Vonage signs its callbacks with it.
    vonage_signature_secret: str | None = field(repr=False)

    # nats://user:password@host:4222 or tls://…, which gets every event; None: no event stream.
    nats_url: str | None = field(repr=False)
    # Hosts and ports of a developer's machine that webhooks may be sent to.
    webhook_allow: frozenset[tuple[str, int]]

    # Where a developer's phones in the browser are; None: no page leads there.
    sandbox_url: str | None

    host: str
    port: int
    # Whose X-Forwarded-For is believed.
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]

    # Where a worker shows its numbers, which are for operators alone; None: nowhere.
    metrics_host: str
    metrics_port: int | None

    # Deliveries under way at once in one worker process.
    worker_concurrency: int
    log_level: str

    @property
    def is_production(self) -> bool:
        """Whether real customers are served here."""
        return self.environment == PRODUCTION


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Read and check the settings; raises SettingsError naming everything that is wrong."""
    environment = Environment(variables)
    settings = _read(environment)
    environment.note_unknown()
    _check_together(environment, settings)
    if environment.problems:
        raise SettingsError(environment.problems)
    return settings


def _read(environment: Environment) -> Settings:
    postgres, redis = ("postgresql",), ("redis", "rediss")
    number = environment.number
    return Settings(
        environment=environment.choice("ENVIRONMENT", PRODUCTION, among=(PRODUCTION, DEVELOPMENT)),
        public_url=environment.origin("PUBLIC_URL", schemes=_WEB),
        database_url=environment.address("DATABASE_URL", schemes=postgres),
        worker_database_url=environment.address("WORKER_DATABASE_URL", schemes=postgres),
        owner_database_url=environment.optional_address("OWNER_DATABASE_URL", schemes=postgres),
        redis_url=environment.address("REDIS_URL", schemes=redis),
        database_pool_size=number("DATABASE_POOL_SIZE", 10, smallest=1, largest=100),
        database_seconds_max=number("DATABASE_SECONDS_MAX", 5, smallest=1, largest=60),
        redis_seconds_max=number("REDIS_SECONDS_MAX", 1, smallest=1, largest=10),
        secret_key=environment.key("SECRET_KEY", bytes_min=KEY_BYTES),
        pin_pepper=environment.key("PIN_PEPPER", bytes_min=KEY_BYTES),
        apple_folder=environment.folder("APPLE_FOLDER"),
        apns_url=environment.origin("APNS_URL", APNS_URL, schemes=("https",)),
        apns_client=environment.choice("APNS_CLIENT", "own", among=("own", "aioapns")),
        apns_ca=environment.file("APNS_CA"),
        google_folder=environment.folder("GOOGLE_FOLDER"),
        google_url=environment.origin("GOOGLE_URL", GOOGLE_URL, schemes=_WEB),
        google_keys_url=environment.page("GOOGLE_KEYS_URL", GOOGLE_KEYS_URL, schemes=_WEB),
        google_save_url=environment.page("GOOGLE_SAVE_URL", GOOGLE_SAVE_URL, schemes=_WEB),
        mail_url=environment.optional_address("MAIL_URL", schemes=_MAIL),
        mail_fallback_url=environment.optional_address("MAIL_FALLBACK_URL", schemes=_MAIL),
        mail_from=environment.optional_mail_address("MAIL_FROM"),
        sms_providers=environment.words("SMS_PROVIDERS", among=SMS_NEEDS),
        sms_countries=frozenset(
            environment.words("SMS_COUNTRIES", SMS_COUNTRIES, among=SUPPORTED_REGIONS)
        ),
        twilio_url=environment.origin("TWILIO_URL", TWILIO_URL, schemes=_WEB),
        twilio_account=environment.text("TWILIO_ACCOUNT", "") or None,
        twilio_token=environment.optional_secret("TWILIO_TOKEN"),
        vonage_url=environment.origin("VONAGE_URL", VONAGE_URL, schemes=_WEB),
        vonage_api_key=environment.text("VONAGE_API_KEY", "") or None,
        vonage_api_secret=environment.optional_secret("VONAGE_API_SECRET"),
        vonage_signature_secret=environment.optional_secret("VONAGE_SIGNATURE_SECRET"),
        nats_url=environment.optional_address("NATS_URL", schemes=("nats", "tls")),
        webhook_allow=environment.places("WEBHOOK_ALLOW", among=LOOPBACK),
        sandbox_url=environment.optional_origin("SANDBOX_URL", schemes=("http",)),
        host=environment.text("HOST", "127.0.0.1"),
        port=number("PORT", 8080, smallest=1, largest=PORT_MAX),
        trusted_proxies=environment.networks("TRUSTED_PROXIES"),
        metrics_host=environment.text("METRICS_HOST", "127.0.0.1"),
        metrics_port=number("METRICS_PORT", 0, smallest=0, largest=PORT_MAX) or None,
        worker_concurrency=number("WORKER_CONCURRENCY", 50, smallest=1, largest=500),
        log_level=environment.choice(
            "LOG_LEVEL", "info", among=("debug", "info", "warning", "error")
        ),
    )


def _check_together(environment: Environment, settings: Settings) -> None:
    """Check what only shows when settings are seen side by side."""
    if settings.secret_key and settings.secret_key == settings.pin_pepper:
        environment.note("PIN_PEPPER", "must not equal PASSGATE_SECRET_KEY")
    if settings.database_url and settings.owner_database_url == settings.database_url:
        environment.note(
            "OWNER_DATABASE_URL",
            "must be another role than PASSGATE_DATABASE_URL, which must own no table",
        )
    _check_messages(environment, settings)
    if settings.is_production and not environment.problems:
        _check_production(environment, settings)
        _check_production_messages(environment, settings)
        _check_nothing_of_development(environment, settings)


def _check_messages(environment: Environment, settings: Settings) -> None:
    """Check that whoever is to send has all it needs."""
    if settings.mail_url and not settings.mail_from:
        environment.note("MAIL_FROM", "is missing, and PASSGATE_MAIL_URL is given")
    if settings.mail_fallback_url and not settings.mail_url:
        environment.note("MAIL_URL", "is missing, and PASSGATE_MAIL_FALLBACK_URL is given")
    for provider in settings.sms_providers:
        for name in SMS_NEEDS[provider]:
            if not getattr(settings, name.lower()):
                environment.note(name, f"is missing, and PASSGATE_SMS_PROVIDERS names {provider}")


def _check_production(environment: Environment, settings: Settings) -> None:
    public = urlsplit(settings.public_url)
    if public.scheme != "https":
        environment.note("PUBLIC_URL", "must begin with https:// in production")
    if public.hostname in LOOPBACK:
        environment.note("PUBLIC_URL", "must not be this machine's own name in production")
    if settings.apns_url not in APNS_URLS:
        environment.note("APNS_URL", f"must be one of {', '.join(APNS_URLS)} in production")
    for name, value, real in (
        ("GOOGLE_URL", settings.google_url, GOOGLE_URL),
        ("GOOGLE_KEYS_URL", settings.google_keys_url, GOOGLE_KEYS_URL),
        ("GOOGLE_SAVE_URL", settings.google_save_url, GOOGLE_SAVE_URL),
    ):
        if value != real:
            environment.note(name, f"must be {real} in production")


def _check_nothing_of_development(environment: Environment, settings: Settings) -> None:
    for name, given in (
        ("APNS_CA", settings.apns_ca),
        ("SANDBOX_URL", settings.sandbox_url),
        ("WEBHOOK_ALLOW", settings.webhook_allow),
    ):
        if given:
            environment.note(name, "is for development only")


def _check_production_messages(environment: Environment, settings: Settings) -> None:
    for name, value in (("TWILIO_URL", settings.twilio_url), ("VONAGE_URL", settings.vonage_url)):
        if urlsplit(value).scheme != "https":
            environment.note(name, "must begin with https:// in production")
    for name, address in (
        ("MAIL_URL", settings.mail_url),
        ("MAIL_FALLBACK_URL", settings.mail_fallback_url),
    ):
        server = urlsplit(address or "")
        if server.scheme == _PLAIN_MAIL and server.password is not None:
            environment.note(name, "must not send a password without TLS in production")
