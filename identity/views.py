"""Signing in and out: by a mailed link, or for staff by password and code."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import db as database
from core.db import scoped, session, transaction
from core.errors import Refused, UserError
from core.permissions import anyone
from core.web import notice
from identity import attempts, queries, second_factor, services, session_cookie
from identity.account.services import set_up_by_link
from identity.forms import LinkForm, MailForm, SetUpForm, StaffForm
from identity.kinds import AccountKind, LinkPurpose, SignInMeans
from identity.models import Account, OneTimeLink
from identity.services import LinkGone
from identity.session_cookie import cookie_name, current_session, install, remember

__all__ = ["blueprint", "cookie_name", "install", "remember"]

blueprint = Blueprint("identity", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/inloggen", methods=["GET", "POST"])
@anyone
def sign_in() -> Answer:
    """One question, the mail address; the answer is the same for everybody."""
    target = session_cookie.wanted()
    if current_session():
        return _onward(target)
    if request.method == "GET" and target.startswith("/beheer"):
        return redirect(url_for(".sign_in_as_staff", verder=target), 303)
    form = MailForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        attempts.count("link", email)
        with scoped(database.SIGN_IN), transaction():
            services.mail_sign_in_link(email, target)
        return redirect(url_for(".link_sent"), 303)
    return _page("sign_in", form, target=target, was_signed_in=bool(target and session_cookie.token()))


@blueprint.get("/inloggen/link-verstuurd")
@anyone
def link_sent() -> str:
    return render_template("identity/link_sent.html")


@blueprint.route("/inloggen/medewerker", methods=["GET", "POST"])
@anyone
def sign_in_as_staff() -> Answer:
    """Password and code together: whoever lacks one of them learns nothing about the other."""
    target = session_cookie.wanted()
    if current_session():
        return _onward(target)
    form = StaffForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        attempts.count("code", email)
        try:
            with scoped(database.SIGN_IN), transaction():
                account = services.prove_by_password(email, form.password.data or "", form.code.data or "")
                return _welcome(account, SignInMeans.PASSWORD, target=target)
        except Refused as error:
            form.refuse(error)
    return _page("sign_in_as_staff", form, target=target, was_signed_in=bool(target and session_cookie.token()))


@blueprint.post("/uitloggen")
@anyone
def sign_out() -> Response:
    """End the session here; the cookie is worth nothing afterwards."""
    current = current_session()
    if current is not None:
        with scoped(database.SIGN_IN), transaction():
            services.sign_out(current.id, session().get_one(Account, current.account_id))
    response = redirect(url_for(".sign_in"), 303)
    session_cookie.forget(response)
    notice("U bent uitgelogd.")
    return response


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@anyone
def open_link(token: str) -> Answer:
    """A mailed link. Looking changes nothing, so that a scanner of mail does not use it up; the button does."""
    try:
        with scoped(database.SIGN_IN):
            link = services.look_at_link(token)
            account = session().get(Account, link.account_id) if link.account_id else None
            if account is None:
                raise LinkGone(
                    "Deze link werkt niet. Kijk of u hem helemaal hebt overgenomen, of vraag een nieuwe aan."
                )
            if link.purpose is LinkPurpose.SET_UP:
                return _set_up(token, account)
            if account.kind is AccountKind.STAFF:
                return redirect(url_for(".sign_in_as_staff", verder=link.target), 303)
            return _sign_in_by_link(token, link, account)
    except LinkGone as error:
        return _gone(token, error)


def _sign_in_by_link(token: str, link: OneTimeLink, account: Account) -> Answer:
    with_code = account.totp_secret is not None
    email, purpose = account.email, link.purpose
    form = LinkForm(with_code=with_code)
    if form.validate_on_submit():
        code = form.code.data if with_code else None
        if with_code:
            attempts.count("code", email)
        try:
            with transaction():
                account, link = services.sign_in_by_link(token, code)
                means = SignInMeans.LINK_AND_CODE if with_code else SignInMeans.LINK
                return _welcome(account, means, verified=with_code, target=link.target)
        except Refused as error:
            form.refuse(error)
    return _page(
        "open_link", form, token=token, email=email, with_code=with_code,
        continuing=purpose is LinkPurpose.CONTINUE_APPLICATION,
    )  # fmt: skip


def _set_up(token: str, account: Account) -> Answer:
    account_id, email, name = account.id, account.email, account.person.name
    form = SetUpForm()
    if form.validate_on_submit():
        attempts.count("code", email)
        password, sealed, code = form.password.data or "", form.sealed.data or "", form.code.data or ""
        try:
            with transaction():
                account = set_up_by_link(token, password, sealed, code)
                answer = _welcome(account, SignInMeans.SET_UP)
            notice("Uw toegang is ingesteld. U hebt de app nodig bij elke keer dat u inlogt.")
            return answer
        except LinkGone:
            raise
        except UserError as error:
            form.refuse(error)
    offer = second_factor.offer(account_id, email, form.sealed.data)
    form.sealed.data = offer.sealed
    return _page("set_up", form, token=token, email=email, person_name=name, offer=offer)


def _gone(token: str, error: LinkGone) -> tuple[str, int]:
    with scoped(database.SIGN_IN):
        renewable = services.may_renew(queries.link_of(token))
    page = render_template("identity/link_gone.html", message=error.message, token=token, renewable=renewable)
    return page, error.status


@blueprint.post("/link/<token>/nieuw")
@anyone
def renew_link(token: str) -> Response:
    """A new link like this one, to the address that had it."""
    with scoped(database.SIGN_IN):
        email = queries.address_of_link(token)
    attempts.count("link", email or "onbekende link")
    with scoped(database.SIGN_IN), transaction():
        services.renew_link(token)
    return redirect(url_for(".link_sent"), 303)


def _welcome(account: Account, means: SignInMeans, *, verified: bool = True, target: str = "") -> Response:
    """Every way of signing in ends here: a new session instead of what the browser came with."""
    secret = services.sign_in(
        account, means, verified=verified, device=session_cookie.device(), instead_of=session_cookie.token()
    )
    return session_cookie.welcome(secret, target)


def _onward(target: str) -> Response:
    """Who is signed in already need not do it again."""
    return redirect(target or url_for("account.show_front_page"), 303)


def _page(template: str, form: LinkForm | MailForm | SetUpForm | StaffForm, **values: object) -> tuple[str, int]:
    bad = bool(form.errors)
    return render_template(f"identity/{template}.html", form=form, form_has_errors=bad, **values), 422 if bad else 200
