"""Commands about organisations and participants."""

from __future__ import annotations

from flask.cli import AppGroup

from participants.imports.commands import import_organisations

commands = AppGroup("participants", help="Organisaties en deelnemers.")
commands.add_command(import_organisations)
