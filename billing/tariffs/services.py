"""Record the tariff tables with the decisions they hang from. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from billing.events import EXCEPTION_RECORDED, TARIFFS_IMPORTED, ZERO_TARIFF_RECORDED
from billing.models import CategoryException, TariffRow, TariffTable, ZeroTariff
from billing.tariffs.rules import Category
from core import filters
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import UserError
from governance.kinds import Body, DecisionKind, SettingName
from governance.models import Decision
from governance.queries import day_on
from governance.rules import START
from governance.services import record_decision
from participants.models import Role

COLUMNS = frozenset(
    {
        "tabel",
        "doelgroep",
        "grondslag",
        "categorie",
        "ondergrens_incl",
        "bovengrens_excl",
        "aansluitkosten_eur",
        "jaartarief_eur",
        "bijzonder",
        "bron",
    }
)
BASES = {
    "aantal inwoners": "inhabitants",
    "aantal (schuld)dossiers per jaar": "files",
    "aantal geaccordeerde schuldregelingen 2019": "arrangements",
}
ZERO = "nultarief"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class _Table:
    """A table of tarieven.csv: how its name begins there, what we call it, and which setting tells its start."""

    begins_with: str
    name: str
    starts_on: SettingName
    text: str
    """What was decided."""


TABLES = (
    _Table(
        "2020-2022",
        "Tarieven 2020–2022 (A–F)",
        SettingName.TARIFF_TABLE_2020_STARTS_ON,
        "Tarieven voor schuldhulpverleners in zes categorieën, naar het aantal geaccordeerde schuldregelingen.",
    ),
    _Table(
        "A-G",
        "Tarieven A–G",
        SettingName.TARIFF_TABLE_A_G_STARTS_ON,
        "Tarieven in zeven categorieën: voor schuldhulpverleners naar inwoners, voor schuldeisers en overige"
        " schuldhulpverleners naar schulddossiers per jaar. Eén tarief voor alle modules. Geen winst; de kosten worden"
        " gedeeld.",
    ),
)


@dataclass
class TariffImport:
    """What an import of tariffs did."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Rows that hold no amounts, with the reason that the file gives."""


def import_tariffs(rows: Iterable[Mapping[str, str]], actor: Actor, *, example: bool) -> TariffImport:
    """Record the tables of tarieven.csv, the zero tariff and the exception for administrators, each on a decision.

    With `example` the decisions are invented and say so ("Voorbeeldbesluit …"), after an advice; otherwise they point
    to the publication. Start days come from the settings. Idempotent; a table that exists is never changed.
    Raises UserError for a file that is not right, or when the settings are missing.
    """
    advisory_lock("billing-import-tariffs")
    table_rows = list(rows)
    for row in table_rows:
        if missing := COLUMNS - row.keys():
            raise UserError(f"Het bestand mist de kolommen: {', '.join(sorted(missing))}.")
    outcome = TariffImport()
    maker = _Maker(actor, example, outcome)
    for table in TABLES:
        maker.add_table(table, [row for row in table_rows if row["tabel"].startswith(table.begins_with)])
    maker.add_zero_tariff([row for row in table_rows if row["tabel"].startswith(ZERO)])
    maker.add_exception()
    known = (*(table.begins_with for table in TABLES), ZERO)
    outcome.skipped += [f"{row['tabel']}: onbekende tabel" for row in table_rows if not row["tabel"].startswith(known)]
    return outcome


@dataclass(frozen=True)
class _Maker:
    actor: Actor
    example: bool
    outcome: TariffImport

    def add_table(self, table: _Table, rows: Sequence[Mapping[str, str]]) -> None:
        if not rows:
            return
        if session().execute(select(TariffTable).where(TariffTable.name == table.name)).first():
            self.outcome.unchanged.append(table.name)
            return
        tariff_rows = []
        for row in rows:
            if row["ondergrens_incl"].strip():
                tariff_rows.append(_tariff_row(row))
            else:
                self.outcome.skipped.append(f"{row['doelgroep']}, {table.name}: {row['bijzonder']}")
        starts_on = day_on(table.starts_on, START)
        decision = self._decision(
            DecisionKind.TARIFF_TABLE,
            starts_on,
            table.name,
            table.text,
            rows[0]["bron"],
            supersedes=_table_before(starts_on),
        )
        made = TariffTable(name=table.name, starts_on=starts_on, decision_id=decision.id, source=rows[0]["bron"])
        made.rows = tariff_rows
        session().add(made)
        session().flush()
        record(
            TARIFFS_IMPORTED,
            self.actor,
            subject=f"tariff_table:{made.id}",
            table=table.name,
            decision=decision.number,
        )
        self.outcome.added.append(table.name)

    def add_zero_tariff(self, rows: Sequence[Mapping[str, str]]) -> None:
        if not rows:
            return
        starts_on = day_on(SettingName.ZERO_TARIFF_STARTS_ON, START)
        name = f"Jaartarief € 0,00 voor nieuwe abonnementen vanaf {filters.day(starts_on)}"
        if session().execute(select(ZeroTariff).where(ZeroTariff.starts_on == starts_on)).first():
            self.outcome.unchanged.append(name)
            return
        decision = self._decision(
            DecisionKind.ZERO_TARIFF,
            starts_on,
            name,
            "Voor nieuwe abonnementen is het jaartarief voorlopig € 0,00.",
            rows[0]["bron"],
        )
        review_on = day_on(SettingName.ZERO_TARIFF_REVIEW_ON, START)
        session().add(ZeroTariff(decision_id=decision.id, starts_on=starts_on, first_review_on=review_on))
        session().flush()
        record(
            ZERO_TARIFF_RECORDED,
            self.actor,
            subject=f"decision:{decision.id}",
            starts_on=filters.day(starts_on),
            decision=decision.number,
        )
        self.outcome.added.append(name)

    def add_exception(self) -> None:
        role = session().get_one(Role, ADMINISTRATOR)
        ends_before = day_on(SettingName.ADMINISTRATOR_CATEGORY_A_UNTIL, START)
        starts_on = day_on(SettingName.TARIFF_TABLE_A_G_STARTS_ON, START)
        last_day = ends_before - timedelta(days=1)
        name = f"{role.label} in categorie A tot en met {filters.day(last_day)}"
        found = select(CategoryException).where(
            CategoryException.role_code == role.code, CategoryException.starts_on == starts_on
        )
        if session().execute(found).first():
            self.outcome.unchanged.append(name)
            return
        decision = self._decision(
            DecisionKind.TARIFF_EXCEPTION,
            starts_on,
            name,
            f"Bewindvoerders vallen tot en met {filters.day(last_day)} in categorie A, ongeacht hun omvang.",
            "https://schuldenknooppunt.nl/hoe-werkt-het/tarieven/",
            ends_before=ends_before,
        )
        session().add(
            CategoryException(
                role_code=role.code,
                category="A",
                starts_on=starts_on,
                ends_before=ends_before,
                decision_id=decision.id,
            )
        )
        session().flush()
        record(
            EXCEPTION_RECORDED,
            self.actor,
            subject=f"decision:{decision.id}",
            role=role.label.lower(),
            category="A",
            ends_before=filters.day(ends_before),
            decision=decision.number,
        )
        self.outcome.added.append(name)

    def _decision(
        self,
        kind: DecisionKind,
        starts_on: date,
        name: str,
        text: str,
        source: str,
        *,
        ends_before: date | None = None,
        supersedes: Decision | None = None,
    ) -> Decision:
        """In the example: an invented advice and an invented decision, some weeks before it starts. Otherwise what the
        publication says; it gives no day of decision, so the first day on which it holds stands for it."""
        if not self.example:
            return record_decision(
                body=Body.BOARD,
                kind=kind,
                decided_on=starts_on,
                title=name,
                text=f"{text}\nOvergenomen uit de genoemde bron. Die noemt de dag van het besluit niet; hier staat de"
                " dag waarop het ingaat. Een advies vooraf is hier niet apart vastgelegd.",
                source=source,
                actor=self.actor,
                from_source=True,
                starts_on=starts_on,
                ends_before=ends_before,
                supersedes=supersedes,
            )
        advice = record_decision(
            body=Body.ADVISORY_BOARD,
            kind=kind,
            decided_on=starts_on - timedelta(days=77),
            title=f"Voorbeeldadvies: {name}",
            text="Verzonnen advies, voor de voorbeeldomgeving. De raad van advies steunt de uitgangspunten.",
            source="voorbeeld",
            actor=self.actor,
        )
        return record_decision(
            body=Body.BOARD,
            kind=kind,
            decided_on=starts_on - timedelta(days=49),
            title=f"Voorbeeldbesluit: {name}",
            text=f"Verzonnen besluit, voor de voorbeeldomgeving.\n{text}",
            source="voorbeeld",
            actor=self.actor,
            advice=advice,
            starts_on=starts_on,
            ends_before=ends_before,
            supersedes=supersedes,
        )


def _table_before(starts_on: date) -> Decision | None:
    """The decision on the table of which a new one takes the place; None for the first, or when it was replaced."""
    query = select(TariffTable).where(TariffTable.starts_on < starts_on).order_by(TariffTable.starts_on.desc())
    found = session().execute(query.limit(1)).scalar_one_or_none()
    return found.decision if found is not None and found.decision.superseded_by is None else None


def read_category(row: Mapping[str, str]) -> Category:
    """A row of tarieven.csv that holds amounts. Raises UserError for what cannot be read."""
    where = f"{row['tabel']}, {row['doelgroep']}, categorie {row['categorie']}"
    basis = BASES.get(row["grondslag"])
    if basis is None:
        raise UserError(f"{where}: de grondslag '{row['grondslag']}' is onbekend.")
    share = re.fullmatch(r"(\d+(?:[.,]\d+)?)% van jaartarief", row["aansluitkosten_eur"].strip())
    annual, step_fee, step_size = _annual_fee(row["jaartarief_eur"], where)
    try:
        return Category(
            name=row["categorie"].strip(),
            basis=basis,
            lower=int(row["ondergrens_incl"]),
            upper=int(row["bovengrens_excl"]) if row["bovengrens_excl"].strip() else None,
            annual_fee=annual,
            connection_fee=None if share else Decimal(row["aansluitkosten_eur"].strip()),
            connection_share=Decimal(share[1].replace(",", ".")) if share else None,
            step_size=step_size,
            step_fee=step_fee,
        )
    except (ValueError, InvalidOperation) as error:
        raise UserError(f"{where}: grenzen en bedragen moeten getallen zijn, bijvoorbeeld 1500.00.") from error


def audience_of(row: Mapping[str, str]) -> str:
    """The audience of a row of tarieven.csv: shv or creditor."""
    return "shv" if row["doelgroep"].startswith("schuldhulpverleners") else "creditor"


def _tariff_row(row: Mapping[str, str]) -> TariffRow:
    found = read_category(row)
    return TariffRow(
        audience=audience_of(row),
        basis=found.basis,
        category=found.name,
        lower=found.lower,
        upper=found.upper,
        connection_fee=found.connection_fee,
        connection_share=found.connection_share,
        annual_fee=found.annual_fee,
        step_size=found.step_size,
        step_fee=found.step_fee,
    )


def _annual_fee(text: str, where: str) -> tuple[Decimal, Decimal | None, int | None]:
    """`3000.00`, or `15000 + 1500 per extra 100.000 inwoners`: amount, surcharge and size of its block."""
    formula = re.fullmatch(r"(\d+(?:\.\d\d)?) \+ (\d+(?:\.\d\d)?) per extra ([\d.]+)(?: \w+)?", text.strip())
    if formula:
        return Decimal(formula[1]), Decimal(formula[2]), int(formula[3].replace(".", ""))
    try:
        return Decimal(text.strip()), None, None
    except InvalidOperation as error:
        raise UserError(f"{where}: het jaartarief '{text}' is niet te lezen.") from error
