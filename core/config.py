"""Settings from the environment, each checked at start with a sentence that says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

Mode = Literal["demo", "production", "test"]


class ConfigurationError(Exception):
    """A setting is missing or wrong; the text names the variable and what it should be."""


@dataclass(frozen=True)
class Settings:
    """All settings of one installation. See docs/operations.md for the list."""

    mode: Mode
    database_url: str
    secret_key: str
    base_url: str
    """Address at which people reach the application, without trailing slash; links in mails start with it."""
    data_dir: Path
    files_url: str
    """fsspec address of the document store: a folder, or s3://bucket/prefix."""
    smtp_url: str | None
    """smtp://user:password@host:port or smtps://…; None keeps mail in the outbox and marks it as shown there."""
    mail_from: str
    trusted_proxies: int
    """How many reverse proxies in front of us set X-Forwarded-*."""
    worker_expected: bool
    """Whether /gereed asks for a recent heartbeat of the background worker."""

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"

    @property
    def secure(self) -> bool:
        """Whether people reach us over https."""
        return self.base_url.startswith("https://")


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings. Raises ConfigurationError."""
    mode = environment.get("MODE", "production")
    if mode not in get_args(Mode):
        raise ConfigurationError(f"MODE is '{mode}'; kies production, demo of test.")
    data_dir = Path(environment.get("DATA_DIR", ".data/app")).resolve()
    proxies = environment.get("TRUSTED_PROXIES", "0")
    if not proxies.isdigit():
        raise ConfigurationError(f"TRUSTED_PROXIES is '{proxies}'; vul een aantal in, bijvoorbeeld 1.")
    return Settings(
        mode=mode,  # type: ignore[arg-type]  # checked against the literal above
        database_url=_database_url(environment),
        secret_key=_secret_key(environment),
        base_url=_base_url(environment, mode),
        data_dir=data_dir,
        files_url=environment.get("FILES_URL") or str(data_dir / "bestanden"),
        smtp_url=_smtp_url(environment, mode),
        mail_from=environment.get("MAIL_FROM", "Schuldenknooppunt <noreply@knooppuntbeheer.invalid>"),
        trusted_proxies=int(proxies),
        worker_expected=environment.get("WORKER_EXPECTED", "1") == "1",
    )


def _need(environment: Mapping[str, str], name: str, what: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise ConfigurationError(f"{name} ontbreekt: {what}")
    return value


def _database_url(environment: Mapping[str, str]) -> str:
    form = "postgresql+psycopg://gebruiker:wachtwoord@host/database"
    url = _need(environment, "DATABASE_URL", f"het adres van PostgreSQL, als {form}.")
    if not url.startswith("postgresql+psycopg://"):
        raise ConfigurationError(f"DATABASE_URL heeft niet de vorm {form} (alleen PostgreSQL, 15 of hoger).")
    return url


def _secret_key(environment: Mapping[str, str]) -> str:
    key = _need(environment, "SECRET_KEY", "een willekeurige tekst van ten minste 32 tekens.")
    if len(key) < 32:
        raise ConfigurationError("SECRET_KEY is te kort: neem ten minste 32 willekeurige tekens.")
    return key


def _base_url(environment: Mapping[str, str], mode: str) -> str:
    example = "bijvoorbeeld https://beheer.example.nl"
    url = _need(environment, "BASE_URL", f"het adres waarop men de toepassing bereikt, {example}.").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"BASE_URL is '{url}'; dat is geen http- of https-adres.")
    if mode == "production" and parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ConfigurationError("BASE_URL moet met https:// beginnen: wachtwoorden gaan niet over een open lijn.")
    return url


def _smtp_url(environment: Mapping[str, str], mode: str) -> str | None:
    url = environment.get("SMTP_URL") or None
    if url and urlsplit(url).scheme not in {"smtp", "smtps"}:
        raise ConfigurationError("SMTP_URL moet beginnen met smtp:// of smtps://.")
    if mode == "production" and not url and environment.get("MAIL_TO_OUTBOX_ONLY") != "1":
        raise ConfigurationError(
            "SMTP_URL ontbreekt: zonder mailserver ontvangt niemand een link. (Toch zonder? MAIL_TO_OUTBOX_ONLY=1.)"
        )
    return url
