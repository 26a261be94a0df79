"""What the audit trail tells about changes of category."""

from __future__ import annotations

from core.audit import Event

PROPOSED = Event(
    "billing:category_change:proposed",
    "{actor} stelde vast dat {name} met {new_number} in categorie {new_category} zou vallen in plaats van"
    " {old_category}; er is nog niet over besloten.",
)
LAPSED = Event(
    "billing:category_change:lapsed",
    "{actor} liet het voorstel vervallen om {name} van categorie {old_category} naar {new_category} te brengen: het"
    " aantal is intussen anders.",
)
REQUESTED = Event(
    "billing:category_change:requested",
    "{actor} legde aan een collega voor: {name} van categorie {old_category} naar {new_category}, vanaf {day}.",
)
APPROVED = Event(
    "billing:category_change:approved",
    "{actor} stelde de categorie van {name} vast: vanaf {day} {new_category}, daarvoor {old_category}.",
)
DECLINED = Event(
    "billing:category_change:declined",
    "{actor} liet {name} in categorie {old_category}; het nieuwe aantal ({new_number}) geldt niet vanaf {day}.",
)
REOPENED = Event(
    "billing:category_change:reopened",
    "{actor} gaf geen akkoord op een wijziging van {name} waarvan de dag al voorbij was; het voorstel ligt er weer.",
)
