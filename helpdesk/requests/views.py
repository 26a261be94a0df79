"""Asking for help from any page, and inviting us to a meeting: for everybody, signed in or not."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask import session as form_session
from werkzeug.wrappers import Response

from core import clock, submissions
from core.db import session, transaction
from core.errors import UserError
from core.permissions import Caller, anyone, current_actor, current_caller
from governance.models import Operator
from governance.queries import operators
from helpdesk.blueprint import blueprint
from helpdesk.kinds import RequestChannel, RequestKind
from helpdesk.requests import files
from helpdesk.requests.context import Context, context_of, referring_page
from helpdesk.requests.forms import AskForm, InviteForm, StaffForm, VisitorForm
from helpdesk.requests.services import Asked
from helpdesk.requests.services import ask as ask_for_help
from helpdesk.ticket_systems.chosen import can_be_asked
from helpdesk.visitors import is_by_a_program, problem_with
from identity.models import Account
from participants.models import Contact
from participants.queries import find_participants

Answer = str | tuple[str, int] | Response
SENT = "help_request"
"""Where the browser keeps which request was sent last."""


@blueprint.route("/hulp", methods=["GET", "POST"])
@anyone
def ask() -> Answer:
    """`pagina` is where help was asked, `deelnemer` for whom, `contact` who telephoned."""
    who = current_caller()
    if not can_be_asked():
        return render_template("helpdesk/requests/nowhere.html", operator=_operator(), layout=_layout(who))
    asked_on = request.args.get("pagina") or referring_page(request.referrer, request.host_url)
    context = context_of(who, asked_on, request.args.get("deelnemer"))
    form = _form(who)
    if not form.is_submitted():
        form.seal()
        _fill_in(form, who, context)
        return _page(form, who, context)
    status = problem_with(form, "request")
    if status is not None:
        if any(one.filename for one in form.files.data or []):
            form.refuse(UserError("Kies uw bestanden opnieuw. Die worden pas bewaard als alles klopt.", field="files"))
        return _page(form, who, context), status
    try:
        attached = files.checked(form.files.data or [])
    except UserError as error:
        form.refuse(error)
        return _page(form, who, context), error.status
    if is_by_a_program(form):
        form_session.pop(SENT, None)
    else:
        with transaction():
            if submissions.first_time(form.key.data):
                row = ask_for_help(
                    _asked(form, context),
                    current_actor(),
                    participant_id=context.participant.id if context.participant else None,
                    account_id=who.account_id if who else None,
                    files=attached,
                )
                form_session[SENT] = row.key
    return redirect(url_for("helpdesk.show_sent", deelnemer=_id(context)), 303)


def _id(context: Context) -> int | None:
    return context.participant.id if context.participant else None


def _form(who: Caller | None) -> AskForm:
    if who is None:
        return VisitorForm()
    return StaffForm() if who.is_staff else AskForm()


def _fill_in(form: AskForm, who: Caller | None, context: Context) -> None:
    """Who asks: the person signed in, or the contact who telephoned."""
    if who is None:
        return
    contact = _contact(context, request.args.get("contact"))
    if isinstance(form, StaffForm) and contact is not None:
        form.channel.data = str(RequestChannel.PHONE.value)
        form.name.data, form.email.data, form.phone.data = contact.name, contact.email, contact.phone
    else:
        account = session().get(Account, who.account_id)
        form.name.data, form.email.data = who.name, account.email if account else ""


def _contact(context: Context, wanted: str | None) -> Contact | None:
    contacts = context.participant.contacts if context.participant else []
    return next((one for one in contacts if str(one.id) == wanted), None)


def _asked(form: AskForm, context: Context) -> Asked:
    by_phone = isinstance(form, StaffForm) and form.channel.data == str(RequestChannel.PHONE.value)
    return Asked(
        subject=str(form.subject.data),
        question=str(form.question.data),
        name=str(form.name.data),
        email=str(form.email.data),
        phone=form.phone.data,
        organisation=form.organisation.data if isinstance(form, VisitorForm) else None,
        channel=RequestChannel.PHONE if by_phone else RequestChannel.WEB,
        page=context.page,
        last_event=context.last_event,
    )


def _page(form: AskForm, who: Caller | None, context: Context) -> str:
    is_staff = who is not None and who.is_staff
    wanted = request.args.get("zoek", "").replace("\0", "")[:100] if is_staff else ""
    return render_template(
        "helpdesk/requests/ask.html",
        layout=_layout(who),
        form=form,
        context=context,
        is_staff=is_staff,
        may_choose=is_staff and who is not None and who.may("participant:view"),
        wanted=wanted,
        hits=find_participants(wanted, 8) if wanted and who is not None and who.may("participant:view") else [],
        page_asked=context.page,
        form_has_errors=bool(form.errors),
    )


def _layout(who: Caller | None) -> str:
    if who is None:
        return "layouts/public.html"
    return "layouts/staff.html" if who.is_staff else "layouts/participant.html"


def _operator() -> Operator | None:
    started = [row for row in operators() if row.starts_on <= clock.today()]
    return started[-1] if started else None


@blueprint.get("/hulp/verstuurd")
@anyone
def show_sent() -> str:
    """The reference of what this browser sent last."""
    who = current_caller()
    context = context_of(who, None, request.args.get("deelnemer"))
    return render_template(
        "helpdesk/requests/sent.html",
        layout=_layout(who),
        key=form_session.get(SENT),
        participant=context.participant,
        is_staff=who is not None and who.is_staff,
    )


# ------------------------------------------------------------------------------------------- inviting us


@blueprint.route("/uitnodigen", methods=["GET", "POST"])
@anyone
def invite() -> Answer:
    who = current_caller()
    if not can_be_asked():
        return render_template("helpdesk/requests/nowhere.html", operator=_operator(), layout=_layout(who))
    form = InviteForm()
    if not form.is_submitted():
        form.seal()
        return render_template("helpdesk/requests/invite.html", layout=_layout(who), form=form)
    status = problem_with(form, "invitation")
    if status is not None:
        page = render_template("helpdesk/requests/invite.html", layout=_layout(who), form=form, form_has_errors=True)
        return page, status
    if is_by_a_program(form):
        form_session.pop(SENT, None)
    else:
        with transaction():
            if submissions.first_time(form.key.data):
                account_id = who.account_id if who else None
                row = ask_for_help(_invitation(form), current_actor(), account_id=account_id)
                form_session[SENT] = row.key
    return redirect(url_for("helpdesk.show_sent"), 303)


def _invitation(form: InviteForm) -> Asked:
    lines = [
        f"Wanneer: {form.when.data}",
        f"Waar: {form.place.data or 'niet ingevuld'}",
        f"Wie en hoeveel: {form.audience.data}",
        "",
        str(form.topic.data),
    ]
    return Asked(
        subject=f"Uitnodiging: {form.organisation.data}"[:120],
        question="\n".join(lines),
        name=str(form.name.data),
        email=str(form.email.data),
        phone=form.phone.data,
        organisation=form.organisation.data,
        kind=RequestKind.INVITATION,
    )
