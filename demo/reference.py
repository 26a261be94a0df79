"""What every installation needs before its first application, in the example's version: registers, operators,
decisions, tariffs, modules and texts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from billing.tariffs.services import import_tariffs
from catalogue.services import import_modules
from core import csv_files
from core.audit import SYSTEM
from core.db import session, transaction
from demo import privacy
from demo.catalogue import load_roads
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from governance.queries import operator_on
from governance.services import import_operators, load_default_settings, record_decision
from onboarding.agreements.queries import text_in_force
from onboarding.agreements.rules import read_file
from onboarding.agreements.texts.services import import_text
from participants.imports.rules import read_table
from participants.imports.services import Importer

DATA = Path(__file__).parent.parent / "data"
REGISTERS = ("gemeenten.csv", "gemeenten_opgeheven.csv", "publieke_organisaties.csv")
TEXTS = ("overeenkomst_2023-1.md", "overeenkomst_2026-1.md")


def load_rules() -> None:
    """Operators, settings, tariffs on example decisions, modules and agreement texts. Idempotent; one transaction."""
    with transaction():
        import_operators(csv_files.read(DATA / "beheerders.csv"), SYSTEM, example=True)
        load_default_settings(SYSTEM)
        import_tariffs(csv_files.read(DATA / "tarieven.csv"), SYSTEM, example=True)
        import_modules(SYSTEM)
        load_roads()
        for name in TEXTS:
            _import_text(DATA / name)
    privacy.load_rules()


def _import_text(path: Path) -> None:
    text = read_file(path.read_text(encoding="utf-8"))
    number = f"VOORBEELD-tekst-{text.version}"
    decision = session().execute(select(Decision).where(Decision.number == number)).scalar_one_or_none()
    before = text_in_force(text.starts_on - timedelta(days=1))
    decision = decision or record_decision(
        body=Body.BOARD,
        kind=DecisionKind.AGREEMENT_TEXT,
        decided_on=text.starts_on - timedelta(days=30),
        title=f"Voorbeeldbesluit tekst van de overeenkomst {text.version}",
        text="Verzonnen besluit: deze conceptversie van de aansluit- en verwerkersovereenkomst geldt in het voorbeeld.",
        source="voorbeeld",
        number=number,
        actor=SYSTEM,
        starts_on=text.starts_on,
        supersedes=before.decision if before else None,
    )
    operator = operator_on(text.starts_on)
    import_text(text.version, text.body, text.starts_on, operator, decision, SYSTEM, title=text.title)


def load_registers() -> None:
    """The organisations of the public registers. Idempotent; one transaction per file."""
    for name in REGISTERS:
        table = read_table((DATA / name).read_bytes())
        with transaction():
            Importer(SYSTEM, table).store_all(table.rows)
        session().expunge_all()
