"""Puts everything together; nobody imports it."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from flask import Flask

import admin.navigation
import admin.views
import billing.commands
import billing.jobs
import billing.missing.views
import billing.tariffs.views
import billing.views
import catalogue.commands
import catalogue.views
import core.commands
import core.compression
import core.filters
import core.periodic
import core.tables
import core.web
import governance.assessments.models
import governance.commands
import governance.views
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
import onboarding.take_over.commands
import onboarding.tasks.views
import participants.commands
import participants.declarations.views
import participants.details.views
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
import register.terms.views
import register.views
from core.config import ConfigurationError, Settings, load

BLUEPRINTS = (
    identity.views.blueprint,
    identity.account.views.blueprint,
    identity.staff.views.blueprint,
    participants.views.blueprint,
    governance.views.blueprint,
    catalogue.views.blueprint,
    billing.views.blueprint,
    billing.tariffs.views.blueprint,
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
    catalogue.commands.commands,
    billing.commands.commands,
    participants.commands.commands,
    onboarding.agreements.commands.commands,
    onboarding.take_over.commands.commands,
)
TABLES = (
    core.tables,
    governance.assessments.models,
    billing.jobs,
    identity.jobs,
    onboarding.applications.jobs,
    onboarding.going_live.jobs,
)
"""Imported for their tables or jobs alone."""
PAGES = (
    billing.missing.views,
    participants.declarations.views,
    participants.details.views,
    participants.organisations.views,
    participants.overview.views,
    participants.own.views,
    participants.withdrawals.views,
    participants.works_for.views,
    onboarding.agreements.review.views,
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
    for commands in COMMANDS:
        app.cli.add_command(commands)
    if config.is_demo:
        _install_demo(app)
    return app


def _install_demo(app: Flask) -> None:
    """Personas, mailbox and example data: only imported in the demonstration."""
    for name in ("demo.views", "demo.commands"):
        import_module(name)
    app.register_blueprint(sys.modules["demo.views"].blueprint)
    app.cli.add_command(sys.modules["demo.commands"].commands)


def _version() -> str:
    try:
        return version("knooppuntbeheer")
    except PackageNotFoundError:
        return "0.1.0"
