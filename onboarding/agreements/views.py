"""Reading, signing and countersigning the agreement."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from core import documents
from core.db import session, transaction
from core.errors import NotFound, UserError
from core.forms import attempt
from core.permissions import caller, demand, requires
from core.web import notice
from identity.models import Account
from identity.step_up import fresh_second_factor
from onboarding.agreements import queries, rules, services
from onboarding.agreements.drafting.services import PDF, file_name
from onboarding.agreements.forms import ReasonForm, SignForm
from onboarding.agreements.signing.services import DECLINE, why_may_not_countersign, why_may_not_sign
from onboarding.kinds import Side
from onboarding.models import Agreement
from onboarding.take_over.queries import earlier_file
from onboarding.tasks.kinds import Item
from onboarding.tasks.queries import facts_of
from onboarding.tasks.rules import obstacles
from participants.kinds import Stage
from participants.models import Participant
from participants.queries import participant as find_participant
from participants.rules import register_detail_panel, register_own_panel

blueprint = Blueprint("agreements", __name__)

Answer = str | Redirect | tuple[str, int]


def _account() -> Account:
    return session().get_one(Account, caller().account_id)


def _pdf(participant: Participant, agreement: Agreement, sha256: str) -> Response:
    response = Response(documents.read(sha256), content_type=PDF)
    name = file_name(participant, queries.content_of(agreement).version)
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


# ------------------------------------------------------------------------------------------- the participant


@blueprint.get("/mijn/<int:participant_id>/overeenkomst")
@requires("own:view")
def show_own(participant_id: int) -> str:
    who = demand("own:view", participant_id)
    participant = find_participant(participant_id)
    agreement = queries.current_agreement(participant_id)
    content = queries.content_of(agreement) if agreement else None
    first = obstacles(facts_of(participant_id), Item.SIGNED)
    why = why_may_not_sign(participant, agreement, _account()) if agreement else None
    return render_template(
        "onboarding/agreements/own.html",
        participant=participant,
        agreement=agreement,
        content=content,
        text=queries.filled_text(agreement.agreement_text, content) if agreement and content else None,
        signature=queries.signature(agreement, Side.PARTICIPANT) if agreement else None,
        countersignature=queries.signature(agreement, Side.OPERATOR) if agreement else None,
        obstacles=first,
        may_sign=agreement is not None and participant.stage is Stage.ACCEPTED and why is None and not first,
        is_to_sign=participant.stage is Stage.ACCEPTED,
        may_prepare=agreement is None
        and who.may("own:edit", participant_id)
        and services.why_not_prepared(participant) is None,
        may_decline=participant.stage in DECLINE.sources and who.may("own:sign", participant_id),
        earlier_file=earlier_file(participant_id),
    )


@blueprint.get("/mijn/<int:participant_id>/overeenkomst.pdf")
@requires("own:view")
def download_own(participant_id: int) -> Response:
    demand("own:view", participant_id)
    participant, agreement = find_participant(participant_id), queries.agreement_of(participant_id)
    return _pdf(participant, agreement, agreement.final_sha256 or agreement.document_sha256)


@blueprint.route("/mijn/<int:participant_id>/overeenkomst/ondertekenen", methods=["GET", "POST"])
@requires("own:sign")
@fresh_second_factor
def sign(participant_id: int) -> Answer:
    demand("own:sign", participant_id)
    agreement = queries.agreement_of(participant_id)
    back = url_for("agreements.show_own", participant_id=participant_id)
    if queries.signature(agreement, Side.PARTICIPANT) is not None:
        notice("De overeenkomst is ondertekend.")
        return redirect(back, 303)
    form = SignForm()
    status = attempt(
        form, lambda: services.sign(find_participant(participant_id), _account(), seen_sha256=form.document.data)
    )
    if status is not None:
        return _sign_page(participant_id, form), status
    notice("U hebt de overeenkomst ondertekend. U krijgt een kopie per mail.")
    return redirect(back, 303)


def _sign_page(participant_id: int, form: SignForm) -> str:
    participant, agreement = find_participant(participant_id), queries.agreement_of(participant_id)
    content = queries.content_of(agreement)
    form.document.data = agreement.document_sha256
    form.agreed.label.text = rules.statement(
        agreement.signatory_name, agreement.signatory_function, content.participant, content.version
    )
    return render_template(
        "onboarding/agreements/sign.html",
        participant=participant,
        agreement=agreement,
        content=content,
        why=why_may_not_sign(participant, agreement, _account()),
        form=form,
        form_has_errors=bool(form.errors),
    )


@blueprint.route("/mijn/<int:participant_id>/overeenkomst/niet-ondertekenen", methods=["GET", "POST"])
@requires("own:sign")
def decline(participant_id: int) -> Answer:
    demand("own:sign", participant_id)
    form = ReasonForm()
    status = attempt(
        form, lambda: services.decline(find_participant(participant_id), form.reason.data or "", caller().actor)
    )
    if status is None:
        notice("De aanmelding is ingetrokken. Het Schuldenknooppunt heeft uw reden ontvangen.")
        return redirect(url_for("tasks.show_own", participant_id=participant_id), 303)
    page = render_template(
        "onboarding/agreements/decline.html",
        participant=find_participant(participant_id),
        form=form,
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.post("/mijn/<int:participant_id>/overeenkomst/opnieuw")
@requires("own:edit")
def prepare_own(participant_id: int) -> Redirect:
    demand("own:edit", participant_id)
    return _prepare(participant_id, url_for("agreements.show_own", participant_id=participant_id))


# ------------------------------------------------------------------------------------------- staff


@blueprint.get("/beheer/deelnemers/<int:participant_id>/overeenkomst")
@requires("agreement:view")
def show_agreement(participant_id: int) -> str:
    participant = find_participant(participant_id)
    agreement = queries.current_agreement(participant_id)
    content = queries.content_of(agreement) if agreement else None
    is_signed = agreement is not None and participant.stage is Stage.SIGNED
    why = why_may_not_countersign(participant, agreement, caller().actor) if agreement and is_signed else None
    return render_template(
        "onboarding/agreements/staff.html",
        participant=participant,
        agreement=agreement,
        content=content,
        text=queries.filled_text(agreement.agreement_text, content) if agreement and content else None,
        is_signed=is_signed,
        why=why,
        why_not_prepared=services.why_not_prepared(participant),
        may_countersign=caller().may("agreement:countersign"),
        may_record=caller().may("task:record"),
        is_accepted=participant.stage is Stage.ACCEPTED,
        earlier_file=earlier_file(participant_id),
    )


@blueprint.get("/beheer/deelnemers/<int:participant_id>/overeenkomst.pdf")
@requires("agreement:view")
def download(participant_id: int) -> Response:
    participant, agreement = find_participant(participant_id), queries.agreement_of(participant_id)
    return _pdf(participant, agreement, agreement.final_sha256 or agreement.document_sha256)


@blueprint.post("/beheer/deelnemers/<int:participant_id>/overeenkomst/opnieuw")
@requires("task:record")
def prepare(participant_id: int) -> Redirect:
    return _prepare(participant_id, url_for("agreements.show_agreement", participant_id=participant_id))


def _prepare(participant_id: int, back: str) -> Redirect:
    try:
        with transaction():
            services.prepare_agreement(find_participant(participant_id), caller().actor)
    except NotFound:
        raise
    except UserError as error:
        notice(error.message, "error")
    else:
        notice("De overeenkomst is gemaakt met de gegevens van nu.")
    return redirect(back, 303)


@blueprint.route("/beheer/deelnemers/<int:participant_id>/overeenkomst/medeondertekenen", methods=["GET", "POST"])
@requires("agreement:countersign")
@fresh_second_factor
def countersign(participant_id: int) -> Answer:
    agreement = queries.agreement_of(participant_id)
    if queries.signature(agreement, Side.OPERATOR) is not None:
        notice("De overeenkomst is medeondertekend.")
        return redirect(url_for("agreements.show_agreement", participant_id=participant_id), 303)
    form = SignForm()
    status = attempt(
        form, lambda: services.countersign(find_participant(participant_id), _account(), function=_function())
    )
    if status is None:
        notice("U hebt medeondertekend. De eerste factuur is gemaakt en de deelnemer heeft bericht gekregen.")
        return redirect(url_for("tasks.show_tasks", participant_id=participant_id), 303)
    participant, agreement = find_participant(participant_id), queries.agreement_of(participant_id)
    content = queries.content_of(agreement)
    form.document.data = agreement.document_sha256
    form.agreed.label.text = rules.counter_statement(
        caller().name, _function(), content.operator, content.participant, content.version
    )
    page = render_template(
        "onboarding/agreements/countersign.html",
        participant=participant,
        agreement=agreement,
        content=content,
        signature=queries.signature(agreement, Side.PARTICIPANT),
        why=why_may_not_countersign(participant, agreement, caller().actor),
        form=form,
        form_has_errors=bool(form.errors),
    )
    return page, status


def _function() -> str:
    """In which capacity a colleague signs: the roles held today."""
    return caller().description or "Relatiebeheer"


@blueprint.route("/beheer/deelnemers/<int:participant_id>/overeenkomst/terugsturen", methods=["GET", "POST"])
@requires("agreement:countersign")
def return_for_signing(participant_id: int) -> Answer:
    queries.agreement_of(participant_id)
    form = ReasonForm()
    back = url_for("agreements.show_agreement", participant_id=participant_id)
    status = attempt(
        form,
        lambda: services.return_for_signing(find_participant(participant_id), form.reason.data or "", caller().actor),
    )
    if status is None:
        notice("De overeenkomst is teruggestuurd. De deelnemer heeft bericht gekregen.")
        return redirect(back, 303)
    page = render_template(
        "onboarding/agreements/return.html",
        participant=find_participant(participant_id),
        form=form,
        back_url=back,
        form_has_errors=bool(form.errors),
    )
    return page, status


def summary(participant_id: int) -> str | None:
    """For the overview of a participant."""
    agreement = queries.current_agreement(participant_id)
    if agreement is None:
        earlier = earlier_file(participant_id)
        return f"Eerder getekend; ligt in {earlier}." if earlier else "Nog niet gemaakt."
    version = queries.content_of(agreement).version
    if queries.signature(agreement, Side.OPERATOR):
        return f"Versie {version}, door beide partijen ondertekend."
    return f"Versie {version}, {'ondertekend' if agreement.signatures else 'nog niet ondertekend'}."


register_detail_panel("Overeenkomst", "agreements.show_agreement", "agreement:view", position=30, summary=summary)
register_own_panel("Overeenkomst", "agreements.show_own", "own:view", position=20, summary=summary)
