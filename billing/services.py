"""Issue and credit invoices. Callers hold scope staff or JOB and a transaction.

What is issued lies fixed: number, lines and parties are written once; a correction is a credit note for the whole
invoice or a part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from billing import queries, rules
from billing.delivery.services import deliver
from billing.documents import Credited, InvoiceDocument, Line, Seller
from billing.events import CREDIT_REFUSED, INVOICE_CREDITED, INVOICE_CREDITED_IN_PART
from billing.issuing.documents import Draft, DraftLine
from billing.issuing.queries import Circumstances, annual_basis, draft, first_basis, with_totals
from billing.issuing.services import issue, take_turns
from billing.kinds import FeeKind, InvoiceKind
from billing.models import Charge, Invoice, InvoiceLine
from billing.prepayments.services import give_back
from core import filters
from core.audit import Actor, Entry, record
from core.db import session
from core.errors import Refused
from core.money import ZERO
from governance.kinds import SettingName
from governance.models import Operator
from governance.queries import value_on
from participants.models import Participant
from participants.queries import connection_period

# --------------------------------------------------------------------------------------------------- issuing


def issue_first_invoice(participant: Participant, connected_on: date, actor: Actor) -> Invoice:
    """The invoice of connecting: the connection fee, and the annual fee over the rest of the year.

    At € 0,00 too it is a numbered invoice. What was invoiced before is not invoiced again: then the existing invoice
    comes back. Raises UserError when invoice details or seller data are missing, CannotClassify when a number is.
    """
    take_turns([participant.id])
    connection = queries.charge(participant.id, FeeKind.CONNECTION, 0)
    annual = queries.charge(participant.id, FeeKind.ANNUAL, connected_on.year)
    if annual is not None and connection is not None:
        return session().get_one(Invoice, connection.invoice_id)
    charged = frozenset(charge.fee_kind for charge in (connection, annual) if charge is not None)
    now = Circumstances.now()
    invoice = issue_one(draft(participant, first_basis(participant, connected_on, charged, now), now), actor)
    deliver(invoice)
    return invoice


def issue_annual_invoice(
    participant: Participant, year: int, actor: Actor, *, now: Circumstances | None = None, by_mail: bool = True
) -> Invoice:
    """The annual fee over a calendar year, for a subscription that began before it. A subscription that began under a
    zero tariff gets € 0,00. The existing invoice comes back when that year was invoiced before.

    `now`: when many are issued. The PDF is made and mailed by a job, so that issuing many does not wait for it; without
    `by_mail` it is made when somebody asks for it.

    Raises Refused without such a subscription, and what `issue_first_invoice` raises.
    """
    take_turns([participant.id])
    first_day = date(year, 1, 1)
    existing = queries.charge(participant.id, FeeKind.ANNUAL, year)
    if existing is not None:
        return session().get_one(Invoice, existing.invoice_id)
    period = connection_period(participant.id, first_day)
    if period is None or period.starts_on >= first_day:
        raise Refused(
            f"{participant.name} had op {filters.day(first_day)} nog geen lopend abonnement. Het jaartarief over het"
            " eerste jaar staat op de eerste factuur."
        )
    now = now or Circumstances.now()
    basis = annual_basis(participant, year, period.starts_on, now)
    return issue_one(draft(participant, basis, now, by_mail=by_mail), actor)


def issue_one(what: Draft, actor: Actor) -> Invoice:
    """One draft, numbered and filed."""
    [issued] = issue([what], actor)
    return session().get_one(Invoice, issued.invoice_id)


# --------------------------------------------------------------------------------------------------- crediting


def credit_invoice(invoice: Invoice, reason: str, actor: Actor, parts: Mapping[int, Decimal] | None = None) -> Invoice:
    """Take an invoice back with a mirrored credit note: all that is left of it, or with `parts` so much of each line
    (position on the invoice → euros without VAT, in the direction of that line). Fees that are wholly taken back can be
    invoiced again.

    Raises Refused (audited) for a credit note, for an invoice of which nothing is left, and for more than is left.
    """
    take_turns([invoice.participant_id])
    session().expire(invoice)
    reason = reason.strip()
    if not reason:
        raise Refused("Schrijf in één of twee zinnen waarom u deze factuur crediteert.", field="reason")
    _check_creditable(invoice, actor)
    left = queries.left_of(invoice)
    taken = left if parts is None else _parts(invoice, left, parts)
    is_whole = parts is None or taken == {position: rest for position, rest in left.items() if rest}
    credit_note = issue_one(_credit_draft(invoice, taken, reason, is_whole=is_whole), actor)
    for line in invoice.lines:
        if is_whole or (line.net and taken.get(line.position) == left[line.position]):
            _uncharge(invoice, line, credit_note)
    session().flush()
    session().expire(invoice)
    give_back(invoice, credit_note, actor)
    record(
        INVOICE_CREDITED if is_whole else INVOICE_CREDITED_IN_PART,
        actor,
        participant_id=invoice.participant_id,
        subject=f"invoice:{invoice.id}",
        number=invoice.number,
        name=invoice.participant.name,
        credit_note=credit_note.number,
        reason=reason,
        **({} if is_whole else {"amount": filters.euro(-credit_note.gross)}),
    )
    deliver(credit_note)
    return credit_note


def _check_creditable(invoice: Invoice, actor: Actor) -> None:
    why = None
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        why = "een creditnota kunt u niet crediteren. Maak zo nodig een nieuwe factuur."
    elif invoice.credited_by is not None:
        why = f"deze factuur is al gecrediteerd met creditnota {invoice.credited_by.number}."
    if why:
        facts = {"number": invoice.number, "why": why}
        entry = Entry(CREDIT_REFUSED, actor, facts, invoice.participant_id, f"invoice:{invoice.id}")
        raise Refused(why[:1].upper() + why[1:], entry=entry)


def _parts(invoice: Invoice, left: Mapping[int, Decimal], parts: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What was asked to take back, line by line, checked against what is left."""
    taken = {position: amount for position, amount in parts.items() if amount}
    if not taken:
        raise Refused("Vul bij minstens één regel in welk bedrag u crediteert.")
    for position, amount in taken.items():
        rest = left.get(position)
        if rest is None:
            raise Refused("Deze regel staat niet op de factuur. Ververs de pagina.")
        if amount * rest < 0 or abs(amount) > abs(rest):
            raise Refused(
                f"Van regel {position} is nog {filters.euro(rest)} over; u kunt niet {filters.euro(amount)} crediteren."
                f" Vul hooguit {filters.euro(rest)} in.",
                field=f"line_{position}",
            )
    together, rest = sum(taken.values(), ZERO), sum(left.values(), ZERO)
    if together > rest:
        raise Refused(
            f"Samen is dit {filters.euro(together)}; van de factuur is nog {filters.euro(rest)} over, omdat er ook een"
            " korting op staat. Crediteer de korting mee, of crediteer minder."
        )
    if together < 0:
        raise Refused("Samen is dit minder dan nul. Dan krijgt de deelnemer niets terug; maak een factuur.")
    return taken


def _credit_draft(invoice: Invoice, taken: Mapping[int, Decimal], reason: str, *, is_whole: bool) -> Draft:
    now = Circumstances.now()
    operator = _crediting_operator(invoice, now)
    original = queries.document_of(invoice)
    chosen = [line for line in invoice.lines if is_whole or line.position in taken]
    lines = tuple(_taken(original.lines[line.position - 1], taken.get(line.position, ZERO)) for line in chosen)
    document = with_totals(
        replace(
            original,
            kind=InvoiceKind.CREDIT_NOTE,
            number="",
            issued_on=now.today,
            due_on=None,
            seller=Seller.of(operator, something_to_pay=False),
            credited=Credited(original.number, original.issued_on, original.seller.name, reason, is_whole=is_whole),
            example=original.example or now.is_example,
            prepaid=ZERO,
            lines=lines,
            vat_totals=_totals(original, lines, invoice, is_whole=is_whole),
        ),
        now,
    )
    details = invoice.participant.invoice_details
    return Draft(
        participant_id=invoice.participant_id,
        name=invoice.participant.name,
        year=invoice.year,
        operator_id=operator.id,
        document=document,
        lines=tuple(
            DraftLine(
                fee_kind=line.fee_kind,
                description=line.description,
                net=shown.net,
                vat_percentage=line.vat_percentage,
                category=line.category,
                tariff_row_id=line.tariff_row_id,
                decision_id=line.decision_id,
                basis_number=line.basis_number,
                credits_line_id=line.id,
            )
            for line, shown in zip(chosen, lines, strict=True)
        ),
        mailed_to=details.email if details else None,
        credits_id=invoice.id,
        credits_part=not is_whole,
    )


def _crediting_operator(invoice: Invoice, now: Circumstances) -> Operator:
    """Who credits an invoice of a predecessor: the operator of today, or by the setting the one that issued it."""
    if value_on(SettingName.CREDITING_OPERATOR, now.today) == "issuer":
        return session().get_one(Operator, invoice.operator_id)
    return now.operator


def _taken(line: Line, amount: Decimal) -> Line:
    return replace(line, net=-amount)


def _totals(
    original: InvoiceDocument, lines: tuple[Line, ...], invoice: Invoice, *, is_whole: bool
) -> tuple[rules.VatTotal, ...]:
    """What leaves nothing of an invoice takes back exactly the VAT that is left of it, so that the cents of several
    parts add up to the invoice; a part before it never takes back more VAT than is left."""
    exemption = next((total.exemption for total in original.vat_totals if total.exemption), None)
    totals = rules.vat_totals(((line.net, line.vat_percentage, line.vat_category) for line in lines), exemption)
    left = queries.vat_left_of(invoice)
    if is_whole:
        return tuple(replace(total, vat=-left.get((total.category, total.percentage), -total.vat)) for total in totals)
    return tuple(
        replace(total, vat=max(total.vat, -left.get((total.category, total.percentage), ZERO))) for total in totals
    )


def _uncharge(invoice: Invoice, line: InvoiceLine, credit_note: Invoice) -> None:
    """The fee of this line stands on no invoice any more."""
    query = select(Charge).where(
        Charge.invoice_id == invoice.id, Charge.fee_kind == line.fee_kind, Charge.credited_by_id.is_(None)
    )
    for charge in session().execute(query).scalars():
        charge.credited_by_id = credit_note.id
