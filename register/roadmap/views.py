"""The public roadmap page."""

from __future__ import annotations

from flask import Response, current_app, render_template

from core import clock
from core.permissions import public
from register.answers import Memory, answer, is_demo
from register.roadmap import queries
from register.views import blueprint


@blueprint.get("/roadmap")
@public
def show_roadmap() -> Response:
    memory: Memory = current_app.extensions["public_answers"]
    today = clock.today()
    return memory.answer(
        queries.change_marker(today),
        lambda: answer(
            render_template("register/roadmap.html", modules=queries.roadmap(today), is_demo=is_demo(), today=today)
        ),
    ).response()
