"""Puts everything together; nobody imports it."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from flask import Flask

import admin.navigation
import admin.views
import billing.announcements.jobs
import billing.announcements.models
import billing.announcements.views
import billing.by_hand.views
import billing.changes.declared.services
import billing.changes.jobs
import billing.changes.views
import billing.commands
import billing.corrections.models
import billing.corrections.views
import billing.declarations.jobs
import billing.declarations.views
import billing.delivery.commands
import billing.delivery.jobs
import billing.delivery.views
import billing.e_invoice.commands
import billing.e_invoice.views
import billing.effects.queries
import billing.missing.views
import billing.payers.models
import billing.payers.views
import billing.prepayments.views
import billing.privacy.services
import billing.runs.commands
import billing.runs.holds.views
import billing.runs.jobs
import billing.runs.models
import billing.runs.views
import billing.simulator.commands
import billing.simulator.effects
import billing.simulator.models
import billing.simulator.views
import billing.statements.views
import billing.tariffs.recording.models
import billing.tariffs.recording.views
import billing.tariffs.views
import billing.tariffs.zero.jobs
import billing.tariffs.zero.views
import billing.units.views
import billing.views
import catalogue.activation.models
import catalogue.activation.views
import catalogue.commands
import catalogue.messages.models
import catalogue.messages.views
import catalogue.reach.models
import catalogue.reach.views
import catalogue.requests.views
import catalogue.retirement.jobs
import catalogue.retirement.models
import catalogue.retirement.views
import catalogue.versions.models
import catalogue.versions.views
import catalogue.views
import core.commands
import core.compression
import core.filters
import core.periodic
import core.tables
import core.web
import governance.assessments.models
import governance.assessments.views
import governance.bank_accounts.models
import governance.bank_accounts.views
import governance.bodies.views
import governance.choices.views
import governance.commands
import governance.decisions.views
import governance.meetings.views
import governance.operators.views
import governance.privacy.commands
import governance.privacy.jobs
import governance.privacy.views
import governance.views
import helpdesk.blueprint
import helpdesk.jobs
import helpdesk.meetings.views
import helpdesk.requests.own.views
import helpdesk.requests.staff.views
import helpdesk.requests.views
import helpdesk.ticket_systems.chosen
import identity.account.views
import identity.commands
import identity.jobs
import identity.staff.views
import identity.views
import onboarding.agreements.commands
import onboarding.agreements.review.views
import onboarding.agreements.views
import onboarding.applications.jobs
import onboarding.applications.views
import onboarding.going_live.jobs
import onboarding.going_live.views
import onboarding.privacy.services
import onboarding.take_over.commands
import onboarding.tasks.views
import participants.commands
import participants.declarations.views
import participants.details.views
import participants.order_numbers.models
import participants.order_numbers.views
import participants.organisations.views
import participants.overview.views
import participants.own.views
import participants.queries
import participants.views
import participants.withdrawals.views
import participants.works_for.views
import register.badges.views
import register.history.views
import register.open_data.views
import register.roadmap.views
import register.terms.views
import register.views
from core.config import ConfigurationError, Settings, load

BLUEPRINTS = (
    identity.views.blueprint,
    identity.account.views.blueprint,
    identity.staff.views.blueprint,
    participants.views.blueprint,
    governance.views.blueprint,
    governance.assessments.views.blueprint,
    governance.privacy.views.blueprint,
    catalogue.views.blueprint,
    billing.views.blueprint,
    billing.tariffs.views.blueprint,
    billing.runs.views.blueprint,
    billing.simulator.views.blueprint,
    helpdesk.blueprint.blueprint,
    onboarding.applications.views.blueprint,
    onboarding.tasks.views.blueprint,
    onboarding.agreements.views.blueprint,
    onboarding.going_live.views.blueprint,
    register.views.blueprint,
    admin.views.blueprint,
)
COMMANDS = (
    *core.commands.ALL,
    identity.commands.commands,
    governance.commands.commands,
    governance.privacy.commands.commands,
    catalogue.commands.commands,
    billing.commands.commands,
    participants.commands.commands,
    onboarding.agreements.commands.commands,
    onboarding.take_over.commands.commands,
)
TABLES = (
    core.tables,
    governance.privacy.jobs,
    catalogue.activation.models,
    catalogue.messages.models,
    catalogue.reach.models,
    catalogue.retirement.jobs,
    catalogue.retirement.models,
    catalogue.versions.models,
    governance.assessments.models,
    billing.effects.queries,
    billing.delivery.commands,
    billing.runs.commands,
    billing.runs.jobs,
    billing.runs.models,
    billing.changes.declared.services,
    billing.changes.jobs,
    billing.declarations.jobs,
    billing.delivery.jobs,
    billing.announcements.jobs,
    billing.announcements.models,
    billing.corrections.models,
    billing.payers.models,
    billing.privacy.services,
    governance.bank_accounts.models,
    participants.order_numbers.models,
    billing.simulator.commands,
    billing.simulator.effects,
    billing.simulator.models,
    billing.tariffs.recording.models,
    billing.tariffs.zero.jobs,
    helpdesk.jobs,
    identity.jobs,
    onboarding.applications.jobs,
    onboarding.going_live.jobs,
    onboarding.privacy.services,
)
"""Imported for their tables, jobs or what they register alone."""
"""Imported for their tables or jobs alone, or for what they register."""
PAGES = (
    governance.choices.views,
    billing.by_hand.views,
    billing.changes.views,
    billing.declarations.views,
    billing.e_invoice.commands,
    billing.e_invoice.views,
    billing.missing.views,
    billing.prepayments.views,
    billing.runs.holds.views,
    billing.announcements.views,
    billing.corrections.views,
    billing.payers.views,
    billing.statements.views,
    billing.units.views,
    participants.order_numbers.views,
    governance.bank_accounts.views,
    billing.tariffs.recording.views,
    billing.tariffs.zero.views,
    catalogue.activation.views,
    catalogue.messages.views,
    catalogue.reach.views,
    catalogue.requests.views,
    catalogue.retirement.views,
    catalogue.versions.views,
    helpdesk.meetings.views,
    helpdesk.requests.own.views,
    helpdesk.requests.staff.views,
    helpdesk.requests.views,
    governance.bodies.views,
    governance.decisions.views,
    governance.meetings.views,
    governance.operators.views,
    participants.declarations.views,
    participants.details.views,
    participants.organisations.views,
    participants.overview.views,
    participants.own.views,
    participants.withdrawals.views,
    participants.works_for.views,
    onboarding.agreements.review.views,
    register.roadmap.views,
    register.badges.views,
    register.history.views,
    register.open_data.views,
    register.terms.views,
)
"""Imported for the pages that they add to a blueprint above."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Without `settings` they come from the environment; a wrong one stops it with a sentence."""
    try:
        config = settings or load()
    except ConfigurationError as error:
        sys.exit(f"Instelling klopt niet. {error}")
    app = Flask(__name__)
    app.config["PRODUCT_VERSION"] = _version()
    core.web.install(app, config)
    core.compression.install(app)
    core.filters.install(app)
    identity.views.install(app, participants.queries.permissions_of)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    admin.navigation.install(app)
    helpdesk.ticket_systems.chosen.install(app, config)
    for commands in COMMANDS:
        app.cli.add_command(commands)
    if config.is_demo:
        _install_demo(app)
    return app


def _install_demo(app: Flask) -> None:
    """Personas, mailbox and example data: only imported in the demonstration."""
    for name in ("demo.views", "demo.helpdesk", "demo.commands"):
        import_module(name)
    app.register_blueprint(sys.modules["demo.views"].blueprint)
    app.cli.add_command(sys.modules["demo.commands"].commands)


def _version() -> str:
    try:
        return version("knooppuntbeheer")
    except PackageNotFoundError:
        return "0.1.0"
