"""Pages for recording a zero tariff, its review and its end."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from billing.kinds import CarryOver
from billing.models import ZeroTariff
from billing.tariffs.recording.forms import day_after, key_of
from billing.tariffs.recording.queries import board_decisions, zero_tariff
from billing.tariffs.recording.views import ASKED
from billing.tariffs.views import blueprint
from billing.tariffs.zero import services
from billing.tariffs.zero.forms import ReviewForm, ZeroTariffForm
from core.filters import last_day
from core.forms import attempt, day_of
from core.permissions import caller, requires
from core.web import notice
from governance.kinds import DecisionKind

Page = str | tuple[str, int] | Response


@blueprint.route("/beheer/tarieven/jaartarief-nul", methods=["GET", "POST"])
@requires("tariff:propose")
def record_zero_tariff() -> Page:
    form = ZeroTariffForm(data={"carry_over": CarryOver.KEEP_ZERO.value})
    form.offer(board_decisions(DecisionKind.ZERO_TARIFF))
    status = attempt(
        form,
        lambda: services.propose_zero_tariff(
            day_of(form.starts_on),
            form.review_on.data,
            day_after(form.ends_on),
            CarryOver(form.carry_over.data),
            key_of(form.decision.data),
            caller().actor,
        ),
    )
    return _answer(form, None, url_for("tariffs.record_zero_tariff"), status)


@blueprint.route("/beheer/tarieven/jaartarief-nul/<int:zero_tariff_id>", methods=["GET", "POST"])
@requires("tariff:propose")
def review_zero_tariff(zero_tariff_id: int) -> Page:
    """The end of a zero tariff, or the next day on which it is looked at."""
    zero = zero_tariff(zero_tariff_id)
    form = ReviewForm(
        data={"ends_on": last_day(zero.ends_before), "review_on": None, "carry_over": str(zero.carry_over.value)}
    )
    form.offer(board_decisions(DecisionKind.ZERO_TARIFF))
    status = attempt(
        form,
        lambda: services.propose_review(
            zero,
            day_after(form.ends_on),
            form.review_on.data,
            CarryOver(form.carry_over.data),
            key_of(form.decision.data),
            caller().actor,
        ),
    )
    return _answer(form, zero, url_for("tariffs.review_zero_tariff", zero_tariff_id=zero_tariff_id), status)


def _answer(form: ReviewForm, zero: ZeroTariff | None, action: str, status: int | None) -> Page:
    if status is None:
        notice(ASKED)
        return redirect(url_for("tariffs.list_tariffs"), 303)
    page = render_template(
        "billing/record_zero_tariff.html", form=form, form_has_errors=bool(form.errors), zero=zero, action=action
    )
    return page, status
