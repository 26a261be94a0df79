"""Accounts of staff from the command line: the first administrators, and help when nobody can sign in."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup

from core import clock
from core import db as database
from core.audit import SYSTEM, record
from core.db import scoped, transaction
from core.errors import UserError
from identity import events
from identity.account.services import remove_second_factor as remove
from identity.kinds import AccountKind, StaffRole
from identity.models import Account
from identity.queries import account_by_email
from identity.services import grant_role, subject_of
from identity.staff import queries, services

commands = AppGroup("identity", help="Accounts van medewerkers.")

ENOUGH = 2
"""Administrators that may be made without a colleague's agreement: with one, nobody could agree to the second."""


@commands.command("create-administrator")
@click.option("--email", help="E-mailadres van de medewerker.")
@click.option("--name", help="Naam van de medewerker.")
@click.option("--if-none", is_flag=True, help="Doe niets als er al iemand met de rol Applicatiebeheer is.")
def create_administrator(email: str | None, name: str | None, if_none: bool) -> None:
    """Maak een account en toon de link waarmee de medewerker de toegang instelt.

    De eerste twee krijgen meteen de rol Applicatiebeheer. Daarna vraagt men een rol aan en geeft een collega akkoord.
    """
    with scoped(database.JOB):
        present = queries.administrators(clock.today())
    if if_none and present:
        return
    if present == 0:
        click.echo("Er is nog niemand met de rol Applicatiebeheer. Maak het eerste account.")
    email = email or click.prompt("E-mailadres")
    name = name or click.prompt("Naam")
    with scoped(database.JOB), transaction():
        try:
            account, url = services.create_staff_account(_address(email), name.strip(), SYSTEM)
        except UserError as error:
            _stop(error.message)
        if queries.administrators(clock.today()) < ENOUGH:
            _make_administrator(account)
            click.echo(f"Account voor {email} gemaakt, met de rol Applicatiebeheer.")
        else:
            click.echo(f"Account voor {email} gemaakt, zonder rol: laat een collega de rol aanvragen.")
    _show(url)


def _make_administrator(account: Account) -> None:
    grant_role(account, StaffRole.ADMINISTRATION, starts_on=clock.today())
    label = StaffRole.ADMINISTRATION.label
    record(events.ROLE_GRANTED, SYSTEM, subject=subject_of(account), account=account.id, role=label, until="")


@commands.command("renew-access")
@click.argument("email")
def renew_access(email: str) -> None:
    """Laat een medewerker wachtwoord en tweede stap opnieuw instellen, als geen collega dat kan doen."""
    with scoped(database.JOB), transaction():
        account = _account(email, AccountKind.STAFF)
        try:
            url = services.renew_access(account, SYSTEM)
        except UserError as error:
            _stop(error.message)
    _show(url)


@commands.command("remove-second-factor")
@click.argument("email")
def remove_second_factor(email: str) -> None:
    """Haal de tweede stap weg van iemand bij een deelnemer die de telefoon kwijt is. Stel eerst vast wie het vraagt."""
    with scoped(database.JOB), transaction():
        account = _account(email, AccountKind.PARTICIPANT)
        try:
            remove(account, SYSTEM)
        except UserError as error:
            _stop(error.message)
    click.echo("De tweede stap is weggehaald. De eigenaar van het account krijgt daarvan bericht.")


def _account(email: str, kind: AccountKind) -> Account:
    account = account_by_email(email)
    if account is None or account.kind is not kind:
        _stop(f"Er is geen account met het adres {email} ({kind.label}).")
    return account


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)


@commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="Antwoord als JSON.")
def list_accounts(as_json: bool) -> None:
    """Toon de medewerkers met hun rollen."""
    with scoped(database.JOB):
        rows = [_row(member) for member in queries.staff_members(clock.today())]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['account']:>5}  {row['email']:40} {row['state']:28} {', '.join(row['roles']) or 'geen rol'}")


def _row(member: queries.StaffMember) -> dict[str, Any]:
    return {
        "account": member.account.id,
        "name": member.name,
        "email": member.account.email,
        "state": member.state.label,
        "roles": list(dict.fromkeys(held.role.label for held in member.roles_now)),
    }


def _address(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        _stop(f"'{text}' is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl.")


def _show(url: str) -> None:
    click.echo(f"Toegang instellen (werkt één keer, 48 uur):\n  {url}")
