"""Pages that exist in the demonstration only: sign in as a persona with one click, and the mailbox."""

from __future__ import annotations

import re

from flask import Blueprint, Response, has_request_context, redirect, render_template, request, url_for
from flask import session as form_session
from markupsafe import Markup, escape
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from core import db as database
from core import documents
from core.db import scoped, session, transaction
from core.errors import NotFound
from core.listing import paginate
from core.mail import OutboxMessage
from core.permissions import anyone
from core.web import notice, settings
from demo.personas import STAFF
from demo.queries import participant_personas
from identity.queries import account_by_email
from identity.services import start_session
from identity.views import remember

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.app_context_processor
def links_in_the_strip() -> dict[str, list[tuple[str, str]]]:
    """Every page of the demonstration leads to the personas and the mail."""
    if not has_request_context():  # a mail or a document of a command
        return {"environment_links": []}
    return {
        "environment_links": [
            ("Kies wie u bent", url_for("demo.list_personas")),
            ("Postvak", url_for("demo.mailbox")),
            ("Ticketsysteem", url_for("demo.list_tickets")),
        ]
    }


@blueprint.get("/")
@anyone
def list_personas() -> str:
    with scoped(database.JOB):
        return render_template("demo/personas.html", staff=STAFF, participants=participant_personas())


@blueprint.post("/inloggen")
@anyone
def sign_in() -> BaseResponse:
    with scoped(database.SIGN_IN), transaction():
        account = account_by_email(request.form.get("email", ""))
        if account is None or account.disabled_at is not None or not account.email.endswith(".invalid"):
            raise NotFound("Deze persona bestaat niet in dit voorbeeld.")
        token = start_session(account, verified=True, device="Voorbeeld")
        name = account.person.name
    form_session.clear()
    notice(f"U bent ingelogd als {name}.")
    response = redirect(url_for("account.show_front_page"), 303)
    remember(response, token)
    return response


@blueprint.get("/postvak")
@anyone
def mailbox() -> str:
    with scoped(database.JOB):
        query = select(OutboxMessage).order_by(OutboxMessage.id.desc())
        wanted = request.args.get("aan", "").replace("\0", "").strip().lower()[:254]
        if wanted:
            query = query.where(OutboxMessage.recipient.contains(wanted, autoescape=True))
        page = paginate(query, per_page=25)
        return render_template("demo/mailbox.html", page=page, wanted=wanted)


@blueprint.get("/postvak/<int:message_id>")
@anyone
def show_mail(message_id: int) -> str:
    with scoped(database.JOB):
        message = session().get(OutboxMessage, message_id)
        if message is None:
            raise NotFound("Deze mail bestaat niet.")
        return render_template("demo/mail.html", message=message, body=_with_links(message.body))


@blueprint.get("/postvak/<int:message_id>/<int:number>")
@anyone
def attachment(message_id: int, number: int) -> Response:
    with scoped(database.JOB):
        message = session().get(OutboxMessage, message_id)
        if message is None or number >= len(message.attachments):
            raise NotFound("Deze bijlage bestaat niet.")
        part = message.attachments[number]
        response = Response(documents.read(part["sha256"]), mimetype=part["media_type"])
        response.headers["Content-Disposition"] = f'inline; filename="{part["name"]}"'
        return response


def _with_links(body: str) -> Markup:
    """The text of a mail with our own addresses made clickable, relative so that any host name works."""
    base = settings().base_url
    parts = re.split(f"({re.escape(base)}[^\\s<>]*)", body)
    shown = [
        Markup('<a class="utrecht-link" href="{0}">{1}</a>').format(part.removeprefix(base) or "/", part)
        if part.startswith(base)
        else escape(part)
        for part in parts
    ]
    return Markup("").join(shown)
