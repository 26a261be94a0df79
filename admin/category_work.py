"""My work about tariff categories."""

from __future__ import annotations

from flask import url_for

from admin.items import WorkItem
from admin.kinds import WorkKind
from billing.changes.kinds import ChangeStage
from billing.changes.queries import open_changes
from core.permissions import Caller


def changes_of_category(who: Caller) -> list[WorkItem]:
    """Proposals to change categories that nobody put forward yet, together: they are put forward together too."""
    rows = [row for row in open_changes().values() if row.stage is ChangeStage.PROPOSED]
    if not rows or not who.may("category:propose"):
        return []
    what = "1 deelnemer valt" if len(rows) == 1 else f"{len(rows)} deelnemers vallen"
    return [
        WorkItem(
            WorkKind.CATEGORY,
            f"{what} in een andere categorie",
            "Door een nieuw aantal. Bekijk wat het betekent en leg het aan een collega voor.",
            min(row.proposed_at for row in rows),
            "Voorleggen",
            url_for("tariffs.list_changes"),
        )
    ]
