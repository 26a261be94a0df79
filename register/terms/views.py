"""Public pages about tariffs and the agreement; read with the scope of the public, made anew for each visitor."""

from __future__ import annotations

from flask import Response, render_template

from billing.tariffs import queries as tariffs
from billing.tariffs.rules import UNITS
from core import clock
from core.errors import NotFound, UserError
from core.permissions import public
from governance.queries import label_of, settings_on, shown_value
from onboarding.agreements import queries as agreements
from onboarding.agreements.rules import fill, parse
from onboarding.models import AgreementText
from register.answers import answer, is_demo
from register.terms.rules import BLANKS, SHOWN_SETTINGS, examples
from register.views import blueprint


@blueprint.get("/tarieven")
@public
def show_tariffs() -> Response:
    """Tariffs in force with their decision, those of before and later, and what they come to."""
    today = clock.today()
    tables = tariffs.tariff_tables()
    try:
        policy = tariffs.policy_on(today)
    except UserError:  # nothing was decided yet, or a choice is missing: then there is nothing to compute with
        policy = None
    zero = policy.zero_rule(today) if policy else None
    settings = {row.name: row for row in settings_on(today)}
    page = render_template(
        "register/tariffs.html",
        current=next((table for table in tables if table.starts_on <= today), None),
        later=[table for table in tables if table.starts_on > today],
        earlier=[table for table in tables if table.starts_on <= today][1:],
        zero_tariffs=tariffs.zero_tariffs(),
        exceptions=tariffs.category_exceptions(),
        audiences=tariffs.AUDIENCES,
        units={basis: more for basis, (_, more) in UNITS.items()},
        examples={
            audience: examples(policy, categories, today, zero) for audience, categories in policy.categories.items()
        }
        if policy
        else {},
        zero=zero,
        settings=[settings[str(name.value)] for name in SHOWN_SETTINGS if name.value in settings],
        label_of=label_of,
        shown_value=shown_value,
        today=today,
        is_demo=is_demo(),
    )
    return answer(page).response()


@blueprint.get("/overeenkomst")
@public
def show_agreement() -> Response:
    """The text in force."""
    return _agreement(agreements.text_in_force(clock.today()))


@blueprint.get("/overeenkomst/<version>")
@public
def show_agreement_version(version: str) -> Response:
    """One version, also of before or later. Raises NotFound for one that never was."""
    found = next((text for text in agreements.texts() if text.version == version), None)
    if found is None:
        raise NotFound("Deze versie van de overeenkomst bestaat niet. Bekijk welke versies er zijn.")
    return _agreement(found)


def _agreement(text: AgreementText | None) -> Response:
    today = clock.today()
    in_force = agreements.text_in_force(today)
    body = None
    if text is not None:
        body = fill(parse(text.body), {**BLANKS, "stelselbeheerder": text.operator.name})
    page = render_template(
        "register/agreement.html",
        text=text,
        body=body,
        in_force=in_force,
        texts=agreements.texts(),
        today=today,
        is_demo=is_demo(),
    )
    return answer(page).response()
