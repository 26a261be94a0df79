"""The blueprint of all pages about participants, and the side navigation of one participant.

Its pages stand in `overview`, `details`, `organisations` and `own`; packages above this one add theirs to the side
navigation through `participants.rules.register_detail_panel` and `register_own_panel`, and extend the templates
`participants/file.html` (staff) or `participants/own_file.html`, which ask for `participant`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for

from core.permissions import current_caller
from participants.queries import stage_label
from participants.rules import DETAIL_PANELS, OWN_PANELS, Panel

blueprint = Blueprint("participants", __name__)


@dataclass(frozen=True)
class PageLink:
    """One entry of the side navigation, with the sentence that the overview shows beside it."""

    label: str
    url: str
    current: bool
    summary: str | None


def _links(participant_id: int, first: str, panels: Sequence[Panel], *, with_summary: bool) -> list[PageLink]:
    who = current_caller()
    if who is None:
        return []
    about = None if who.is_staff else participant_id
    overview = url_for(first, participant_id=participant_id)
    links = [PageLink("Overzicht", overview, request.path == overview, None)]
    for panel in panels:
        if who.may(panel.permission, about) and (panel.applies is None or panel.applies(participant_id)):
            url = url_for(panel.endpoint, participant_id=participant_id)
            current = request.path == url or request.path.startswith(f"{url}/")
            summary = panel.summary(participant_id) if with_summary and panel.summary else None
            links.append(PageLink(panel.label, url, current, summary))
    return links


def file_pages(participant_id: int, *, with_summary: bool = False) -> list[PageLink]:
    """The pages of staff about one participant that the person signed in may open."""
    return _links(participant_id, "participants.show_participant", DETAIL_PANELS, with_summary=with_summary)


def own_pages(participant_id: int, *, with_summary: bool = False) -> list[PageLink]:
    """The pages of a participant that the person signed in may open."""
    return _links(participant_id, "participants.show_own", OWN_PANELS, with_summary=with_summary)


blueprint.add_app_template_filter(stage_label)


@blueprint.app_context_processor
def navigation_of_one_participant() -> dict[str, Callable[..., Any]]:
    return {"file_pages": file_pages, "own_pages": own_pages}
