"""What the surroundings decide. Read once, checked, then passed along as a value."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST_SECRET = 32
LEAST_AGE = 16
"""From this age on Dutch law lets people decide about their own data; a corporation may choose later."""
_SITE = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?")
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
REQUIRED_IN_PRODUCTION = ("DATABASE_URL", "SECRET_KEY", "TOKEN_KEY", "BASE_URL", "SMTP_URL")


FOR_OPENID = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
_ANY_TENANT = frozenset({"common", "organizations", "consumers"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})

Network = IPv4Network | IPv6Network
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.1"), ip_network("::1"))
EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))


class ConfigError(Exception):
    """The surroundings are not fit to start in; the message says what to set."""


@dataclass(frozen=True)
class OpenId:
    """Where staff of the corporation sign in with the account of their work: one issuer, of one tenant."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    """What people call that account, on the button."""


@dataclass(frozen=True)
class Config:
    """All settings. Build it with `from_env`, or by hand in a test."""

    database_url: str
    """`sqlite:///<absolute path>` or `postgresql+psycopg://…`."""

    data: Path
    """Folder for what is not in the database: the SQLite file, generated keys, outgoing mail, photos."""

    secret_key: str
    """Signs cookies and form tokens. May be rotated: people sign in again."""

    token_key: str
    """Makes what is printed to be shown again and again, such as a key's tag, and seals the codes of boxes.
    Never rotated: all of that would have to be printed anew, and no code could be read.
    """

    base_url: str
    """Where people reach the app: links in mail and QR codes come from here, never from a request."""

    smtp_url: str | None = None
    """`smtp://` or `smtps://`, with `user:password@` if needed; without it mail goes to a folder."""

    mail_from: str | None = None
    """`MAIL_FROM`: the address mail comes from; without it `ontmoet@` the host of `base_url`."""

    metrics_token: str | None = None
    """`METRICS_TOKEN`: what a monitor shows to read `/metrics`; without it there is no such page."""

    production: bool = False
    """`ONTMOET_ENV=production`: refuses to start on defaults."""

    proxies: tuple[Network, ...] = LOOPBACK
    """`FORWARDED_ALLOW_IPS`: in production, the proxies that tell on whose behalf they ask, as addresses or
    networks with commas between; `*` where nobody else reaches the port. The server reads it too.
    """

    minimum_age: int = LEAST_AGE
    """`MINIMUM_AGE`: who is younger takes part with the agreement of a parent or guardian."""

    second_factor: bool = False
    """`SECOND_FACTOR` (`on`, `off`): staff and administrators show a second proof besides their password. On
    in production unless it is said to be off.
    """

    openid: OpenId | None = None
    """`OIDC_…`: all four, or none."""

    left_out: tuple[str, ...] = ()
    """Of what production requires, the settings that were not given: what they are then does for a demo."""

    starts_at: datetime | None = None
    """`ONTMOET_NOW`: the instant a demo's clock starts from; refused on a real installation."""

    testing: bool = False
    """Faults in templates and forgotten permission checks become errors."""

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def origin(self) -> str:
        """What browsers say where they are."""
        where = urlsplit(self.base_url)
        return f"{where.scheme}://{where.netloc}"

    @property
    def takes_passkeys(self) -> bool:
        """Whether browsers make passkeys for this site: for a name, over https, and for one's own machine."""
        is_number = ":" in self.host or self.host.replace(".", "").isdecimal()
        return not is_number and (self.https or self.host == "localhost")

    @property
    def from_address(self) -> str:
        """Where mail comes from."""
        return self.mail_from or f"ontmoet@{self.host}"

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Config:
        """Read the environment variables of the contract; raises `ConfigError`."""
        production = env.get("ONTMOET_ENV") == "production"
        missing = tuple(name for name in REQUIRED_IN_PRODUCTION if not env.get(name))
        if production and missing:
            raise ConfigError(f"Set {', '.join(missing)} before starting in production.")
        data = _folder(Path(env.get("ONTMOET_DATA") or "instance").absolute())
        base_url = (env.get("BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
        config = cls(
            database_url=env.get("DATABASE_URL") or f"sqlite:///{data / 'ontmoet.db'}",
            data=data,
            secret_key=env.get("SECRET_KEY") or _kept_key(data / "secret_key"),
            token_key=env.get("TOKEN_KEY") or _kept_key(data / "token_key"),
            base_url=base_url,
            smtp_url=env.get("SMTP_URL") or None,
            mail_from=env.get("MAIL_FROM") or None,
            metrics_token=env.get("METRICS_TOKEN") or None,
            production=production,
            proxies=_networks(env.get("FORWARDED_ALLOW_IPS")),
            minimum_age=_age(env.get("MINIMUM_AGE")),
            second_factor=_on_or_off(env.get("SECOND_FACTOR"), instead=production),
            openid=_openid(env),
            starts_at=_instant(env.get("ONTMOET_NOW")),
            left_out=missing,
        )
        config.check()
        return config

    def check(self) -> None:
        """Raises `ConfigError` for values that would only fail later, or fail silently."""
        if not _SITE.fullmatch(self.base_url) or _port(self.base_url) == 0:
            raise ConfigError("BASE_URL is an address without a path, such as https://ontmoet.example.nl.")
        if self.production and not self.https:
            raise ConfigError("BASE_URL starts with https:// in production.")
        if len(self.secret_key.strip()) < SHORTEST_SECRET:
            raise ConfigError(f"SECRET_KEY has at least {SHORTEST_SECRET} characters.")
        if len(self.token_key.strip()) < SHORTEST_SECRET:
            raise ConfigError(f"TOKEN_KEY has at least {SHORTEST_SECRET} characters.")
        if self.metrics_token is not None and len(self.metrics_token) < SHORTEST_SECRET:
            raise ConfigError(f"METRICS_TOKEN has at least {SHORTEST_SECRET} characters.")
        if not self.database_url.startswith(("sqlite:////", "postgresql+psycopg://")) or (
            _port(self.database_url) == 0
        ):
            raise ConfigError(
                "DATABASE_URL is sqlite:/// and the whole path of a file, such as "
                "sqlite:////var/lib/ontmoet/ontmoet.db, or starts with postgresql+psycopg://."
            )
        if self.smtp_url is not None and not _is_mail_server(self.smtp_url):
            raise ConfigError(
                "SMTP_URL names a mail server, such as smtp://user:password@mail.example.nl:587."
            )
        if self.openid is not None:
            _check_issuer(self.openid.issuer)
        if not _MAIL_ADDRESS.fullmatch(self.from_address):
            raise ConfigError("MAIL_FROM is one address, such as ontmoet@example.nl.")


def _networks(written: str | None) -> tuple[Network, ...]:
    if not written:
        return LOOPBACK
    if written.strip() == "*":
        return EVERYWHERE
    try:
        return tuple(ip_network(each.strip()) for each in written.split(","))
    except ValueError:
        raise ConfigError("FORWARDED_ALLOW_IPS is a list of addresses or networks, or *.") from None


def _port(url: str) -> int | None:
    """The port in an address; None without one, 0 for what is no port or no address."""
    try:
        return urlsplit(url).port
    except ValueError:
        return 0


def _is_mail_server(url: str) -> bool:
    if _port(url) == 0:
        return False
    where = urlsplit(url)
    return where.scheme in ("smtp", "smtps") and bool(where.hostname)


def _folder(path: Path) -> Path:
    """The folder, that is its owner's when it is made."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise ConfigError(f"ONTMOET_DATA is a folder to keep files in. {path}: {problem.strerror}.") from None
    return path


def _kept_key(path: Path) -> str:
    """The key in this file, made by the first process of the data folder; never used in production."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        # One without a key is of a disk that was full.
        if not path.exists() or not path.stat().st_size:
            part = path.with_name(f"{path.name}.part")
            with open(part, "w", encoding="ascii", opener=_for_its_owner) as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
    finally:
        os.close(folder)
    return path.read_text(encoding="ascii").strip()


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _age(text: str | None) -> int:
    if not text:
        return LEAST_AGE
    if not text.isdecimal() or not LEAST_AGE <= int(text) <= 21:
        raise ConfigError(f"MINIMUM_AGE is a number of years from {LEAST_AGE} to 21.")
    return int(text)


def _on_or_off(text: str | None, *, instead: bool) -> bool:
    if not text:
        return instead
    if text not in ("on", "off"):
        raise ConfigError("SECOND_FACTOR is on or off.")
    return text == "on"


def _openid(env: Mapping[str, str]) -> OpenId | None:
    given = {name: env.get(name) for name in FOR_OPENID}
    if not any(given.values()):
        return None
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ConfigError(f"Signing in with an account of work needs {', '.join(missing)} too.")
    issuer, client_id, client_secret, name = (value or "" for value in given.values())
    return OpenId(issuer.rstrip("/"), client_id, client_secret, name)


def _check_issuer(issuer: str) -> None:
    if _port(issuer) == 0:
        raise ConfigError("OIDC_ISSUER is an address.")
    where = urlsplit(issuer)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in _LOOPBACK):
        raise ConfigError("OIDC_ISSUER starts with https://.")
    if not _ANY_TENANT.isdisjoint(where.path.split("/")):
        raise ConfigError("OIDC_ISSUER names the one tenant of the corporation, not any of them.")


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError("ONTMOET_NOW is an ISO instant, such as 2026-11-24T14:05+01:00.") from None
    if moment.tzinfo is None:
        raise ConfigError("ONTMOET_NOW names its zone, such as 2026-11-24T14:05+01:00.")
    return moment.astimezone(UTC)
