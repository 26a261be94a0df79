"""Puts everything together; nobody imports it."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

from flask import Flask

import admin.views
import billing.views
import catalogue.views
import core.commands
import core.filters
import core.periodic
import core.tables
import core.web
import governance.models
import identity.views
import onboarding.views
import participants.queries
import participants.views
import register.views
from core.config import ConfigurationError, Settings, load

BLUEPRINTS = (
    identity.views.blueprint,
    participants.views.blueprint,
    catalogue.views.blueprint,
    billing.views.blueprint,
    onboarding.views.blueprint,
    register.views.blueprint,
    admin.views.blueprint,
)
COMMANDS = (*core.commands.ALL,)
TABLES = (core.tables, governance.models)
"""Imported for their tables or jobs alone."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Without `settings` they come from the environment; a wrong one stops it with a sentence."""
    try:
        config = settings or load()
    except ConfigurationError as error:
        sys.exit(f"Instelling klopt niet. {error}")
    app = Flask(__name__)
    app.config["PRODUCT_VERSION"] = _version()
    core.web.install(app, config)
    core.filters.install(app)
    identity.views.install(app, participants.queries.permissions_of)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for commands in COMMANDS:
        app.cli.add_command(commands)
    if config.is_demo:
        _install_demo(app)
    return app


def _install_demo(app: Flask) -> None:
    """Personas, mailbox and example data: only imported in the demonstration."""


def _version() -> str:
    try:
        return version("knooppuntbeheer")
    except PackageNotFoundError:
        return "0.1.0"
