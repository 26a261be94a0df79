"""The own account: data, password, second factor, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import clock
from core import db as database
from core.db import scoped, session, transaction
from core.errors import Forbidden, NotFound, Refused, UserError
from core.forms import Form
from core.permissions import caller, requires
from core.web import notice
from identity import attempts, queries, rules, second_factor, session_cookie
from identity.account import services
from identity.account.forms import CodeForm, NameForm, PasswordForm, SecondFactorForm
from identity.kinds import ACCOUNT_PERMISSIONS
from identity.models import Account
from identity.services import end_session, end_sessions, start_session
from identity.session_cookie import CurrentSession, current_session
from identity.step_up import fresh_second_factor

blueprint = Blueprint("account", __name__)

Answer = str | Response | tuple[str, int]


def _current() -> CurrentSession:
    found = current_session()
    if found is None:
        raise Forbidden("Log eerst in.")
    return found


def _account() -> Account:
    return session().get_one(Account, _current().account_id)


@blueprint.get("/account/begin")
@requires("own:account")
def show_front_page() -> Response:
    """Where one arrives after signing in: the work, the own organisation, or the application one is busy with."""
    who = caller()
    if who.is_staff:
        return redirect("/beheer/" if who.permissions > ACCOUNT_PERMISSIONS else url_for(".show_account"), 303)
    return redirect("/mijn" if who.by_participant else "/mijn/aanmeldingen", 303)


@blueprint.get("/account")
@requires("own:account")
def show_account() -> str:
    account = _account()
    return render_template(
        "identity/account.html",
        account=account,
        sessions=queries.live_sessions(account),
        current=_current(),
    )


@blueprint.route("/account/naam", methods=["GET", "POST"])
@requires("own:account")
def change_name() -> Answer:
    form = NameForm(data={"name": _account().person.name})
    if form.validate_on_submit():
        with scoped(database.SIGN_IN), transaction():
            services.rename(_account(), form.name.data or "")
        notice("Uw naam is gewijzigd.")
        return redirect(url_for(".show_account"), 303)
    return _page("account_name", form)


@blueprint.route("/account/wachtwoord", methods=["GET", "POST"])
@requires("own:account")
@fresh_second_factor
def change_password() -> Answer:
    """Staff only: others have no password. All other sessions end."""
    if _account().password_hash is None:
        raise NotFound("U logt in zonder wachtwoord.")
    form = PasswordForm()
    if form.validate_on_submit():
        attempts.count("code", _account().email)
        try:
            with scoped(database.SIGN_IN), transaction():
                services.change_password(_account(), form.current.data or "", form.password.data or "")
                end_sessions(_current().account_id, keep=_current().id)
            notice("Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd.")
            return redirect(url_for(".show_account"), 303)
        except UserError as error:
            form.refuse(error)
    return _page("account_password", form)


@blueprint.route("/account/tweede-stap", methods=["GET", "POST"])
@requires("own:account")
def prove_second_factor() -> Answer:
    """Step-up: ask a code, then go on with a new session."""
    target = session_cookie.wanted()
    if not _current().has_second_factor:
        return redirect(url_for(".set_second_factor", verder=target or None), 303)
    form = CodeForm()
    if form.validate_on_submit():
        attempts.count("code", _account().email)
        try:
            with scoped(database.SIGN_IN), transaction():
                account = _account()
                services.prove_code(account, form.code.data or "")
                end_session(_current().id)
                return _go_on(account, target)
        except Refused as error:
            form.refuse(error)
    return _page("account_code", form, target=target)


@blueprint.route("/account/tweede-stap/instellen", methods=["GET", "POST"])
@requires("own:account")
def set_second_factor() -> Answer:
    """Set the second factor, or replace it after proving the one there is."""
    target, current = session_cookie.wanted(), _current()
    if current.has_second_factor and not rules.is_fresh(current.verified_at, clock.now()):
        here = url_for(".set_second_factor", verder=target or None)
        return redirect(url_for(".prove_second_factor", verder=here), 303)
    form = SecondFactorForm()
    if form.validate_on_submit():
        try:
            with scoped(database.SIGN_IN), transaction():
                account = _account()
                services.set_second_factor(account, form.sealed.data or "", form.code.data or "")
                answer = _go_on(account, target)
            notice("Uw tweede stap is ingesteld.")
            return answer
        except UserError as error:
            form.refuse(error)
    account = _account()
    offer = second_factor.offer(account.id, account.email, form.sealed.data)
    form.sealed.data = offer.sealed
    return _page("account_second_factor", form, offer=offer, target=target, replacing=current.has_second_factor)


@blueprint.post("/account/sessies/<int:session_id>/beeindigen")
@requires("own:account")
def end_own_session(session_id: int) -> Response:
    with transaction():
        if session_id not in {row.id for row in queries.live_sessions(_account())}:
            raise NotFound("U bent daar al uitgelogd.")
        services.end_own_session(_account(), session_id)
    notice("U bent daar uitgelogd.")
    return redirect(url_for(".show_account"), 303)


@blueprint.post("/account/sessies/andere-beeindigen")
@requires("own:account")
def end_other_sessions() -> Response:
    with transaction():
        services.end_other_sessions(_account(), keep=_current().id)
    notice("U bent overal uitgelogd, behalve hier.")
    return redirect(url_for(".show_account"), 303)


def _go_on(account: Account, target: str) -> Response:
    """A new session with a fresh proof instead of the present one; the day does not start again."""
    secret = start_session(account, verified=True, device=session_cookie.device(), started_at=_current().started_at)
    return session_cookie.welcome(secret, target or url_for(".show_account"))


def _page(template: str, form: Form, **values: object) -> tuple[str, int]:
    bad = bool(form.errors)
    page = render_template(f"identity/{template}.html", form=form, form_has_errors=bad, **values)
    return page, 422 if bad else 200
