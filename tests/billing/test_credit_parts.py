"""An invoice is taken back in parts: together never more than stood on it, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing import queries, services
from billing.models import Invoice
from core import clock
from core.amounts import parse_amount
from core.audit import SYSTEM
from core.errors import Refused
from core.money import ZERO
from governance.kinds import SettingName
from governance.models import Setting
from identity.kinds import ParticipantRole, StaffRole
from participants.models import Participant
from tests.billing.conftest import World
from tests.browser import Browser, Page
from tests.people import People

IN_2024, LATER = date(2024, 3, 15), date(2026, 3, 16)
D = Decimal


@pytest.fixture
def participant(world: World) -> Participant:
    return world.municipality(70_361, name="Gemeente Velsen", connected_on=IN_2024)


@pytest.fixture
def invoice(world: World, participant: Participant) -> Invoice:
    """€ 300 connection fee and € 2.500 annual fee, € 3.388 with VAT."""
    with clock.at(IN_2024):
        made = services.issue_first_invoice(participant, IN_2024, SYSTEM)
    world.session.commit()
    return made


@pytest.fixture
def finance(browser: Browser, people: People, invoice: Invoice) -> Browser:
    return browser.sign_in(people.staff(StaffRole.FINANCE))


def credit(invoice: Invoice, **parts: str) -> Invoice:
    """`credit(invoice, line_2="833.33")`; without parts all that is left."""
    amounts = {int(name.removeprefix("line_")): D(amount) for name, amount in parts.items()}
    with clock.at(LATER):
        return services.credit_invoice(invoice, "Te veel gerekend.", SYSTEM, amounts or None)


def set_crediting_operator(session: Session, value: str) -> None:
    session.add(
        Setting(
            name=str(SettingName.CREDITING_OPERATOR.value),
            value=value,
            starts_on=date(2026, 3, 1),
            source="voorbeeld",
            to_confirm=True,
        )
    )
    session.flush()


# ------------------------------------------------------------------------------------------------- arithmetic


def test_parts_and_the_rest_add_up_to_the_invoice_in_thirds(invoice: Invoice) -> None:
    notes = [credit(invoice, line_2="833.33"), credit(invoice, line_2="833.33"), credit(invoice)]
    assert [note.number for note in notes] == ["C2026-00001", "C2026-00002", "C2026-00003"]
    assert [(note.net, note.vat) for note in notes] == [
        (D("-833.33"), D("-175.00")),
        (D("-833.33"), D("-175.00")),
        (D("-1133.34"), D("-238.00")),
    ]
    assert sum((note.gross for note in notes), ZERO) == -invoice.gross
    assert [note.credits_part for note in notes] == [True, True, False]
    assert invoice.credited_by == notes[2]
    assert queries.left_of(invoice) == {1: ZERO, 2: ZERO}


@pytest.mark.parametrize("steps", [["0.03"] * 4, ["0.08", "0.02"], ["0.13"], ["0.01"] * 13])
def test_small_parts_never_take_back_more_vat_than_there_is(invoice: Invoice, steps: list[str]) -> None:
    credit(invoice, line_2="2499.85")
    credit(invoice, line_1="299.99")
    for step in steps:
        credit(invoice, line_2=step)
    credit(invoice)
    assert sum((note.gross for note in invoice.credit_notes), ZERO) == -invoice.gross
    assert sum((note.vat for note in invoice.credit_notes), ZERO) == -invoice.vat


def test_the_last_part_leaves_nothing_and_counts_as_whole(invoice: Invoice) -> None:
    credit(invoice, line_1="300")
    last = credit(invoice, line_2="2500")
    assert not last.credits_part
    with pytest.raises(Refused, match=f"al gecrediteerd met creditnota {last.number}"):
        credit(invoice)
    with pytest.raises(Refused, match="al gecrediteerd"):
        credit(invoice, line_2="0.01")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"line_2": "2500.01"}, "Van regel 2 is nog € 2.500,00 over"),
        ({"line_1": "-1"}, "u kunt niet -€ 1,00 crediteren"),
        ({"line_1": "0"}, "Vul bij minstens één regel in"),
        ({"line_3": "1"}, "Deze regel staat niet op de factuur"),
    ],
)
def test_what_cannot_be_taken_back(invoice: Invoice, parts: dict[str, str], message: str) -> None:
    with pytest.raises(Refused) as refused:
        credit(invoice, **parts)
    assert message in refused.value.message.replace("\u00a0", " ").replace("€ -", "-€ ")
    assert not invoice.credit_notes


def test_a_fee_that_is_wholly_credited_can_be_invoiced_again(invoice: Invoice, participant: Participant) -> None:
    credit(invoice, line_2="2000")
    with clock.at(LATER):
        assert services.issue_first_invoice(participant, IN_2024, SYSTEM).id == invoice.id
    credit(invoice, line_2="500")
    assert invoice.is_credited_in_part
    with clock.at(LATER):
        again = services.issue_first_invoice(participant, IN_2024, SYSTEM)
    assert (again.net, [line.fee_kind.value for line in again.lines]) == (D("2500.00"), ["annual"])


# ------------------------------------------------------------------------------------------------- the database


def insert_copy(session: Session, note: Invoice, **changes: object) -> None:
    row = {column.name: getattr(note, column.name) for column in Invoice.__table__.columns if column.name != "id"}
    row |= {"number": "C2026-00009", "series_number": 9, **changes}
    session.execute(insert(Invoice).inline(), [row])


@pytest.mark.parametrize(("net", "vat"), [("-2000.01", "0.00"), ("0.00", "-588.01"), ("1.00", "0.00")])
def test_the_database_refuses_more_than_is_left(invoice: Invoice, session: Session, net: str, vat: str) -> None:
    note = credit(invoice, line_2="800")
    with pytest.raises(DBAPIError, match="niet meer worden teruggenomen"), session.begin_nested():
        insert_copy(session, note, net=D(net), vat=D(vat), gross=D(net) + D(vat))


def test_the_database_refuses_a_note_that_says_whole_but_is_not(invoice: Invoice, session: Session) -> None:
    note = credit(invoice, line_2="800")
    with pytest.raises(DBAPIError, match="niet meer worden teruggenomen"), session.begin_nested():
        insert_copy(session, note, credits_part=False)


def test_the_database_refuses_a_note_to_another_participant(invoice: Invoice, world: World, session: Session) -> None:
    note = credit(invoice, line_2="800")
    other = world.creditor(name="Iemand Anders B.V.")
    with pytest.raises(DBAPIError, match="dezelfde deelnemer"), session.begin_nested():
        insert_copy(session, note, participant_id=other.id)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE invoices SET credits_part = true"))


# ------------------------------------------------------------------------------------------------- predecessors


def test_the_operator_of_today_credits_an_invoice_of_its_predecessor(invoice: Invoice, session: Session) -> None:
    set_crediting_operator(session, "current")
    note = credit(invoice, line_2="100")
    document = queries.document_of(note)
    assert (note.number, document.seller.name) == ("C2026-00001", "Voorbeeldbeheerder B")
    assert document.credited is not None
    assert document.credited.seller == "Voorbeeldbeheerder A"


def test_by_setting_the_predecessor_credits_in_a_series_of_its_own(invoice: Invoice, session: Session) -> None:
    set_crediting_operator(session, "issuer")
    note = credit(invoice, line_2="100")
    assert (note.number, queries.document_of(note).seller.name) == ("C2026Z-00001", "Voorbeeldbeheerder A")
    set_later = credit(invoice)
    assert set_later.number == "C2026Z-00002"


# ------------------------------------------------------------------------------------------------- pages


def open_form(finance: Browser, invoice: Invoice) -> Page:
    return finance.get(f"/beheer/facturen/{invoice.number}/crediteren")


def plain(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


def test_a_part_is_credited_on_the_page_and_shown_everywhere(
    finance: Browser, invoice: Invoice, participant: Participant, app: object, people: People
) -> None:
    with clock.at(LATER):
        page = open_form(finance, invoice)
        assert "Er staat nog € 2.500,00 zonder btw." in plain(page)
        note = finance.submit(page, "Crediteren", extent="deel", line_2="1.250,50", reason="Halve periode.")
        assert note.heading == "Creditnota C2026-00001"
        assert "Een deel van factuur 2024-00001 is gecrediteerd" in note.notices[0]
        again = open_form(finance, invoice)
        assert "Er staat nog € 1.249,50 zonder btw." in plain(again)
        assert "Eerder gecrediteerd met C2026-00001 (€ 1.513,11 met btw)." in plain(again)
        finance.submit(again, "Crediteren", extent="deel", line_1="300", reason="Ook dit.")
        shown = finance.get(f"/beheer/facturen/{invoice.number}")
        assert "deels gecrediteerd" in shown.text
        assert "Creditnota C2026-00001" in shown.text
        assert "Creditnota C2026-00002" in shown.text
        assert "deels gecrediteerd" in finance.get("/beheer/facturen").text
        assert "C2026-00001, C2026-00002" in finance.get("/beheer/facturen.csv").response.get_data(as_text=True)
        browser = Browser(finance.app).sign_in(people.of(participant, ParticipantRole.FINANCIAL))
        own = browser.get(f"/mijn/{participant.id}/facturen")
        assert "Gecrediteerd met C2026-00001 (deels)" in own.text
        last = finance.submit(open_form(finance, invoice), "Crediteren", reason="De rest.")
        assert "Factuur 2024-00001 is gecrediteerd" in last.notices[0]
        page = finance.get(f"/beheer/facturen/{invoice.number}")
        assert "deels gecrediteerd" not in page.text.lower()
        assert all(f"Creditnota C2026-0000{n}" in page.text for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("values", "error", "status"),
    [
        ({"line_2": "2500,01"}, "Van regel 2 is nog € 2.500,00 over; u kunt niet € 2.500,01 crediteren.", 409),
        ({"line_2": "-10"}, "Van regel 2 is nog € 2.500,00 over", 409),
        ({}, "Vul bij minstens één regel in welk bedrag u crediteert.", 409),
        ({"line_1": "0"}, "Vul bij minstens één regel in welk bedrag u crediteert.", 409),
        ({"line_1": "veel"}, "Vul een bedrag in euro's in, bijvoorbeeld 1.500,00.", 422),
        ({"line_1": "1,005"}, "Vul een bedrag in euro's in, bijvoorbeeld 1.500,00.", 422),
        ({"line_1": "9" * 500}, "Vul een bedrag in van hoogstens", 422),
        ({"line_1": "99999999999"}, "Vul een bedrag in van hoogstens € 10.000.000,00.", 422),
        ({"line_1": "10", "extent": "alles"}, "U vulde bedragen in. Kies 'Een deel'", 422),
        ({"line_1": "10", "extent": "iets"}, "Kies of u alles crediteert of een deel.", 422),
        ({"line_1": "10", "reason": ""}, "Schrijf in één of twee zinnen waarom u deze factuur crediteert.", 422),
    ],
)
def test_bad_input_is_explained_and_credits_nothing(
    finance: Browser, invoice: Invoice, values: dict[str, str], error: str, status: int
) -> None:
    answer = finance.submit(
        open_form(finance, invoice),
        "Crediteren",
        status,
        **{"extent": "deel", "reason": "Te veel gerekend.", **values},
    )
    assert any(error in found.replace("\u00a0", " ") for found in answer.errors), answer.errors
    assert not invoice.credit_notes


def test_sending_the_same_part_twice_is_stopped_when_it_no_longer_fits(finance: Browser, invoice: Invoice) -> None:
    page = open_form(finance, invoice)
    finance.submit(page, "Crediteren", extent="deel", line_2="2000", reason="Te veel.")
    answer = finance.submit(page, "Crediteren", 409, extent="deel", line_2="2000", reason="Te veel.")
    assert "Van regel 2 is nog" in answer.errors[0]
    assert len(invoice.credit_notes) == 1


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1500", "1500.00"),
        ("1.500", "1500.00"),
        ("1.500,5", "1500.50"),
        ("€ 1.500,00", "1500.00"),
        ("1500.25", "1500.25"),
        ("- 12,50", "-12.50"),
        ("−3", "-3.00"),
        ("€ -3", "-3.00"),
        ("1 250,00", "1250.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, amount: str) -> None:
    assert parse_amount(typed) == D(amount)


@pytest.mark.parametrize("typed", ["", "-", "1,2,3", "1.50.00", "1e5", "NaN", "٣", "12 34", "1,", "0x10", "--1"])
def test_what_is_not_an_amount(typed: str) -> None:
    with pytest.raises(ValueError, match="Vul een bedrag in euro's in"):
        parse_amount(typed)
