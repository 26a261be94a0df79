"""Pages of the register of decisions, for staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core import approvals, clock, filters
from core.audit import ERASED_NAME, Person
from core.db import session
from core.errors import NotFound
from core.forms import attempt
from core.listing import Sort, csv_address, csv_response, paginate, without
from core.permissions import caller, requires
from core.web import notice
from governance import queries
from governance.decisions import queries as register
from governance.decisions import services
from governance.decisions.forms import DecisionForm
from governance.decisions.queries import DecisionFilter
from governance.kinds import Body, DecisionKind
from governance.meetings.queries import meeting_of, meetings
from governance.models import Decision
from governance.papers.services import store_papers
from governance.papers.views import send, uploads
from governance.views import blueprint

CSV_HEADINGS = (
    "Nummer",
    "Orgaan",
    "Soort",
    "Datum",
    "Titel",
    "Tekst",
    "Overwegingen",
    "Geldt vanaf",
    "Geldt tot en met",
    "Na advies",
    "Komt in plaats van",
    "Vervangen door",
    "Waar het staat",
)


# --------------------------------------------------------------------------------------------- the register


def _chosen() -> DecisionFilter:
    """The filter in the address; what makes no sense is left out."""
    asked = request.args
    year = asked.get("jaar", "")
    return DecisionFilter(
        body=next((body for body in Body if body.slug == asked.get("orgaan")), None),
        kind=next((kind for kind in DecisionKind if kind.value == asked.get("soort")), None),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        text=asked.get("q", "").replace("\0", "").strip()[:100],
    )


@blueprint.get("/beheer/besluiten")
@requires("decision:view")
def list_decisions() -> str | Response:
    chosen, sort = _chosen(), Sort.chosen(register.SORT_COLUMNS, "-datum")
    query = register.decision_list(chosen).order_by(sort.clause(register.SORT_COLUMNS), Decision.id.desc())
    if request.args.get("als") == "csv":
        rows = session().execute(query).unique().scalars()
        return csv_response(f"besluiten-{clock.today()}.csv", CSV_HEADINGS, _csv_rows(rows))
    return render_template(
        "governance/decisions.html",
        page=paginate(query),
        sort=sort,
        chosen=chosen,
        bodies=[("", "Alle organen"), *((body.slug, body.label) for body in Body)],
        kinds=[("", "Alle soorten"), *DecisionKind.choices()],
        years=[("", "Alle jaren"), *((year, year) for year in register.decision_years())],
        active=_active(chosen),
        csv_url=csv_address(),
        today=clock.today(),
        may_record=caller().may("decision:record"),
        proposals=register.proposals(),
        title_of=lambda row: services.draft_of(row).title,
    )


def _active(chosen: DecisionFilter) -> list[tuple[str, str]]:
    active = []
    if chosen.body is not None:
        active.append((f"Orgaan: {chosen.body.label.lower()}", without("orgaan")))
    if chosen.kind is not None:
        active.append((f"Soort: {chosen.kind.label}", without("soort")))
    if chosen.year is not None:
        active.append((f"Jaar: {chosen.year}", without("jaar")))
    if chosen.text:
        active.append((f"Gezocht op: {chosen.text}", without("q")))
    return active


def _csv_rows(rows: Iterable[Decision]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        last_day = filters.last_day(row.in_force_before)
        yield (
            row.number,
            row.body.label,
            row.kind.label,
            filters.short_day(row.decided_on),
            row.title,
            row.text,
            row.reasons or "",
            filters.short_day(row.starts_on),
            filters.short_day(last_day) if last_day else "",
            row.advice.number if row.advice else "",
            row.supersedes.number if row.supersedes else "",
            row.superseded_by.number if row.superseded_by else "",
            row.source,
        )


@blueprint.get("/beheer/besluiten/<number>")
@requires("decision:view")
def show_decision(number: str) -> str:
    decision = queries.decision(number)
    return render_template(
        "governance/decision.html",
        decision=decision,
        followed_by=queries.decisions_after(decision),
        effects=register.effects_of(decision),
        meeting=meeting_of(decision.meeting_id),
        today=clock.today(),
    )


@blueprint.get("/beheer/besluiten/<number>/stukken/<int:document_id>")
@requires("decision:view")
def download_document(number: str, document_id: int) -> Response:
    found = register.document(number, document_id)
    return send(found.name, found.sha256, found.media_type)


# --------------------------------------------------------------------------------------------- recording


@blueprint.route("/beheer/besluiten/vastleggen", methods=["GET", "POST"])
@requires("decision:record")
def record_decision() -> str | AnyResponse | tuple[str, int]:
    form = DecisionForm()
    form.offer(register.advices(), register.not_superseded(), meetings())
    asked: list[int] = []
    status = attempt(form, lambda: asked.append(_propose(form)))
    if status is None:
        notice("Uw verzoek ligt klaar voor een collega. Het besluit staat pas in het register na akkoord.")
        return redirect(url_for("governance.show_proposal", approval_id=asked[0]), 303)
    page = render_template("governance/record_decision.html", form=form, form_has_errors=bool(form.errors))
    return page, status


def _propose(form: DecisionForm) -> int:
    papers = store_papers(uploads(form.papers.data or []))
    return services.propose_decision(form.draft(), papers, caller().actor).id


@blueprint.get("/beheer/besluiten/voorstellen/<int:approval_id>")
@requires("decision:view")
def show_proposal(approval_id: int) -> str:
    row = register.proposal(approval_id)
    draft = services.draft_of(row)
    person = session().get(Person, row.requested_by)
    linked = [key for key in (draft.advice_id, draft.supersedes_id) if key]
    by_id = {found.id: found for found in register.decisions_by_id(linked)}
    return render_template(
        "governance/proposal.html",
        row=row,
        draft=draft,
        papers=services.papers_of(row),
        decision=register.outcome_of(row),
        asked_by=(person.name if person else None) or ERASED_NAME,
        advice=by_id.get(draft.advice_id or 0),
        supersedes=by_id.get(draft.supersedes_id or 0),
        meeting=meeting_of(draft.meeting_id),
        may_confirm=caller().may("decision:confirm") and caller().person != row.requested_by,
        waits=row.outcome is approvals.Outcome.WAITING,
    )


@blueprint.get("/beheer/besluiten/voorstellen/<int:approval_id>/stukken/<int:position>")
@requires("decision:view")
def download_proposed_paper(approval_id: int, position: int) -> Response:
    papers = services.papers_of(register.proposal(approval_id))
    if position >= len(papers):
        raise NotFound("Dit stuk bestaat niet bij dit voorstel.")
    paper = papers[position]
    return send(paper.name, paper.sha256, paper.media_type)
