"""Accounts of staff and their roles."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import clock
from core.audit import timeline
from core.db import transaction
from core.errors import NotFound, UserError
from core.forms import Form
from core.permissions import caller, current_actor, requires
from core.web import notice
from identity.kinds import StaffRole
from identity.staff import queries, services
from identity.staff.forms import GrantRoleForm, NewAccountForm, ReasonForm
from identity.staff.queries import StaffMember

blueprint = Blueprint("staff_accounts", __name__, url_prefix="/beheer/medewerkers")

Answer = str | Response | tuple[str, int]


def _member(account_id: int) -> StaffMember:
    return queries.staff_member(account_id, clock.today())


@blueprint.get("")
@requires("role:view")
def list_accounts() -> str:
    return render_template(
        "identity/staff_list.html",
        members=queries.staff_members(clock.today()),
        may_create=caller().may("account:create"),
    )


@blueprint.route("/nieuw", methods=["GET", "POST"])
@requires("account:create")
def create_account() -> Answer:
    form = NewAccountForm()
    if form.validate_on_submit():
        try:
            with transaction():
                account, url = services.create_staff_account(
                    form.email.data or "", form.name.data or "", current_actor()
                )
                services.mail_set_up_link(account, url)
                account_id = account.id
            notice("Het account is gemaakt. Uw collega krijgt een mail met een link. Vraag nu een rol aan.")
            return redirect(url_for(".show_account", account_id=account_id), 303)
        except UserError as error:
            form.refuse(error)
    return _page("staff_new", form)


@blueprint.get("/<int:account_id>")
@requires("role:view")
def show_account(account_id: int) -> str:
    who = caller()
    member = _member(account_id)
    history = timeline(subject=f"account:{account_id}", for_staff=True, limit=50) if who.may("audit:view") else []
    return render_template(
        "identity/staff_account.html",
        member=member,
        requests=queries.open_role_requests(account_id),
        history=history,
        may_request=who.may("role:request") and member.account.disabled_at is None,
        may_renew=who.may("account:create") and who.account_id != account_id,
        may_disable=who.may("account:disable") and who.account_id != account_id,
    )


@blueprint.route("/<int:account_id>/rol-geven", methods=["GET", "POST"])
@requires("role:request")
def request_role(account_id: int) -> Answer:
    """Ask a colleague to give somebody a role."""
    member = _member(account_id)
    form = GrantRoleForm(roles=queries.choices_to_grant(member))
    if form.validate_on_submit():
        try:
            with transaction():
                services.request_role_change(
                    member.account,
                    StaffRole(form.role.data),
                    current_actor(),
                    grant=True,
                    last_day=form.last_day.data,
                    reason=form.reason.data or "",
                )
            return _asked(account_id)
        except UserError as error:
            form.refuse(error)
    return _page("staff_role", form, member=_member(account_id))


@blueprint.route("/<int:account_id>/rol-intrekken/<role_name>", methods=["GET", "POST"])
@requires("role:request")
def request_withdrawal(account_id: int, role_name: str) -> Answer:
    """Ask a colleague to take a role from somebody."""
    member, role = _member(account_id), _role(role_name)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.request_role_change(
                    member.account, role, current_actor(), grant=False, reason=form.reason.data or ""
                )
            return _asked(account_id)
        except UserError as error:
            form.refuse(error)
    return _page("staff_withdraw", form, member=_member(account_id), role=role)


@blueprint.route("/<int:account_id>/uitschakelen", methods=["GET", "POST"])
@requires("account:disable")
def disable_account(account_id: int) -> Answer:
    member = _member(account_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.disable_account(member.account, current_actor(), form.reason.data or "")
            notice("Het account is uitgeschakeld. Deze medewerker is overal uitgelogd.")
            return redirect(url_for(".show_account", account_id=account_id), 303)
        except UserError as error:
            form.refuse(error)
    return _page("staff_disable", form, member=_member(account_id))


@blueprint.post("/<int:account_id>/inschakelen")
@requires("account:disable")
def enable_account(account_id: int) -> Response:
    member = _member(account_id)
    with transaction():
        services.mail_set_up_link(member.account, services.enable_account(member.account, current_actor()))
    notice("Het account is weer ingeschakeld, nog zonder rollen. Er is een link gemaild om de toegang in te stellen.")
    return redirect(url_for(".show_account", account_id=account_id), 303)


@blueprint.route("/<int:account_id>/nieuwe-toegang", methods=["GET", "POST"])
@requires("account:create")
def renew_access(account_id: int) -> Answer:
    """Asks first: it signs somebody out and takes away the second factor."""
    member = _member(account_id)
    form = Form()
    if form.validate_on_submit():
        try:
            with transaction():
                services.mail_set_up_link(member.account, services.renew_access(member.account, current_actor()))
            notice("Er is een nieuwe link gemaild. Oude links werken niet meer.")
            return redirect(url_for(".show_account", account_id=account_id), 303)
        except UserError as error:
            form.refuse(error)
    return _page("staff_renew", form, member=_member(account_id))


def _asked(account_id: int) -> Response:
    notice("Uw verzoek ligt klaar voor een collega. De rol verandert pas als die akkoord geeft.")
    return redirect(url_for(".show_account", account_id=account_id), 303)


def _role(name: str) -> StaffRole:
    try:
        return StaffRole(name)
    except ValueError as error:
        raise NotFound("Deze rol bestaat niet.") from error


def _page(template: str, form: Form, **values: object) -> tuple[str, int]:
    bad = bool(form.errors)
    page = render_template(f"identity/{template}.html", form=form, form_has_errors=bad, **values)
    return page, 422 if bad else 200
