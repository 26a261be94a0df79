"""Pages of staff about the end of a version: announcing it, who still uses it, and telling them."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.models import ModuleVersion
from catalogue.retirement import forms, queries, services
from catalogue.versions.queries import release_decisions, version
from catalogue.views import blueprint
from core import clock
from core.errors import NotFound
from core.filters import day
from core.forms import Form, attempt
from core.permissions import caller, current_actor, requires
from core.web import notice

Answer = str | Response | tuple[str, int]
KINDS = {"bericht": False, "herinnering": True}
"""In the address: whether it is a reminder."""


def _campaign_url(version_id: int) -> str:
    return url_for("catalogue.show_campaign", version_id=version_id)


def _page(row: ModuleVersion, template: str, form: Form, back_url: str, **values: Any) -> str:
    return render_template(
        f"catalogue/{template}.html",
        version=version(row.id),
        form=form,
        action=request.path,
        back_url=back_url,
        form_has_errors=bool(form.errors),
        **values,
    )


@blueprint.get("/beheer/modules/versies/<int:version_id>/einde")
@requires("participant:view")
def show_campaign(version_id: int) -> str:
    """Who still uses the version, who was told and who has moved on."""
    row = version(version_id)
    found = queries.campaign(row, clock.today())
    return render_template(
        "catalogue/campaign.html",
        version=row,
        rows=found,
        told=sum(one.told_at is not None for one in found),
        moved=sum(one.has_moved for one in found),
        planned=sum(not one.has_moved and one.moves_on is not None for one in found),
        without_address=sum(not one.has_moved and not one.addresses for one in found),
        to_tell=len(services.to_tell(row, is_reminder=False)),
        to_remind=len(services.to_tell(row, is_reminder=True)),
        may_retire=caller().may("module:retire"),
        has_come=row.retires_on is not None and row.retires_on <= clock.today(),
    )


@blueprint.route("/beheer/modules/versies/<int:version_id>/einde/aankondigen", methods=["GET", "POST"])
@requires("module:retire")
def announce_retirement(version_id: int) -> Answer:
    row = version(version_id)
    decisions = {str(one.id): one for one in release_decisions()}
    form = forms.AnnounceForm(decisions=[(key, f"{one.number}: {one.title}") for key, one in decisions.items()])

    def act() -> None:
        services.announce(
            current_actor(),
            row,
            form.retires_on.data or clock.today(),
            form.reason.data or "",
            decisions.get(form.decision.data or ""),
        )

    status = attempt(form, act)
    if status is None:
        notice(f"Het einde van {row.name} is aangekondigd. U kunt de deelnemers nu mailen.")
        return redirect(_campaign_url(version_id), 303)
    return _page(row, "retirement_announce", form, _campaign_url(version_id)), status


@blueprint.route("/beheer/modules/versies/<int:version_id>/einde/intrekken", methods=["GET", "POST"])
@requires("module:retire")
def cancel_retirement(version_id: int) -> Answer:
    row = version(version_id)
    form = forms.CancelForm()
    status = attempt(form, lambda: services.cancel(current_actor(), row, form.reason.data or ""))
    if status is None:
        notice(f"Het einde van {row.name} is ingetrokken.")
        return redirect(_campaign_url(version_id), 303)
    return _page(row, "retirement_cancel", form, _campaign_url(version_id)), status


@blueprint.route("/beheer/modules/versies/<int:version_id>/einde/mailen/<kind>", methods=["GET", "POST"])
@requires("module:retire")
def tell_users(version_id: int, kind: str) -> Answer:
    """Name who will be mailed; after confirmation mail exactly these."""
    if kind not in KINDS:
        raise NotFound("Deze pagina bestaat niet.")
    row = version(version_id)
    form = forms.TellForm()
    sent: list[queries.Standing] = []

    def act() -> None:
        keys = {int(key) for key in form.chosen.data or [] if key.isascii() and key.isdigit() and len(key) < 18}
        sent.extend(services.tell(current_actor(), row, keys, is_reminder=KINDS[kind]))

    status = attempt(form, act)
    if status is None:
        who = "1 deelnemer" if len(sent) == 1 else f"{len(sent)} deelnemers"
        notice(f"De mail gaat naar {who}.")
        return redirect(_campaign_url(version_id), 303)
    if row.retires_on is None:
        return redirect(_campaign_url(version_id), 303)
    return (
        _page(
            row,
            "retirement_tell",
            form,
            _campaign_url(version_id),
            rows=services.to_tell(row, is_reminder=KINDS[kind]),
            is_reminder=KINDS[kind],
            day_text=day(row.retires_on),
        ),
        status,
    )
