"""Ready, live, suspended, live again, ended."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from billing.missing.queries import missing_years
from billing.queries import invoices_of
from catalogue.queries import active_modules
from catalogue.services import choose_modules
from core import clock
from core.audit import SYSTEM
from core.db import transaction
from core.errors import Refused
from core.jobs import run
from onboarding.going_live import queries, services
from onboarding.kinds import CheckKind
from onboarding.tasks.queries import check_of
from onboarding.tasks.services import record_check
from participants.kinds import Channel, Stage
from participants.queries import active_participants, connection_period, permissions_of
from participants.services import change_participant
from tests.onboarding.conftest import TODAY, Journey


def test_the_whole_road_leaves_its_sentences(journey: Journey) -> None:
    row = journey.live()
    told = list(reversed(journey.timeline(row, for_staff=False)))
    basis = "grond: Uittreksel KvK"
    first = next(index for index, line in enumerate(told) if "accepteerde" in line)
    assert told[first + 1 :] == [
        "Het Schuldenknooppunt gaf iemand toegang als vertegenwoordiger (mag tekenen), vanaf 2 maart 2026.",
        f"Het Schuldenknooppunt stelde vast dat de tekeningsbevoegde van {row.name} mag tekenen ({basis}).",
        f"Het Schuldenknooppunt maakte de overeenkomst (versie 2026-1) voor {row.name}.",
        f"Tess Tekent ondertekende de overeenkomst namens {row.name}.",
        f"Het Schuldenknooppunt tekende de overeenkomst met {row.name} mede, namens Voorbeeldbeheerder B.",
        "Het Schuldenknooppunt liet het abonnement ingaan op 2 maart 2026.",
        f"Het Schuldenknooppunt maakte factuur 2026-00001 van €\u00a00,00 voor {row.name}.",
        "Het Schuldenknooppunt legde vast: eHerkenning getest, op 2 maart 2026.",
        f"Tess Tekent meldde: {row.name} is klaar.",
        f"Het Schuldenknooppunt zette de module Meldingen bewindvoering aan voor {row.name}, vanaf 2 maart 2026.",
        "Het Schuldenknooppunt zette de aansluiting aan vanaf 2 maart 2026.",
        f"Het Schuldenknooppunt activeerde {row.name} voor Meldingen bewindvoering.",
    ]


def test_ready_too_early_says_what_is_missing_and_is_audited(journey: Journey) -> None:
    row = journey.countersigned()
    signatory = journey.signatory(row)
    with pytest.raises(Refused, match="Nog te doen: eHerkenning getest"), transaction():
        services.declare_ready(row, journey.actor(signatory))
    row = journey.fresh(row)
    assert check_of(row.id, CheckKind.DECLARED_READY) is None
    assert journey.timeline(row)[0].endswith("dat kon nog niet: Nog te doen: eHerkenning getest.")


def test_only_the_participant_says_that_it_is_ready(journey: Journey) -> None:
    row = journey.countersigned()
    with pytest.raises(Refused, match="Alleen de deelnemer zelf"):
        services.declare_ready(row, journey.actor(journey.manager))


def test_saying_it_twice_counts_once_and_staff_hear_of_it(journey: Journey) -> None:
    row = journey.ready()
    first = check_of(row.id, CheckKind.DECLARED_READY)
    assert services.declare_ready(row, journey.actor(journey.signatory(row))) is first
    assert len(journey.mail(row, "Klaar om te activeren")) == 2


def test_activation_switches_on_what_was_chosen_and_lists_the_participant(journey: Journey) -> None:
    row = journey.ready()
    assert row.id not in {one.id for one in active_participants(TODAY)}
    services.activate(row, journey.actor(journey.manager))
    services.activate(row, journey.actor(journey.manager))
    assert journey.stage(row) is Stage.LIVE
    assert [module.since for module in active_modules(row.id, TODAY)] == [TODAY]
    assert row.id in {one.id for one in active_participants(TODAY)}
    mail = journey.mail(row, "U bent aangesloten")[0]
    assert f"/keurmerk/{row.directory_id}" in mail.body
    assert "- Meldingen bewindvoering" in mail.body


def test_a_role_without_module_cannot_become_ready(journey: Journey) -> None:
    row = journey.countersigned()
    row.role_code = "court"  # no module is meant for it yet
    journey.session.commit()
    assert queries.modules_to_activate(row) == []
    record_check(row, CheckKind.E_HERKENNING_TESTED, TODAY, journey.actor(journey.manager))
    with pytest.raises(Refused, match="Modules gekozen"):
        services.declare_ready(row, journey.actor(journey.signatory(row)))
    with pytest.raises(Refused, match="Modules gekozen"):
        services.activate(row, journey.actor(journey.manager))


def test_what_changed_after_ready_stops_the_activation(journey: Journey) -> None:
    row = journey.ready()
    change_participant(journey.actor(journey.manager), row, channel=Channel.SYSTEM)
    with pytest.raises(Refused, match="Certificaat gepubliceerd en Acceptatietest doorlopen"), transaction():
        services.activate(row, journey.actor(journey.manager))
    row = journey.fresh(row)
    assert journey.stage(row) is Stage.COUNTERSIGNED
    assert "wilde" in journey.timeline(row)[0]


def test_suspending_and_resuming(journey: Journey) -> None:
    row, actor = journey.live(), journey.actor(journey.manager)
    with pytest.raises(Refused, match="waarom"):
        services.suspend(row, "", actor)
    later = TODAY + timedelta(days=3)
    with clock.at(later):
        services.suspend(row, "Het certificaat is verlopen.", actor)
        assert journey.stage(row) is Stage.SUSPENDED
        assert row.id not in {one.id for one in active_participants(later)}
        assert connection_period(row.id, later) is not None
        assert "Het certificaat is verlopen." in journey.mail(row, "Uw aansluiting is geschorst")[0].body
        services.resume(row, actor)
        assert journey.stage(row) is Stage.LIVE
        assert row.id in {one.id for one in active_participants(later)}
        assert journey.mail(row, "De schorsing van uw aansluiting is opgeheven")
    assert journey.timeline(row)[1] == f"Mara Manager hief de schorsing van {row.name} op."


def test_ending_today_switches_everything_off(journey: Journey) -> None:
    row, actor = journey.live(), journey.actor(journey.manager)
    later = TODAY + timedelta(days=10)
    with clock.at(later):
        services.end(row, later, "Opgezegd.", actor)
        assert journey.stage(row) is Stage.ENDED
        assert connection_period(row.id, later) is None
        assert connection_period(row.id, later - timedelta(days=1)) is not None
        assert active_modules(row.id, later) == []
        assert row.id not in {one.id for one in active_participants(later)}
        assert "Opgezegd." in journey.mail(row, "Uw aansluiting is beëindigd")[0].body
        with pytest.raises(Refused, match="geen aansluiting om te beëindigen"):
            services.end(row, later, "Nog een keer.", actor)


def test_an_end_in_the_future_is_carried_out_on_that_day(journey: Journey) -> None:
    row, actor = journey.live(), journey.actor(journey.manager)
    last = date(2027, 1, 1)
    services.end(row, last, "Opgezegd.", actor)
    journey.session.commit()
    assert journey.stage(row) is Stage.LIVE
    assert journey.mail(row, "Uw aansluiting eindigt")
    with pytest.raises(Refused, match="al vastgelegd: 1 januari 2027"):
        services.end(row, last, "Nog een keer.", actor)
    with clock.at(date(2026, 12, 31)):
        assert run("onboarding:close_ended") == 0
    with clock.at(date(2027, 1, 2)):
        assert run("onboarding:close_ended") == 1
        assert run("onboarding:close_ended") == 0
        row = journey.fresh(row)
        assert journey.stage(row) is Stage.ENDED
        assert active_modules(row.id, last) == []
        assert active_modules(row.id, date(2026, 12, 31)) != []
        assert queries.live_since(row.id, last) is None
    assert any("1 januari 2027 was de einddatum" in line for line in journey.timeline(row))


def test_a_suspended_participant_can_end(journey: Journey) -> None:
    row, actor = journey.live(), journey.actor(journey.manager)
    services.suspend(row, "Onderzoek.", actor)
    services.end(row, TODAY, "Opgezegd.", actor)
    assert journey.stage(row) is Stage.ENDED


@pytest.mark.parametrize(
    ("day", "reason", "sentence"),
    [
        (TODAY - timedelta(days=1), "Ja.", "verleden"),
        (TODAY + timedelta(days=800), "Ja.", "meer dan twee jaar"),
        (TODAY, "  ", "waarom"),
    ],
)
def test_an_impossible_end_is_refused(journey: Journey, day: date, reason: str, sentence: str) -> None:
    row = journey.live()
    with pytest.raises(Refused, match=sentence):
        services.end(row, day, reason, journey.actor(journey.manager))


# ------------------------------------------------------------------------------------------- the badge


def test_the_badge_tells_the_standing(journey: Journey) -> None:
    signed, row, actor = journey.signed(), journey.countersigned(), journey.actor(journey.manager)
    assert queries.badge(signed.directory_id, TODAY) is None
    assert queries.badge(uuid.uuid4(), TODAY) is None
    found = queries.badge(row.directory_id, TODAY)
    assert found is not None
    assert (found.name, found.role) == (row.name, "Schuldeiser")
    assert found.standing == "overeenkomst getekend, nog niet actief"

    live = journey.live()

    def standing() -> str:
        status = queries.badge(live.directory_id, clock.today())
        assert status is not None
        return status.standing

    assert standing() == "actief sinds 2 maart 2026 met modules Meldingen bewindvoering"
    services.suspend(live, "Onderzoek.", actor)
    assert standing() == "tijdelijk geschorst"
    services.end(live, TODAY, "Opgezegd.", actor)
    assert standing() == "beëindigd op 2 maart 2026"


def test_the_badge_does_not_name_who_may_not_be_listed(journey: Journey) -> None:
    row = journey.live()
    change_participant(SYSTEM, row, list_publicly=False)
    found = queries.badge(row.directory_id, TODAY)
    assert found is not None
    assert row.name not in found.name


def test_modules_that_no_longer_fit_are_not_switched_on(journey: Journey) -> None:
    row = journey.countersigned()
    choose_modules(row, ["debt_settlement"], journey.actor(journey.signatory(row)))
    assert [module.code for module in queries.modules_to_activate(row)] == ["debt_settlement"]
    assert "own:declare_ready" in permissions_of(journey.signatory(row).id, TODAY)[row.id]


def test_the_annual_fee_of_the_last_year_is_invoiced_when_the_subscription_ends(journey: Journey) -> None:
    row = journey.live()
    last_day = date(TODAY.year + 1, 2, 1)
    services.end(row, last_day, "Opgezegd.", journey.actor(journey.manager))
    assert [invoice.year for invoice in invoices_of(row.id)] == [TODAY.year]
    with clock.at(last_day):
        services.close_ended(row)
        assert [invoice.year for invoice in invoices_of(row.id)] == [TODAY.year + 1, TODAY.year]
        assert missing_years(row.id, last_day) == []


def test_ending_in_the_year_that_was_invoiced_makes_no_other_invoice(journey: Journey) -> None:
    row = journey.live()
    services.end(row, TODAY, "Opgezegd.", journey.actor(journey.manager))
    assert len(invoices_of(row.id)) == 1
