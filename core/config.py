"""Settings from the environment, each checked at start with a sentence that says what is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import SplitResult, urlsplit

from fsspec import available_protocols
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

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
    helpdesk_url: str | None = None
    """Address of the ticket system (Zammad) that gets requests for help, without trailing slash."""
    helpdesk_token: str | None = None
    helpdesk_group: str | None = None
    """The group in the ticket system whose requests these are."""
    invoice_processes: int = 1
    """How many processes make the files of invoices, when there are many."""
    helpdesk_mail: str | None = None
    """Mail address that gets requests for help instead; without either the help page names the operator's address."""

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"

    @property
    def secure(self) -> bool:
        """Whether people reach us over https."""
        return self.base_url.startswith("https://")


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings. Raises ConfigurationError."""
    mode = environment.get("MODE") or "production"
    if mode not in get_args(Mode):
        raise ConfigurationError(f"MODE is '{mode}'; kies production, demo of test.")
    data_dir = _data_dir(environment)
    return Settings(
        mode=mode,  # type: ignore[arg-type]  # checked against the literal above
        database_url=_database_url(environment),
        secret_key=_secret_key(environment),
        base_url=_base_url(environment, mode),
        data_dir=data_dir,
        files_url=_files_url(environment, data_dir),
        smtp_url=_smtp_url(environment, mode),
        mail_from=_mail_from(environment),
        trusted_proxies=_trusted_proxies(environment),
        worker_expected=_worker_expected(environment),
        invoice_processes=_invoice_processes(environment),
        **_helpdesk(environment, mode),
    )


def _need(environment: Mapping[str, str], name: str, what: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise ConfigurationError(f"{name} ontbreekt: {what}")
    return value


def _data_dir(environment: Mapping[str, str]) -> Path:
    path = Path(environment.get("DATA_DIR") or ".data/app").resolve()
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise ConfigurationError(f"DATA_DIR is '{path}'; in {nearest} kan de toepassing niets schrijven.")
    return path


def _files_url(environment: Mapping[str, str], data_dir: Path) -> str:
    url = environment.get("FILES_URL") or str(data_dir / "bestanden")
    scheme, separator, _ = url.partition("://")
    if separator and scheme not in available_protocols():
        raise ConfigurationError(
            f"FILES_URL begint met {scheme}://, dat kennen wij niet; kies een map of s3://emmer/map."
        )
    if scheme == "s3" and find_spec("s3fs") is None:
        raise ConfigurationError("FILES_URL begint met s3://; installeer daarvoor ook het pakket s3fs.")
    return url


def _mail_from(environment: Mapping[str, str]) -> str:
    text = environment.get("MAIL_FROM") or "Schuldenknooppunt <noreply@knooppuntbeheer.invalid>"
    _, address = parseaddr(text)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ConfigurationError(f"MAIL_FROM is '{text}'; schrijf 'Naam <adres@organisatie.nl>'.")
    return text


def _trusted_proxies(environment: Mapping[str, str]) -> int:
    text = environment.get("TRUSTED_PROXIES") or "0"
    if not re.fullmatch("[0-9]", text):
        raise ConfigurationError(f"TRUSTED_PROXIES is '{text}'; vul een aantal in van 0 tot en met 9, bijvoorbeeld 1.")
    return int(text)


def _worker_expected(environment: Mapping[str, str]) -> bool:
    text = environment.get("WORKER_EXPECTED") or "1"
    if text not in {"0", "1"}:
        raise ConfigurationError(f"WORKER_EXPECTED is '{text}'; kies 1 (ja) of 0 (nee).")
    return text == "1"


def _invoice_processes(environment: Mapping[str, str]) -> int:
    text = environment.get("INVOICE_PROCESSES") or str(min(4, os.cpu_count() or 1))
    if not re.fullmatch("[1-9][0-9]?", text):
        raise ConfigurationError(f"INVOICE_PROCESSES is '{text}'; vul een aantal in van 1 tot en met 99.")
    return int(text)


def _database_url(environment: Mapping[str, str]) -> str:
    form = "postgresql+psycopg://gebruiker:wachtwoord@host/database"
    url = _need(environment, "DATABASE_URL", f"het adres van PostgreSQL, als {form}.")
    try:
        complete = url.startswith("postgresql+psycopg://") and bool(make_url(url).database)
    except (ArgumentError, ValueError):
        complete = False
    if not complete:
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
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"BASE_URL is '{url}'; dat is geen http- of https-adres.")
    if parts.query or parts.fragment or parts.username or parts.path:
        raise ConfigurationError(f"BASE_URL is '{url}'; neem alleen het begin van het adres, {example}.")
    if mode == "production" and parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ConfigurationError("BASE_URL moet met https:// beginnen: wachtwoorden gaan niet over een open lijn.")
    return url


def _smtp_url(environment: Mapping[str, str], mode: str) -> str | None:
    url = environment.get("SMTP_URL") or None
    parts = _split(url) if url else None
    if url and (parts is None or parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ConfigurationError("SMTP_URL heeft niet de vorm smtp://host:poort of smtps://gebruiker:wachtwoord@host.")
    if mode == "production" and not url and environment.get("MAIL_TO_OUTBOX_ONLY") != "1":
        raise ConfigurationError(
            "SMTP_URL ontbreekt: zonder mailserver ontvangt niemand een link. (Toch zonder? MAIL_TO_OUTBOX_ONLY=1.)"
        )
    return url


def _helpdesk(environment: Mapping[str, str], mode: str) -> dict[str, str | None]:
    """Where requests for help go: a ticket system with all three of its settings, a mail address, or nowhere."""
    url = (environment.get("HELPDESK_URL") or "").strip().rstrip("/")
    token, group = (environment.get("HELPDESK_TOKEN") or "").strip(), (environment.get("HELPDESK_GROUP") or "").strip()
    mail = (environment.get("HELPDESK_MAIL") or "").strip()
    if url and mail:
        raise ConfigurationError("HELPDESK_URL en HELPDESK_MAIL zijn allebei ingevuld; kies er één.")
    if bool(token or group) and not url:
        raise ConfigurationError("HELPDESK_TOKEN of HELPDESK_GROUP is ingevuld zonder HELPDESK_URL.")
    if url:
        _check_helpdesk_url(url, mode)
        if not (token.isascii() and token.isprintable() and token and " " not in token):
            raise ConfigurationError("HELPDESK_TOKEN ontbreekt of klopt niet: neem een toegangssleutel van Zammad.")
        if not group:
            raise ConfigurationError("HELPDESK_GROUP ontbreekt: noem de groep in Zammad die hulpvragen krijgt.")
    if mail and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", mail):
        raise ConfigurationError(f"HELPDESK_MAIL is '{mail}'; vul één e-mailadres in, zoals hulp@organisatie.nl.")
    return {
        "helpdesk_url": url or None,
        "helpdesk_token": token or None,
        "helpdesk_group": group or None,
        "helpdesk_mail": mail or None,
    }


def _check_helpdesk_url(url: str, mode: str) -> None:
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"HELPDESK_URL is '{url}'; dat is geen http- of https-adres.")
    if parts.query or parts.fragment or parts.username or "/api" in parts.path:
        raise ConfigurationError("HELPDESK_URL is alleen het begin van het adres, zoals https://hulp.example.nl.")
    if mode == "production" and parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ConfigurationError("HELPDESK_URL moet met https:// beginnen: vragen gaan niet over een open lijn.")


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None when it is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
