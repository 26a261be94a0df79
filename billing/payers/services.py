"""Make, revoke and count the links on invoices. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from billing.models import Invoice
from billing.payers.events import LINK_RENEWED, LINK_REVOKED
from billing.payers.models import InvoiceLink
from billing.payers.queries import address_of, latest_link
from billing.payers.rules import expires_on
from core import clock, filters
from core.audit import Actor, record
from core.db import advisory_lock, lock, session
from core.errors import Refused
from governance.kinds import SettingName
from governance.queries import number_on


def link_of(invoice: Invoice) -> str:
    """The address that stands on an invoice, complete with https; the first link is made when there is none.

    Once made it stays the same, so that the PDF can be made again: also after the link was revoked. Raises UserError
    when the setting of its term is missing.
    """
    return links_of([invoice.id])[invoice.id]


def links_of(invoice_ids: Iterable[int]) -> dict[int, str]:
    """The same for many invoices by their ids, in three statements."""
    keys = list(invoice_ids)
    known = _latest(keys)
    missing = [key for key in keys if key not in known]
    if missing:
        today = clock.today()
        ends = expires_on(today, int(number_on(SettingName.INVOICE_LINK_MONTHS, today)))
        rows = [{"invoice_id": key, "made_at": clock.now(), "expires_on": ends, "times_opened": 0} for key in missing]
        # two who render at the same time: the first makes it
        session().execute(insert(InvoiceLink).values(rows).on_conflict_do_nothing())
        known |= _latest(missing)
    return {key: address_of(known[key]) for key in keys}


def _latest(invoice_ids: list[int]) -> dict[int, InvoiceLink]:
    """Per invoice the link that is not revoked, else the last one."""
    query = (
        select(InvoiceLink)
        .where(InvoiceLink.invoice_id.in_(invoice_ids))
        .order_by(InvoiceLink.invoice_id, InvoiceLink.revoked_at.is_(None), InvoiceLink.id)
    )
    return {row.invoice_id: row for row in session().execute(query).scalars()}


def revoke_link(invoice: Invoice, actor: Actor) -> None:
    """The link on the invoice opens nothing any more. Raises Refused when none is open."""
    link = latest_link(invoice.id)
    if link is not None:
        lock(link)
    if link is None or link.revoked_at is not None:
        raise Refused("Deze factuur heeft geen link die nog is in te trekken. Ververs de pagina.")
    _revoke(link, actor)
    record(
        LINK_REVOKED,
        actor,
        participant_id=invoice.participant_id,
        subject=f"invoice:{invoice.id}",
        number=invoice.number,
    )


def renew_link(invoice: Invoice, actor: Actor) -> str:
    """A new link with a whole term; the one before opens nothing any more. Returns its address."""
    advisory_lock(f"billing-link-{invoice.id}")
    before = latest_link(invoice.id)
    if before is not None and before.revoked_at is None:
        _revoke(before, actor)
    today = clock.today()
    link = InvoiceLink(
        invoice_id=invoice.id,
        made_at=clock.now(),
        expires_on=expires_on(today, int(number_on(SettingName.INVOICE_LINK_MONTHS, today))),
        times_opened=0,
    )
    session().add(link)
    session().flush()
    record(
        LINK_RENEWED,
        actor,
        participant_id=invoice.participant_id,
        subject=f"invoice:{invoice.id}",
        number=invoice.number,
        last_day=filters.day(filters.last_day(link.expires_on)),
    )
    return address_of(link)


def _revoke(link: InvoiceLink, actor: Actor) -> None:
    link.revoked_at, link.revoked_by = clock.now(), actor.person
    session().flush()


def count_opening(link: InvoiceLink) -> None:
    """That the link was used, and when last; by whom is not kept."""
    lock(link)
    link.times_opened += 1
    link.last_opened_at = clock.now()
    session().flush()
