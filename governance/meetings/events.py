"""What the audit trail tells about meetings."""

from __future__ import annotations

from core.audit import Event

PLANNED = Event("governance:meeting:planned", "{actor} plande een vergadering van {body} op {held_on}.")
CHANGED = Event("governance:meeting:changed", "{actor} wijzigde de vergadering van {body}: {held_on}, {place}.")
ITEM_ADDED = Event("governance:agenda:extended", "{actor} zette op de agenda van {body} van {held_on}: {title}.")
ITEM_MOVED = Event(
    "governance:agenda:reordered", "{actor} veranderde de volgorde van de agenda van {body} van {held_on}: {title}."
)
ITEM_REMOVED = Event("governance:agenda:shortened", "{actor} haalde van de agenda van {body} van {held_on}: {title}.")
PAPER_ATTACHED = Event(
    "governance:paper:attached", "{actor} voegde bij de vergadering van {body} van {held_on} toe: {name} ({kind})."
)
