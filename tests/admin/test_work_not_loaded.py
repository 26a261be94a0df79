"""What could not be loaded never looks like nothing to do."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from admin import work
from admin.items import WorkItem
from admin.job_work import failing_jobs
from admin.kinds import PARTS
from core.permissions import Caller
from identity.kinds import StaffRole
from tests.admin.conftest import WORK, SignIn


def test_every_source_has_a_name_to_show_when_it_fails() -> None:
    unnamed = [source.__name__ for source in work.SOURCES if source.__name__ not in PARTS]
    assert not unnamed, f"{unnamed}: say in PARTS (admin/kinds.py) what this source tells about, in Dutch"


@pytest.mark.parametrize("statement", ["SELECT 1 / 0", "SELECT 1"])
def test_a_source_that_fails_is_named_and_the_rest_is_shown(
    sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    def failed_mail(_who: Caller) -> list[WorkItem]:
        session.execute(text(statement))
        raise RuntimeError("out of order")

    browser = sign_in(StaffRole.ADMINISTRATION)
    monkeypatch.setattr(work, "SOURCES", (failed_mail, failing_jobs))
    page = browser.get(WORK)
    alert = page.soup.select_one("[role=alert]")
    assert alert is not None
    assert "Dit deel ontbreekt op deze pagina: mail." in alert.get_text(" ", strip=True)
    assert "Achtergrondtaak nakijken" in page.text
    assert any("Could not load: mail" in record.getMessage() for record in caplog.records)
    monkeypatch.setattr(work, "SOURCES", (failed_mail,))
    page = browser.get(WORK)
    assert "Er wacht niets op u" not in page.text
    assert "Van de delen die wel zijn geladen, wacht er niets op u." in page.text
