"""`flask onboarding import-text`"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from core.audit import SYSTEM
from governance.kinds import Body, DecisionKind
from governance.services import record_decision
from tests.onboarding.conftest import TODAY, Journey


def test_texts_are_taken_in_once(journey: Journey, app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner()
    new = tmp_path / "nieuw.md"
    new.write_text("versie: 2027-1\ntitel: Proef\ngeldt-vanaf: 2027-01-01\n\n# Deel\n\n## Artikel\n\nTekst.\n")
    trial = run.invoke(args=["onboarding", "import-text", str(new), "--dry-run"])
    assert trial.output.splitlines() == ["2027-1: opgenomen.", "Proef, er is niets veranderd: 1 wijzigingen."]
    first = run.invoke(args=["onboarding", "import-text", str(new)])
    assert first.output.splitlines() == ["2027-1: opgenomen.", "1 wijzigingen."]
    again = run.invoke(args=["onboarding", "import-text", str(new)])
    assert (again.exit_code, again.output.splitlines()) == (0, ["2027-1: stond er al.", "0 wijzigingen."])
    new.write_text(new.read_text() + "\nNog iets.\n")
    changed = run.invoke(args=["onboarding", "import-text", str(new)])
    assert changed.exit_code == 2
    assert "bestaat al met een andere inhoud" in changed.output


def test_a_broken_file_is_refused_with_its_line(journey: Journey, app: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "kapot.md"
    broken.write_text("versie: 2027-1\ntitel: Proef\ngeldt-vanaf: 2027-01-01\n\nlosse tekst")
    result = app.test_cli_runner().invoke(args=["onboarding", "import-text", str(broken)])
    assert result.exit_code == 2
    assert "Regel 1: deze tekst staat niet onder een artikel" in result.output


def test_a_text_hangs_from_a_decision(journey: Journey, app: Flask, tmp_path: Path) -> None:
    record_decision(
        body=Body.BOARD,
        kind=DecisionKind.AGREEMENT_TEXT,
        decided_on=TODAY,
        title="Nieuwe tekst",
        text="Ja.",
        source="voorbeeld",
        actor=SYSTEM,
        number="2026-99",
    )
    journey.session.commit()
    new = tmp_path / "nieuw.md"
    new.write_text("versie: 2027-1\ntitel: Proef\ngeldt-vanaf: 2027-01-01\n\n# Deel\n\n## Artikel\n\nTekst.\n")
    run = app.test_cli_runner()
    unknown = run.invoke(args=["onboarding", "import-text", str(new), "--decision", "1999-1"])
    assert unknown.exit_code == 2
    assert run.invoke(args=["onboarding", "import-text", str(new), "--decision", "2026-99"]).exit_code == 0
