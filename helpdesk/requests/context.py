"""What goes along with a question by itself: the page, the participant, and what last happened there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from core import audit
from core.permissions import Caller
from participants.models import Participant
from participants.queries import participants_by_id

SECRET = frozenset({"token"})
"""Parameters of addresses that give access to whoever knows them."""
LONGEST = 200


@dataclass(frozen=True)
class Context:
    """What is sent along, and is shown before sending."""

    page: str | None
    participant: Participant | None
    last_event: str | None
    choices: Sequence[Participant]
    """For whom somebody can ask, when there is something to choose."""


def context_of(who: Caller | None, page: str | None, wanted: str | None) -> Context:
    """The context of a question. `wanted` is the number of a participant as it stands in the address; one that the
    person may not see counts as none."""
    shown, arguments = page_of(page)
    if who is None:
        return Context(shown, None, None, [])
    candidates = [key for key in (_number(wanted), _number(arguments.get("participant_id"))) if key is not None]
    if who.is_staff:
        keys = [key for key in candidates if who.may("participant:view")]
        own: list[Participant] = []
    else:
        own = participants_by_id(sorted(who.by_participant))
        keys = [key for key in candidates if key in who.by_participant]
        if not keys and len(own) == 1:
            keys = [own[0].id]
    found = participants_by_id(keys[:1])
    participant = found[0] if found else None
    return Context(shown, participant, _last_event(participant), own if len(own) > 1 else [])


def _last_event(participant: Participant | None) -> str | None:
    """As the participant reads it: it leaves this application."""
    if participant is None:
        return None
    entries = audit.timeline(participant_id=participant.id, for_staff=False, limit=1)
    return entries[0].sentence if entries else None


def _number(text: Any) -> int | None:
    value = str(text or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def referring_page(referrer: str | None, home: str) -> str | None:
    """The path of the page with the link that was followed, if it is one of ours. On public pages the link itself names
    none: they are the same for everybody, and nothing of an address may appear on them."""
    return f"/{referrer.removeprefix(home)}".partition("?")[0] if referrer and referrer.startswith(home) else None


def page_of(path: str | None) -> tuple[str | None, dict[str, Any]]:
    """The path of one of our pages without the secrets in it, and its parameters. None for anything else."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return None, {}
    try:
        rule, arguments = current_app.url_map.bind("localhost").match(path, "GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return None, {}
    if rule.endpoint == "static" or len(path) > LONGEST:
        return None, {}
    kept = path
    for name in SECRET & arguments.keys():
        kept = kept.replace(str(arguments[name]), "…")
    return kept, dict(arguments)
