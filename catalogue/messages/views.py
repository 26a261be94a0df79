"""Pages of staff that put together the message set of a version."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.messages import services
from catalogue.messages.forms import MessageForm
from catalogue.messages.kinds import MessageKind, Party
from catalogue.messages.models import MessageType
from catalogue.models import ModuleVersion
from catalogue.versions import queries
from catalogue.versions.kinds import Gate
from catalogue.views import blueprint
from core.errors import NotFound
from core.forms import Form, attempt, options
from core.permissions import current_actor, requires
from core.web import notice

Answer = str | Response | tuple[str, int]


def _done(version_id: int, sentence: str) -> Response:
    notice(sentence)
    return redirect(url_for("catalogue.show_version", version_id=version_id), 303)


def _page(template: str, version_id: int, form: Form, **values: Any) -> str:
    return render_template(
        f"catalogue/{template}.html",
        version=queries.version(version_id),
        form=form,
        action=request.path,
        back_url=url_for("catalogue.show_version", version_id=version_id),
        form_has_errors=bool(form.errors),
        **values,
    )


def _is_agreed(row: ModuleVersion) -> bool:
    return Gate.MESSAGES in queries.records(row.id)


@blueprint.route("/beheer/modules/versies/<int:version_id>/berichten/toevoegen", methods=["GET", "POST"])
@requires("module:edit")
def add_message_type(version_id: int) -> Answer:
    row = queries.version(version_id)
    form = MessageForm()
    form.answers.choices = options([(one.code, one.name) for one in queries.message_types(row.id)])

    def act() -> None:
        new = services.NewMessage(
            code=(form.code.data or "").upper(),
            name=form.name.data or "",
            kind=MessageKind(form.kind.data),
            senders=[Party(value) for value in form.senders.data or []],
            receivers=[Party(value) for value in form.receivers.data or []],
            source=form.source.data or "",
            answers=form.answers.data or [],
            answer_working_days=form.answer_working_days.data,
            is_optional=bool(form.is_optional.data),
            former_name=form.former_name.data,
        )
        services.add_message_type(current_actor(), row, new, is_agreed=_is_agreed(row))

    status = attempt(form, act)
    if status is None:
        return _done(version_id, "Het bericht is toegevoegd.")
    return _page("message_add", version_id, form), status


@blueprint.route("/beheer/modules/versies/<int:version_id>/berichten/<int:key>/weghalen", methods=["GET", "POST"])
@requires("module:edit")
def remove_message_type(version_id: int, key: int) -> Answer:
    row = queries.version(version_id)
    message = next((one for one in queries.message_types(version_id) if one.id == key), None)
    if not isinstance(message, MessageType):
        raise NotFound("Dit bericht bestaat niet.")
    form, name = Form(), message.name

    def act() -> None:
        services.remove_message_type(current_actor(), row, message, is_agreed=_is_agreed(row))

    status = attempt(form, act)
    if status is None:
        return _done(version_id, f"{name} is weggehaald.")
    return _page("message_remove", version_id, form, name=name), status
