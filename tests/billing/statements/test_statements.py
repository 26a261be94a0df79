"""The statement of account of a participant."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import services
from billing.models import Invoice
from billing.queries import document_of
from billing.statements.rules import Movement, MovementKind, statement
from core import clock
from core.audit import SYSTEM
from identity.kinds import ParticipantRole, StaffRole
from participants.models import Participant
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People

with (Path(__file__).parents[1] / "examples/statements.csv").open(encoding="utf-8") as source:
    ROWS = list(csv.DictReader(source))
TODAY = date(2026, 11, 20)


def movement(text: str) -> Movement:
    day, kind, amount = text.split()
    return Movement(date.fromisoformat(day), MovementKind(kind), "2026-00001", "", Decimal(amount))


@pytest.mark.parametrize("row", ROWS, ids=[row["naam"] for row in ROWS])
def test_examples(row: dict[str, str]) -> None:
    movements = [movement(text) for text in row["bewegingen"].split("|") if text]
    found = statement(movements, date.fromisoformat(row["op"]), int(row["jaar"]) if row["jaar"] else None)
    assert (found.opening, found.balance, len(found.lines)) == (
        Decimal(row["beginstand"]),
        Decimal(row["eindstand"]),
        int(row["regels"]),
    )


AMOUNTS = st.decimals(min_value=-99999, max_value=99999, places=2)
MOVEMENTS = st.lists(
    st.builds(
        Movement,
        st.dates(date(2024, 1, 1), date(2027, 12, 31)),
        st.sampled_from(MovementKind),
        st.just("1"),
        st.just(""),
        AMOUNTS,
    )
).map(lambda found: sorted(found, key=lambda one: one.on))


@given(MOVEMENTS, st.sampled_from([2024, 2025, 2026, 2027]))
def test_years_follow_each_other_and_add_up(movements: list[Movement], year: int) -> None:
    last = date(2027, 12, 31)
    whole, before, this = (statement(movements, last, one) for one in (None, year - 1, year))
    assert before.balance == this.opening
    assert this.balance == this.opening + sum(this.total(kind) for kind in MovementKind)
    assert whole.balance == statement(movements, last, 2027).balance


# ------------------------------------------------------------------------------------------------- pages


@pytest.fixture
def participant(world: World) -> Participant:
    """Invoiced for 2025 and 2026; that of 2025 was credited in 2026."""
    made = world.municipality(70_361, connected_on=date(2024, 3, 15))
    with clock.at(date(2025, 1, 10)):
        first = services.issue_annual_invoice(made, 2025, SYSTEM)
    with clock.at(date(2026, 1, 10)):
        services.issue_annual_invoice(made, 2026, SYSTEM)
        services.credit_invoice(first, "Dubbel.", SYSTEM)
    world.session.commit()
    return made


def euros_of(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("side", ["staff", "own"])
def test_staff_and_the_participant_see_the_same_statement(
    browser: Browser, people: People, participant: Participant, side: str
) -> None:
    if side == "staff":
        browser.sign_in(people.staff(StaffRole.FINANCE))
        path = f"/beheer/deelnemers/{participant.id}/facturen"
    else:
        browser.sign_in(people.of(participant, ParticipantRole.FINANCIAL))
        path = f"/mijn/{participant.id}/facturen"
    with clock.at(TODAY):
        page = browser.get(browser.get(path).link("Rekeningoverzicht"))
        assert page.heading == "Rekeningoverzicht"
        assert "Stand op 20 november 2026" in page.text
        assert "Gefactureerd min gecrediteerd € 3.630,00" in euros_of(page.text)
        assert "Betalingen staan hier nog niet bij" in page.text
        earlier = browser.get(f"{path}/rekeningoverzicht?op=31-12-2025")
        assert "Gecrediteerd € 0,00" in euros_of(earlier.text)
        assert "Stand op 20 november 2026" in browser.get(f"{path}/rekeningoverzicht?op=1-1-2099&jaar=%00").text
        year = browser.get(f"{path}/rekeningoverzicht?jaar=2026")
        assert "Beginstand 1-1-2026 € 3.630,00" in euros_of(year.text)
        body = browser.get(year.link("Download als CSV")).response.get_data().decode("utf-8-sig")
        document = browser.get(year.link("Download als PDF")).response.get_data()
    assert body.splitlines()[1] == "1-1-2026;Beginstand;;;;3630,00"
    assert body.splitlines()[-1].startswith("10-1-2026;Creditnota;C2026-00001;Bij factuur 2025-00001;-3630,00;3630,00")
    assert document.startswith(b"%PDF")


def test_another_participant_sees_nothing_of_it(
    browser: Browser, people: People, world: World, participant: Participant
) -> None:
    browser.sign_in(people.of(world.municipality(name="Gemeente Anderveld"), ParticipantRole.FINANCIAL))
    for ending in ("", ".csv", ".pdf"):
        browser.get(f"/mijn/{participant.id}/facturen/rekeningoverzicht{ending}", expect=404)


def test_who_may_not_see_invoices_sees_no_statement(browser: Browser, people: People, participant: Participant) -> None:
    browser.sign_in(people.of(participant, ParticipantRole.EMPLOYEE))
    browser.get(f"/mijn/{participant.id}/facturen/rekeningoverzicht", expect=403)
    browser.sign_in(people.staff(StaffRole.PRIVACY))
    browser.get(f"/beheer/deelnemers/{participant.id}/facturen/rekeningoverzicht", expect=403)


def test_a_participant_finds_its_own_invoices(browser: Browser, people: People, participant: Participant) -> None:
    browser.sign_in(people.of(participant, ParticipantRole.FINANCIAL))
    path = f"/mijn/{participant.id}/facturen"

    def numbers(query: str) -> list[str]:
        found = browser.get(f"{path}{query}").soup.select("tbody th")
        return [cell.get_text(strip=True) for cell in found]

    assert numbers("") == ["C2026-00001", "2026-00001", "2025-00001"]
    assert numbers("?jaar=2026") == ["2026-00001"]
    assert numbers("?soort=creditnota") == ["C2026-00001"]
    assert numbers("?q=2025-00001") == ["2025-00001"]
    assert numbers("?q=bestaat+niet") == []
    assert numbers("?deelnemer=1&besluit=2022-02&jaar=x") == ["C2026-00001", "2026-00001", "2025-00001"]
    page = browser.get(f"{path}?soort=factuur")
    lines = browser.get(page.link("Download deze lijst als CSV")).response.get_data().decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["2026-00001", "2025-00001"]


def test_finance_finds_what_stands_on_a_bank_statement(
    browser: Browser, people: People, world: World, participant: Participant
) -> None:
    with clock.at(date(2026, 1, 10)):
        other: Invoice = services.issue_annual_invoice(
            world.municipality(15_000, name="Gemeente Anderveld", connected_on=date(2024, 3, 15)), 2026, SYSTEM
        )
    world.session.commit()
    browser.sign_in(people.staff(StaffRole.FINANCE))

    def numbers(query: str) -> list[str]:
        found = browser.get(f"/beheer/facturen?q={query}").soup.select("tbody td:first-child")
        return sorted(cell.get_text(strip=True) for cell in found)

    reference = document_of(other).payment_reference
    assert numbers(reference) == [other.number]
    assert numbers("+".join([reference[:4], reference[4:8], reference[8:]]).lower()) == [other.number]
    assert numbers(f"RF00{reference[4:]}") == [], "with wrong check digits it is a typing error"
    assert numbers("907,50") == [other.number]
    assert numbers("%E2%82%AC+3.630,00") == ["2025-00001", "2026-00001", "C2026-00001"]
    assert numbers("-3630") == ["2025-00001", "2026-00001", "C2026-00001"]
    assert numbers("3.63") == []
