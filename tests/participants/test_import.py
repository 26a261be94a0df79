"""The register files are read in, over and over; broken files and rows are named and stop nothing else."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core import db as database
from core.audit import SYSTEM
from core.db import scoped
from participants import queries
from participants.imports import rules
from participants.imports.rules import UnreadableFile
from participants.imports.services import Importer, Outcome
from participants.kinds import MeasurementKind, OrganisationKind
from participants.models import Measurement, Organisation
from tests.participants.conftest import DATA, Example, examples, name_of

REAL = ("gemeenten.csv", "gemeenten_opgeheven.csv", "publieke_organisaties.csv")
OIN_DIFFERS = {
    "Alkmaar", "Berg en Dal", "Borger-Odoorn", "Doetinchem", "Edam-Volendam", "Heerenveen", "Katwijk", "Schagen"
}  # fmt: skip

HEADER = "cbs_code,naam,officiele_naam,provincie,inwoners,oin,oin_basis,kvk,rsin,tooi,roo_id,website,bezoekadres,postadres,laatst_gewijzigd"  # noqa: E501  as in the file
GOOD = 'GM9901,Voorbeeldstad,Gemeente Voorbeeldstad,Utrecht,12345,00000099000000000001,,99000001,,,990001,https://voorbeeldstad.invalid,"Plein 1, 1234 AB VOORBEELDSTAD","Postbus 1, 1234 AA VOORBEELDSTAD",2026-05-01'  # noqa: E501


def content(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def read_in(data: bytes) -> Outcome:
    return Importer(SYSTEM, rules.read_table(data)).store_all()


def command(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["participants", "import-organisations", *map(str, arguments)])


def by_code(session: Session, code: str) -> Organisation:
    return session.execute(select(Organisation).where(Organisation.municipality_code == code)).scalar_one()


# ------------------------------------------------------------------------------------------------- real files


@pytest.fixture(scope="module")
def real_files() -> list[Path]:
    return [DATA / name for name in REAL]


def test_the_real_files_are_read_in_once_and_for_all(app: Flask, session: Session, real_files: list[Path]) -> None:
    first = command(app, "--json", *real_files)
    municipalities, former, bodies = json.loads(first.stdout)
    assert (len(municipalities["added"]), len(former["added"]), len(bodies["added"])) == (342, 260, 60)
    assert municipalities["refused"] == bodies["refused"] == []
    assert [(remark["name"], remark["text"]) for remark in former["refused"]] == [
        (
            "Kollumerland en Nieuwkruisland",
            "GM0079 staat ook op regel 222, met andere gegevens; die regel telt.",
        )
    ]
    assert first.exit_code == 1
    session.expire_all()

    of_municipalities = select(Organisation).where(Organisation.municipality_code.is_not(None))
    existing = session.execute(of_municipalities.where(Organisation.ends_before.is_(None))).scalars().all()
    assert len(existing) == 342
    assert {row.short_name for row in existing if row.kvk is None or row.rsin is None} == {"Dijk en Waard", "Maashorst"}
    assert all(row.oin and row.province and row.place and row.postal_address for row in existing)
    warned = {remark["name"] for remark in municipalities["warnings"]}
    assert warned == {f"Gemeente {name}" for name in OIN_DIFFERS}
    in_force = select(func.sum(Measurement.value)).where(
        Measurement.kind == MeasurementKind.INHABITANTS, Measurement.organisation_id.in_([row.id for row in existing])
    )
    assert session.scalar(in_force) == 18_129_929
    bergen = by_code(session, "GM0748")
    assert (bergen.short_name, bergen.place, bergen.kvk) == ("Bergen op Zoom", "Bergen op Zoom", bergen.kvk)
    groningen = queries.latest_measurement(MeasurementKind.INHABITANTS, organisation_id=by_code(session, "GM0014").id)
    assert groningen is not None
    assert (groningen.value, groningen.measured_on.isoformat(), groningen.source) == (
        244427,
        "2026-05-06",
        "organisaties.overheid.nl",
    )
    assert [hit.short_name for hit in queries.find_organisations("Kollumerland")] == ["Kollumerland c.a."]
    assert queries.find_organisations("00000001825783434000")[0].is_exact

    for typed, place in (
        ("Groninge", "Gemeente Groningen"),
        ("s-hertogenbosch", "Gemeente 's-Hertogenbosch"),
        ("Súdwest", "Gemeente Súdwest-Fryslân"),
        ("den haag", "Gemeente Den Haag"),
        ("amsterdm", "Gemeente Amsterdam"),
        ("utrect", "Gemeente Utrecht"),
        ("kredietbank limburg", "Kredietbank Limburg"),
    ):
        took = []
        for _ in range(5):
            started = time.perf_counter()
            with scoped(database.VISITOR):
                assert queries.find_organisations(typed)[0].name == place
            took.append(time.perf_counter() - started)
        assert min(took) < 0.05, f"{typed}: {min(took) * 1000:.0f} ms"

    again = command(app, *real_files)
    assert [line for line in again.stdout.splitlines() if "toegevoegd" in line] == [
        "gemeenten.csv (gemeenten): 0 toegevoegd, 0 gewijzigd, 342 ongewijzigd, 0 geweigerd.",
        "gemeenten_opgeheven.csv (opgeheven gemeenten): 0 toegevoegd, 0 gewijzigd, 260 ongewijzigd, 1 geweigerd.",
        "publieke_organisaties.csv (publieke organisaties): 0 toegevoegd, 0 gewijzigd, 60 ongewijzigd, 0 geweigerd.",
    ]


def test_a_trial_stores_nothing(app: Flask, session: Session) -> None:
    outcome = command(app, "--dry-run", DATA / "publieke_organisaties.csv")
    assert "60 toegevoegd" in outcome.stdout
    assert "Dit was een proef; er is niets bewaard." in outcome.stdout
    assert outcome.exit_code == 0
    assert session.scalar(select(func.count()).select_from(Organisation)) == 0
    assert session.scalar(select(func.count()).select_from(audit.AuditEvent)) == 0


# ------------------------------------------------------------------------------------------------- changes


def test_a_changed_count_is_a_new_measurement_and_the_old_one_stays(session: Session) -> None:
    read_in(content(GOOD))
    outcome = read_in(content(GOOD.replace("12345", "12400").replace("2026-05-01", "2026-08-01")))
    assert [(remark.name, remark.text) for remark in outcome.changed] == [("Gemeente Voorbeeldstad", "inwoners")]
    row = by_code(session, "GM9901")
    assert [(m.value, m.measured_on.isoformat()) for m in queries.measurements(organisation_id=row.id)] == [
        (12400, "2026-08-01"),
        (12345, "2026-05-01"),
    ]
    assert read_in(content(GOOD.replace("12345", "12400"))).unchanged == 1


def test_a_new_name_leaves_a_sentence_with_the_old_one(session: Session) -> None:
    read_in(content(GOOD))
    read_in(content(GOOD.replace("Gemeente Voorbeeldstad", "Gemeente Voorbeeldsteden")))
    row = by_code(session, "GM9901")
    assert audit.timeline(subject=f"organisation:{row.id}", for_staff=True)[0].sentence == (
        "Het systeem wijzigde de naam Gemeente Voorbeeldstad in Gemeente Voorbeeldsteden (organisaties.overheid.nl)."
    )


def test_an_empty_cell_does_not_wipe_out_what_is_known(session: Session) -> None:
    read_in(content(GOOD))
    assert read_in(content(GOOD.replace("99000001", ""))).unchanged == 1
    assert by_code(session, "GM9901").kvk == "99000001"


def test_a_municipality_that_was_dissolved_gets_its_end(session: Session) -> None:
    read_in(content(GOOD))
    former = "cbs_code,naam,officiele_naam,inwoners,oin,kvk,rsin,einddatum_excl"
    outcome = read_in(content("GM9901,Voorbeeldstad,Gemeente Voorbeeldstad,,,,,2027-01-01", header=former))
    assert [remark.text for remark in outcome.changed] == ["einddatum"]
    row = by_code(session, "GM9901")
    assert str(row.ends_before) == "2027-01-01"
    assert (
        "op 31 december 2026 voor het laatst bestond"
        in audit.timeline(subject=f"organisation:{row.id}", for_staff=True)[0].sentence
    )


# ------------------------------------------------------------------------------------------------- broken rows


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.replace("99000001", "9900001"), "Een KvK-nummer heeft acht cijfers. U vulde er zeven in."),
        (GOOD.replace("00000099000000000001", "123"), "Een OIN heeft twintig tekens."),
        (GOOD.replace("12345", "veel"), "inwoners is 'veel'; dat is geen aantal."),
        (GOOD.replace("12345", "-5"), "inwoners is '-5'; dat is geen aantal."),
        (GOOD.replace("2026-05-01", "1 mei"), "dat is geen datum"),
        (GOOD.replace("GM9901", "9901"), "'9901' is geen gemeentecode"),
        (GOOD.replace("GM9901", ""), "cbs_code ontbreekt"),
        (GOOD.replace("Voorbeeldstad,Gemeente", ",Gemeente", 1), "de naam ontbreekt."),
        (GOOD.replace("Gemeente Voorbeeldstad", "x" * 300), "De naam mag hoogstens 200 tekens hebben."),
        (GOOD.replace("Gemeente Voorbeeldstad", "Gemeente\x07Voorbeeld"), "kunnen wij niet verwerken: U+0007"),
        (GOOD.replace("Gemeente Voorbeeldstad", "Gemeente\x00"), "Deze tekens kunnen wij niet verwerken: U+0000"),
        (GOOD.replace("Gemeente Voorbeeldstad", "y" * 200_000), "de regel is niet te lezen"),
        (GOOD + ",meer", "de regel heeft 16 velden; het moeten er 15 zijn."),
        ("GM9901,Voorbeeldstad", "de regel heeft 2 velden; het moeten er 15 zijn."),
        (GOOD.replace("990001", "990002").replace("99000001", "99000002"), "Er is al een organisatie met dit KvK"),
    ],
)  # fmt: skip
def test_a_broken_row_is_refused_with_its_line_and_the_rest_goes_on(session: Session, row: str, reason: str) -> None:
    taken = GOOD.replace("GM9901", "GM9902").replace("990001", "990002").replace("99000001", "99000002")
    last = GOOD.replace("GM9901", "GM9903").replace("990001", "990003").replace("99000001", "99000003")
    outcome = read_in(content(taken, row, last))
    assert len(outcome.added) == 2
    assert [remark.line for remark in outcome.refused] == [3]
    assert reason in outcome.refused[0].text


def test_of_two_rows_with_one_code_the_fullest_counts(session: Session) -> None:
    poor = GOOD.replace("99000001", "")
    outcome = read_in(content(poor, GOOD, GOOD))
    assert outcome.added == ["Gemeente Voorbeeldstad"]
    assert [(remark.line, remark.text) for remark in outcome.refused] == [
        (2, "GM9901 staat ook op regel 3, met andere gegevens; die regel telt."),
        (4, "GM9901 staat ook op regel 3; die regel telt."),
    ]
    assert by_code(session, "GM9901").kvk == "99000001"


# ------------------------------------------------------------------------------------------------- broken files


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + content(GOOD),
        content(GOOD).replace(b"\n", b"\r\n"),
        content(*GOOD.splitlines()).replace(b'"Plein 1, 1234 AB VOORBEELDSTAD"', b"").replace(
            b'"Postbus 1, 1234 AA VOORBEELDSTAD"', b""
        ).replace(b",", b";"),
        content(GOOD, "", "  ", ",,,,,,,,,,,,,,"),
    ],
    ids=["byte order mark", "windows lines", "semicolons", "empty lines"],
)  # fmt: skip
def test_small_differences_in_form_do_not_matter(session: Session, data: bytes) -> None:
    outcome = read_in(data)
    assert (outcome.added, outcome.refused) == (["Gemeente Voorbeeldstad"], [])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Dit bestand is leeg."),
        (b"\xef\xbb\xbf  \n\n", "Dit bestand is leeg."),
        (HEADER.encode(), "Dit bestand bevat alleen kolomnamen"),
        (content(GOOD).replace(b"Voorbeeldstad", "Súdwest".encode("latin-1")), "niet in UTF-8 opgeslagen (regel 2)"),
        (content(GOOD).decode().encode("utf-16"), "niet in UTF-8 opgeslagen"),
        (b"a,b,c\n1,2,3\n", "Dit bestand herkennen wij niet aan zijn kolommen."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "niet in UTF-8"),
        (content(GOOD, header=HEADER.replace("kvk", "kamer")), "Er ontbreekt: kvk. Onbekend is: kamer."),
        (content(GOOD, header=HEADER.replace(",oin_basis", "")), "Er ontbreekt: oin_basis."),
        (content(GOOD, header=HEADER + ",extra"), "Onbekend is: extra."),
        (content(GOOD, header=HEADER + ",kvk"), "Deze kolommen staan er twee keer in: kvk."),
    ],
)  # fmt: skip
def test_a_file_that_is_not_usable_is_explained(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as error:
        rules.read_table(data)
    assert message in str(error.value)


def test_one_unusable_file_stops_the_command_before_anything_is_stored(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    good, bad = tmp_path / "goed.csv", tmp_path / "fout.csv"
    good.write_bytes(content(GOOD))
    bad.write_bytes(b"a,b\n1,2\n")
    outcome = command(app, good, bad, tmp_path / "weg.csv")
    assert outcome.exit_code == 2
    assert "fout.csv: Dit bestand herkennen wij niet" in outcome.stderr
    assert "weg.csv: niet te openen" in outcome.stderr
    assert "Er is niets bewaard." in outcome.stderr
    assert session.scalar(select(func.count()).select_from(Organisation)) == 0


# ------------------------------------------------------------------------------------------------- pure rules


@pytest.mark.parametrize("example", examples("places"), ids=name_of)
def test_the_place_stands_at_the_end_of_an_address(example: Example) -> None:
    assert (rules.place_in(example["address"]) or "") == example["place"]


@pytest.mark.parametrize("example", examples("sectors"), ids=name_of)
def test_the_sector_of_a_public_body(example: Example) -> None:
    assert rules.sector_of(example["group"], example["name"]).value == example["sector"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://www.almere.nl", "https://www.almere.nl"),
        ("www.avres.nl", "https://www.avres.nl"),
        ("javascript:alert(1)", None),
        ("geen adres", None),
        ("", None),
    ],
)
def test_a_website_can_be_opened(typed: str, address: str | None) -> None:
    assert rules.web_address(typed) == address


def test_kinds_are_kept(session: Session) -> None:
    read_in((DATA / "publieke_organisaties.csv").read_bytes())
    kinds = session.execute(select(Organisation.kind).distinct()).scalars().all()
    assert kinds == [OrganisationKind.PUBLIC_BODY]
