"""Prepayments: the lists for finance, the ledger of a participant for both sides, and entering one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from billing.prepayments import queries, services
from billing.prepayments.forms import PrepaymentForm
from billing.prepayments.queries import Holding
from billing.queries import decision_it_rests_on
from billing.views import blueprint
from core import clock, filters, submissions
from core.amounts import written
from core.forms import attempt
from core.listing import csv_address, csv_response
from core.money import ZERO
from core.permissions import caller, current_actor, demand, requires
from core.web import notice
from participants.queries import participant as find_participant
from participants.rules import register_detail_panel

CSV_HEADINGS = (
    "Deelnemer",
    "Rol",
    "KvK-nummer",
    "Eerste dag",
    "Startperiode",
    "Betaald met btw",
    "Voordeel zonder btw",
    "Verrekend van betaald",
    "Verrekend van voordeel",
    "Nog over van betaald",
    "Nog over van voordeel",
    "Bron",
)
CONTRIBUTOR_HEADINGS = (
    "Deelnemer",
    "Rol",
    "KvK-nummer",
    "Sinds",
    "Betaald met btw",
    "Voordeel zonder btw",
    "Aandeel in procenten",
    "Bron",
)


def _summary(participant_id: int) -> str:
    left = queries.available_to(participant_id)
    return f"Nog te verrekenen: {filters.euro(left.paid)} betaald en {filters.euro(left.benefit)} voordeel."


register_detail_panel(
    "Vooruitbetaald",
    "billing.show_prepayments",
    "invoice:view",
    position=41,
    summary=_summary,
    applies=queries.has_entries,
)


# ------------------------------------------------------------------------------------------------- lists


@blueprint.get("/beheer/vooruitbetalingen")
@requires("invoice:view")
def list_prepayments() -> str | Response:
    rows = queries.holdings()
    if request.args.get("als") == "csv":
        return csv_response(f"vooruitbetalingen-{clock.today().isoformat()}.csv", CSV_HEADINGS, _csv(rows))
    return render_template(
        "billing/prepayments/list.html",
        rows=rows,
        paid=sum((row.paid for row in rows), ZERO),
        benefit=sum((row.benefit for row in rows), ZERO),
        left_paid=sum((row.left.paid for row in rows), ZERO),
        left_benefit=sum((row.left.benefit for row in rows), ZERO),
        csv_url=csv_address(),
    )


def _csv(rows: Sequence[Holding]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield (
            row.participant.name,
            row.participant.role.label,
            row.participant.organisation.kvk or "",
            filters.short_day(row.first_on),
            "ja" if row.in_start_period else "nee",
            *map(written, (row.paid, row.benefit, row.used.paid, row.used.benefit, row.left.paid, row.left.benefit)),
            row.sources,
        )


@blueprint.get("/beheer/vooruitbetalingen/startperiode")
@requires("invoice:view")
def list_contributors() -> str | Response:
    """Who contributed in the start period, so that a surplus can benefit them."""
    rows = queries.holdings(only_start_period=True)
    total = sum((row.paid for row in rows), ZERO)
    shares = [_share(row.paid, total) for row in rows]
    if request.args.get("als") == "csv":
        name = f"bijdragers-startperiode-{clock.today().isoformat()}.csv"
        return csv_response(name, CONTRIBUTOR_HEADINGS, _contributors_csv(rows, shares))
    return render_template(
        "billing/prepayments/contributors.html",
        rows=list(zip(rows, shares, strict=True)),
        total=total,
        benefit=sum((row.benefit for row in rows), ZERO),
        csv_url=csv_address(),
    )


def _share(paid: Decimal, total: Decimal) -> Decimal:
    """Of what all contributors paid, in per cent with one decimal."""
    return (100 * paid / total).quantize(Decimal("0.1")) if total else Decimal("0.0")


def _contributors_csv(rows: Sequence[Holding], shares: Sequence[Decimal]) -> Iterator[tuple[str, ...]]:
    for row, share in zip(rows, shares, strict=True):
        yield (
            row.participant.name,
            row.participant.role.label,
            row.participant.organisation.kvk or "",
            filters.short_day(row.first_on),
            written(row.paid),
            written(row.benefit),
            str(share).replace(".", ","),
            row.sources,
        )


# ------------------------------------------------------------------------------------------------- one participant


@blueprint.get("/beheer/deelnemers/<int:participant_id>/vooruitbetaald")
@requires("invoice:view")
def show_prepayments(participant_id: int) -> str:
    return render_template(
        "billing/prepayments/show.html",
        participant=find_participant(participant_id),
        lines=queries.ledger(participant_id),
        left=queries.available_to(participant_id),
        is_marked=queries.is_marked(participant_id),
        may_record=caller().may("prepayment:record"),
    )


@blueprint.get("/mijn/<int:participant_id>/vooruitbetaald")
@requires("own:invoice")
def show_own_prepayments(participant_id: int) -> str:
    demand("own:invoice", participant_id)
    return render_template(
        "billing/prepayments/own.html",
        participant=find_participant(participant_id),
        lines=queries.ledger(participant_id),
        left=queries.available_to(participant_id),
        is_marked=queries.is_marked(participant_id),
    )


@blueprint.route("/beheer/deelnemers/<int:participant_id>/vooruitbetaald/vastleggen", methods=["GET", "POST"])
@requires("prepayment:record")
def record_prepayment(participant_id: int) -> str | Redirect | tuple[str, int]:
    form = PrepaymentForm()
    if not form.is_submitted():
        form.key.data = submissions.new_key()
    status = attempt(form, lambda: _propose(participant_id, form))
    back_url = url_for("billing.show_prepayments", participant_id=participant_id)
    if status is None:
        notice("Uw verzoek ligt klaar voor een collega van Financiën. Het telt pas mee na akkoord.")
        return redirect(back_url, 303)
    page = render_template(
        "billing/prepayments/form.html",
        participant=find_participant(participant_id),
        form=form,
        left=queries.available_to(participant_id),
        action=request.path,
        back_url=back_url,
        form_has_errors=bool(form.errors),
    )
    return page, status


def _propose(participant_id: int, form: PrepaymentForm) -> None:
    entry = form.entry(decision_it_rests_on(form.decision.data))
    if submissions.first_time(form.key.data):
        services.propose(find_participant(participant_id), entry, current_actor())
