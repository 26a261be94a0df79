"""Settings: each wrong one stops the start with a sentence that says what it should be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from core.config import ConfigurationError, load

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASE_FORM = "postgresql+psycopg://gebruiker:wachtwoord@host/database"


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": "postgresql+psycopg://app:geheim@localhost/knooppunt",
        "SECRET_KEY": "x" * 32,
        "BASE_URL": "https://beheer.example.nl",
        "SMTP_URL": "smtps://app:geheim@mail.example.nl",
        "DATA_DIR": str(tmp_path / "nog-niet-gemaakt"),
    }


def test_what_is_needed_and_what_has_a_default(good: dict[str, str], tmp_path: Path) -> None:
    settings = load(good)
    assert settings.mode == "production"
    assert not settings.is_demo
    assert settings.secure
    assert settings.files_url == str(tmp_path / "nog-niet-gemaakt" / "bestanden")
    assert settings.trusted_proxies == 0
    assert settings.worker_expected
    assert not (tmp_path / "nog-niet-gemaakt").exists()


def test_what_can_be_set(good: dict[str, str]) -> None:
    settings = load(
        good
        | {
            "MODE": "demo",
            "BASE_URL": "http://127.0.0.1:8000/",
            "TRUSTED_PROXIES": "2",
            "WORKER_EXPECTED": "0",
            "FILES_URL": "memory://bestanden",
            "MAIL_FROM": "Knooppunt <post@example.nl>",
            "SMTP_URL": "",
        }
    )
    assert settings.is_demo
    assert not settings.secure
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.trusted_proxies, settings.worker_expected) == (2, False)
    assert (settings.files_url, settings.mail_from, settings.smtp_url) == (
        "memory://bestanden",
        "Knooppunt <post@example.nl>",
        None,
    )


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("MODE", "prod", "MODE is 'prod'; kies production, demo of test."),
        ("DATABASE_URL", "", f"DATABASE_URL ontbreekt: het adres van PostgreSQL, als {DATABASE_FORM}."),
        (
            "DATABASE_URL",
            "sqlite:///knooppunt.db",
            f"DATABASE_URL heeft niet de vorm {DATABASE_FORM} (alleen PostgreSQL, 15 of hoger).",
        ),
        (
            "DATABASE_URL",
            "postgresql://app@localhost/knooppunt",
            f"DATABASE_URL heeft niet de vorm {DATABASE_FORM} (alleen PostgreSQL, 15 of hoger).",
        ),
        (
            "DATABASE_URL",
            "postgresql+psycopg://app@localhost",
            f"DATABASE_URL heeft niet de vorm {DATABASE_FORM} (alleen PostgreSQL, 15 of hoger).",
        ),
        (
            "DATABASE_URL",
            "postgresql+psycopg://app@localhost:poort/knooppunt",
            f"DATABASE_URL heeft niet de vorm {DATABASE_FORM} (alleen PostgreSQL, 15 of hoger).",
        ),
        ("SECRET_KEY", "  ", "SECRET_KEY ontbreekt: een willekeurige tekst van ten minste 32 tekens."),
        ("SECRET_KEY", "kort", "SECRET_KEY is te kort: neem ten minste 32 willekeurige tekens."),
        (
            "BASE_URL",
            "",
            "BASE_URL ontbreekt: het adres waarop men de toepassing bereikt, bijvoorbeeld https://beheer.example.nl.",
        ),
        ("BASE_URL", "beheer.example.nl", "BASE_URL is 'beheer.example.nl'; dat is geen http- of https-adres."),
        ("BASE_URL", "ftp://example.nl", "BASE_URL is 'ftp://example.nl'; dat is geen http- of https-adres."),
        (
            "BASE_URL",
            "https://example.nl:http",
            "BASE_URL is 'https://example.nl:http'; dat is geen http- of https-adres.",
        ),
        (
            "BASE_URL",
            "https://example.nl/beheer",
            (
                "BASE_URL is 'https://example.nl/beheer'; neem alleen het begin van het adres,"
                " bijvoorbeeld https://beheer.example.nl."
            ),
        ),
        (
            "BASE_URL",
            "http://beheer.example.nl",
            "BASE_URL moet met https:// beginnen: wachtwoorden gaan niet over een open lijn.",
        ),
        (
            "SMTP_URL",
            "",
            "SMTP_URL ontbreekt: zonder mailserver ontvangt niemand een link. (Toch zonder? MAIL_TO_OUTBOX_ONLY=1.)",
        ),
        (
            "SMTP_URL",
            "mail.example.nl:25",
            "SMTP_URL heeft niet de vorm smtp://host:poort of smtps://gebruiker:wachtwoord@host.",
        ),
        (
            "SMTP_URL",
            "smtp://mail:vijfentwintig",
            "SMTP_URL heeft niet de vorm smtp://host:poort of smtps://gebruiker:wachtwoord@host.",
        ),
        ("MAIL_FROM", "Schuldenknooppunt", "MAIL_FROM is 'Schuldenknooppunt'; schrijf 'Naam <adres@organisatie.nl>'."),
        (
            "TRUSTED_PROXIES",
            "²",
            "TRUSTED_PROXIES is '²'; vul een aantal in van 0 tot en met 9, bijvoorbeeld 1.",
        ),
        (
            "TRUSTED_PROXIES",
            "ja",
            "TRUSTED_PROXIES is 'ja'; vul een aantal in van 0 tot en met 9, bijvoorbeeld 1.",
        ),
        ("WORKER_EXPECTED", "true", "WORKER_EXPECTED is 'true'; kies 1 (ja) of 0 (nee)."),
        (
            "FILES_URL",
            "kluis://emmer",
            "FILES_URL begint met kluis://, dat kennen wij niet; kies een map of s3://emmer/map.",
        ),
    ],
)
def test_a_wrong_setting_gets_its_sentence(good: dict[str, str], name: str, value: str, answer: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(good | {name: value})
    assert str(refused.value) == answer


def test_a_data_folder_that_is_a_file_is_refused(good: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bestand").touch()
    with pytest.raises(ConfigurationError, match="kan de toepassing niets schrijven"):
        load(good | {"DATA_DIR": str(tmp_path / "bestand" / "map")})


def test_mail_may_stay_in_the_outbox_on_purpose(good: dict[str, str]) -> None:
    assert load(good | {"SMTP_URL": "", "MAIL_TO_OUTBOX_ONLY": "1"}).smtp_url is None


def test_an_open_line_is_fine_on_this_machine_and_outside_production(good: dict[str, str]) -> None:
    assert not load(good | {"BASE_URL": "http://localhost:8000"}).secure
    assert not load(good | {"BASE_URL": "http://beheer.example.nl", "MODE": "test"}).secure


def test_the_start_stops_with_the_sentence_and_nothing_else(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (good | {"MODE": "prod"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        create_app()
    assert stopped.value.code == "Instelling klopt niet. MODE is 'prod'; kies production, demo of test."


def test_the_command_line_shows_no_traceback() -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "jobs", "list"],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert outcome.stderr.strip().splitlines()[-1].startswith("Instelling klopt niet. DATABASE_URL ontbreekt")
    assert "Traceback" not in outcome.stderr
