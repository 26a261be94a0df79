"""Where requests go is checked at start."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import ConfigurationError, load

ZAMMAD = {
    "HELPDESK_URL": "https://hulp.example.nl/",
    "HELPDESK_TOKEN": "sleutel",
    "HELPDESK_GROUP": "Helpdesk",
}


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": "postgresql+psycopg://app:geheim@localhost/knooppunt",
        "SECRET_KEY": "x" * 32,
        "BASE_URL": "https://beheer.example.nl",
        "SMTP_URL": "smtps://app:geheim@mail.example.nl",
        "DATA_DIR": str(tmp_path),
    }


def test_a_ticket_system_a_mail_address_or_neither(good: dict[str, str]) -> None:
    assert load(good).helpdesk_url is None
    found = load(good | ZAMMAD)
    assert (found.helpdesk_url, found.helpdesk_group) == ("https://hulp.example.nl", "Helpdesk")
    assert load(good | {"HELPDESK_MAIL": "hulp@example.nl"}).helpdesk_mail == "hulp@example.nl"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"HELPDESK_MAIL": "hulp@example.nl"}, "kies er één"),
        ({"HELPDESK_URL": ""}, "zonder HELPDESK_URL"),
        ({"HELPDESK_URL": "hulp.example.nl"}, "geen http- of https-adres"),
        ({"HELPDESK_URL": "http://hulp.example.nl"}, "https://"),
        ({"HELPDESK_URL": "https://hulp.example.nl/api/v1"}, "begin van het adres"),
        ({"HELPDESK_URL": "https://a:b@hulp.example.nl"}, "begin van het adres"),
        ({"HELPDESK_TOKEN": ""}, "HELPDESK_TOKEN"),
        ({"HELPDESK_TOKEN": "a\nb"}, "HELPDESK_TOKEN"),
        ({"HELPDESK_TOKEN": "sleutél"}, "HELPDESK_TOKEN"),
        ({"HELPDESK_GROUP": " "}, "HELPDESK_GROUP"),
    ],
)
def test_a_wrong_setting_is_said(good: dict[str, str], changes: dict[str, str], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        load(good | ZAMMAD | changes)


@pytest.mark.parametrize("address", ["hulp", "a@b, c@d", "Hulp <a@b>"])
def test_one_mail_address(good: dict[str, str], address: str) -> None:
    with pytest.raises(ConfigurationError, match="HELPDESK_MAIL"):
        load(good | {"HELPDESK_MAIL": address})
