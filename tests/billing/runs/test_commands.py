"""`flask billing run …`, `make-files` and `export`: the same steps with the same four eyes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from billing.models import Invoice
from core import clock
from core.audit import AuditEvent
from identity.kinds import StaffRole
from tests.billing.conftest import World
from tests.billing.runs.conftest import JANUARY
from tests.people import People

BEFORE = date(2024, 6, 1)
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    with clock.at(JANUARY):
        yield


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def call(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["billing", *arguments])

    return call


@pytest.fixture
def mails(people: People) -> list[str]:
    """Addresses of two colleagues of finance, and of one of relations."""
    return [people.staff(role).email for role in (StaffRole.FINANCE, StaffRole.FINANCE, StaffRole.RELATIONS)]


def test_a_run_goes_from_preview_to_files_on_the_command_line(
    run: Run, world: World, mails: list[str], session: Session, tmp_path: Path
) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    world.municipality(9_000, name="Gemeente Beekloo", connected_on=BEFORE)
    preview = run("run", "preview", "--year", "2026", "--as", mails[0], "--json")
    assert preview.exit_code == 0
    answer = json.loads(preview.output)
    assert (answer["invoices"], answer["zero"], answer["parked"], answer["complete"]) == (1, 1, 0, True)
    assert answer["totals"]["D"] == {"count": 1, "net": "3000.00", "vat": "630.00", "gross": "3630.00"}
    assert answer["gaps"] == []
    refused = run("run", "approve", "--year", "2026", "--as", mails[0])
    assert (refused.exit_code, "zelf voorbereid" in refused.output) == (1, True)
    assert run("run", "issue", "--year", "2026").exit_code == 1
    approved = run("run", "approve", "--year", "2026", "--as", mails[1], "--hash", answer["hash"])
    assert approved.exit_code == 0, approved.output
    assert "2 wijzigingen" in run("run", "issue", "--year", "2026").output
    assert "0 wijzigingen" in run("run", "issue", "--year", "2026").output
    assert session.scalar(select(func.count()).select_from(Invoice)) == 2
    out = tmp_path / "uit"
    first, second = (run("export", "--year", "2026", "--out", str(out)).output for _ in range(2))
    assert "4 bestanden geschreven" in first
    assert "0 bestanden geschreven" in second
    assert sorted(path.name for path in out.iterdir()) == [
        "2026-00001.pdf",
        "2026-00001.xml",
        "2026-00002.pdf",
        "2026-00002.xml",
    ]
    assert run("check-ubl", *(str(path) for path in sorted(out.glob("*.xml")))).exit_code == 0
    bundle = tmp_path / "ronde.zip"
    assert run("run", "bundle", "--year", "2026", "--out", str(bundle)).exit_code == 0
    with zipfile.ZipFile(bundle) as archive:
        assert "2026-00001" in archive.read("deelnemers.csv").decode()


def test_a_preview_without_a_name_still_takes_two_people(run: Run, world: World, mails: list[str]) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    assert run("run", "preview", "--year", "2026").exit_code == 0
    first = run("run", "approve", "--year", "2026", "--as", mails[0])
    assert (first.exit_code, "U legde ronde" in first.output) == (1, True)
    again = run("run", "approve", "--year", "2026", "--as", mails[0])
    assert (again.exit_code, "zelf voorbereid" in again.output) == (1, True)
    assert run("run", "approve", "--year", "2026", "--as", mails[1]).exit_code == 0
    assert "was al goedgekeurd" in run("run", "approve", "--year", "2026", "--as", mails[1]).output


def test_a_refused_approval_stands_in_the_audit_trail(
    run: Run, world: World, mails: list[str], session: Session
) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run("run", "preview", "--year", "2026", "--as", mails[0])
    run("run", "approve", "--year", "2026", "--as", mails[0])
    names = session.execute(select(AuditEvent.name)).scalars().all()
    assert "billing:run:refused" in names


def test_another_hash_than_was_seen_is_refused(run: Run, world: World, mails: list[str]) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run("run", "preview", "--year", "2026", "--as", mails[0])
    answer = run("run", "approve", "--year", "2026", "--as", mails[1], "--hash", "0" * 64)
    assert (answer.exit_code, "een ander dan u zag" in answer.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("preview", "--year", "1999"), "Kies een jaar van 2020 tot en met 2027"),
        (("preview", "--year", "2026", "--as", "niemand@voorbeeld.invalid"), "Er is geen medewerker"),
        (("approve", "--year", "2026", "--as", "niemand@voorbeeld.invalid"), "Er is geen medewerker"),
        (("issue", "--year", "2026"), "Er is geen facturatieronde over 2026"),
        (("bundle", "--year", "2026", "--out", "ronde.zip"), "Er is geen facturatieronde over 2026"),
    ],
)
def test_bad_input_is_answered_in_dutch(run: Run, world: World, arguments: tuple[str, ...], sentence: str) -> None:
    answer = run("run", *arguments)
    assert answer.exit_code in {1, 2}
    assert sentence in answer.output


def test_who_may_not_is_told_who_may(run: Run, world: World, mails: list[str]) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    answer = run("run", "preview", "--year", "2026", "--as", mails[2])
    assert (answer.exit_code, "rol Financiën" in answer.output) == (2, True)


def test_what_is_set_apart_makes_the_preview_end_with_findings(run: Run, world: World) -> None:
    world.creditor(None, connected_on=BEFORE)
    answer = run("run", "preview", "--year", "2026")
    assert answer.exit_code == 1
    assert "Apart gezet: 1 – aantal ontbreekt" in answer.output


def test_an_export_into_a_file_is_refused(run: Run, world: World, tmp_path: Path) -> None:
    (tmp_path / "bezet").write_text("x")
    assert run("export", "--year", "2026", "--out", str(tmp_path / "bezet")).exit_code == 2
    assert run("export", "--year", "2026", "--out", str(tmp_path / "bezet" / "map")).exit_code == 2
