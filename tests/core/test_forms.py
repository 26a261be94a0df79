"""Forms answer bad input in Dutch, and show back what was typed."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from wtforms import BooleanField

from core import forms, identifiers
from core.errors import UserError
from core.forms import DayField, Form, WholeNumberField
from core.kinds import Labelled
from core.validators import Optional, Required, messages, parse_day

FIVE_MEGABYTES = 5 * 1024 * 1024


class Colour(Labelled):
    RED = "red", "Rood"
    BLUE = "blue", "Blauw"


class Everything(Form):
    name = forms.text("Naam", "Vul een naam in.", what="De naam")
    nickname = forms.text("Roepnaam")
    remark = forms.long_text("Opmerking", what="De opmerking")
    email = forms.email("E-mailadres")
    kvk = forms.identifier("KvK-nummer", identifiers.kvk, "Vul een KvK-nummer in.")
    day = DayField("Dag", [Required("Vul een dag in.")])
    other_day = DayField("Andere dag", [Optional()])
    amount = WholeNumberField("Aantal", [Required("Vul een aantal in.")])
    other_amount = WholeNumberField("Ander aantal", [Optional()], low=-10, high=100_000)
    colour = forms.choice("Kleur", Colour.choices(), "Kies een kleur.")
    other_colour = forms.choice("Andere kleur", Colour.choices())
    shade = forms.radio("Tint", Colour.choices(), "Kies een tint.")
    agreed = BooleanField("Akkoord", [Required("Ga akkoord.")])


GOOD = {
    "name": " Gemeente  Utrecht ",
    "nickname": "",
    "remark": "een\r\ntwee",
    "email": "Info@Utrecht.NL",
    "kvk": "1234 5678",
    "day": "1-12-2026",
    "other_day": "",
    "amount": "70.361",
    "other_amount": "",
    "colour": "red",
    "other_colour": "",
    "shade": "blue",
    "agreed": "y",
}


def sent(app: Flask, **changes: str) -> Everything:
    """The form as it looks after somebody sent it."""
    with app.test_request_context(method="POST", data={**GOOD, **changes}):
        form = Everything(meta={"csrf": False})
        form.validate()
        for field in form:
            str(field())  # it can be shown again
        return form


def test_good_input_is_stored_tidily(app: Flask) -> None:
    form = sent(app)
    assert form.errors == {}
    assert form.data == {
        "name": "Gemeente Utrecht",
        "nickname": None,
        "remark": "een\ntwee",
        "email": "info@utrecht.nl",
        "kvk": "12345678",
        "day": date(2026, 12, 1),
        "other_day": None,
        "amount": 70361,
        "other_amount": None,
        "colour": "red",
        "other_colour": None,
        "shade": "blue",
        "agreed": True,
    }


@pytest.mark.parametrize(
    ("field", "typed", "answer"),
    [
        ("name", "", "Vul een naam in."),
        ("name", " \u00a0\u200b\ufeff ", "Vul een naam in."),
        ("name", "x" * 201, "De naam mag hoogstens 200 tekens hebben."),
        ("name", "Jan\x07", "Deze tekens kunnen wij niet verwerken: U+0007. Haal ze weg."),
        ("name", "twee\nregels", "Deze tekens kunnen wij niet verwerken: U+000A. Haal ze weg."),
        ("nickname", "\x00", "Deze tekens kunnen wij niet verwerken: U+0000. Haal ze weg."),
        ("remark", "x" * 4001, "De opmerking mag hoogstens 4000 tekens hebben."),
        ("email", "", "Vul een e-mailadres in."),
        ("email", "jan", "Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl."),
        ("email", "jan@", "Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl."),
        (
            "email",
            "a@x.nl\nBcc: b@x.nl",
            "Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl.",
        ),
        ("email", "x" * 300 + "@x.nl", "Een e-mailadres mag hoogstens 254 tekens hebben."),
        ("kvk", "1234567", "Een KvK-nummer heeft acht cijfers. U vulde er zeven in."),
        ("day", "", "Vul een dag in."),
        ("day", "morgen", "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 1-12-2026."),
        ("day", "1-12-26", "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 1-12-2026."),
        ("day", "31-2-2026", "Deze datum bestaat niet. Controleer de dag en de maand."),
        ("day", "29-2-2027", "Deze datum bestaat niet. Controleer de dag en de maand."),
        ("day", "1-1-1899", "Vul een jaar in tussen 1900 en 2100."),
        ("other_day", "31-2-2026", "Deze datum bestaat niet. Controleer de dag en de maand."),
        ("amount", "", "Vul een aantal in."),
        ("amount", "12,5", "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("amount", "1.5", "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("amount", "--5", "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("amount", "-", "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("amount", "1²", "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("amount", "1e9", "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("amount", "-1", "Vul een getal in van 0 tot en met 2.000.000.000."),
        ("amount", "3000000000", "Vul een getal in van 0 tot en met 2.000.000.000."),
        ("amount", "9" * 4000, "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("other_amount", "veel", "Vul een heel getal in, zonder komma, bijvoorbeeld 1250."),
        ("other_amount", "-11", "Vul een getal in van -10 tot en met 100.000."),
        ("colour", "", "Kies een kleur."),
        ("colour", "green", "Maak een keuze uit de lijst."),
        ("other_colour", "green", "Maak een keuze uit de lijst."),
        ("shade", "", "Kies een tint."),
        ("shade", "green", "Kies een tint."),
        ("agreed", "", "Ga akkoord."),
    ],
)
def test_bad_input_gets_one_sentence_beside_its_field(app: Flask, field: str, typed: str, answer: str) -> None:
    assert sent(app, **{field: typed}).errors == {field: [answer]}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "Jan\x07Pieter"),
        ("email", "jan at utrecht"),
        ("kvk", "12-34"),
        ("day", "31-2-2026"),
        ("other_day", "gisteren"),
        ("amount", "twaalf"),
        ("remark", "fout\x07"),
    ],
)
def test_what_was_typed_is_shown_back(app: Flask, field: str, typed: str) -> None:
    form = sent(app, **{field: typed})
    assert field in form.errors
    assert form[field]._value() == typed


@pytest.mark.parametrize("field", sorted(set(GOOD) - {"agreed"}))
def test_five_megabytes_are_refused_quickly_and_not_sent_back(app: Flask, field: str) -> None:
    begun = time.monotonic()
    form = sent(app, **{field: "5" * FIVE_MEGABYTES})
    assert time.monotonic() - begun < 20
    assert list(form.errors) == [field]
    assert len(str(form[field]())) < 6000


def test_a_name_that_is_far_too_long_gets_the_sentence_of_every_long_name(app: Flask) -> None:
    form = sent(app, name="é" * (FIVE_MEGABYTES // 8))
    assert form.errors == {"name": ["De naam mag hoogstens 200 tekens hebben."]}
    assert form.name.data == "é" * 200


def test_white_space_without_end_does_not_keep_us_busy(app: Flask) -> None:
    begun = time.monotonic()
    sent(app, name=" \u200b" * (FIVE_MEGABYTES // 8))
    sent(app, kvk=" " * FIVE_MEGABYTES, day=" " * FIVE_MEGABYTES)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("address", ["naam@voorbeeld.invalid", "naam@deelnemer.test", "o'brien+x@sub.utrecht.nl"])
def test_addresses_of_example_data_are_accepted(app: Flask, address: str) -> None:
    assert sent(app, email=address).errors == {}


def test_a_field_that_is_absent_counts_as_empty(app: Flask) -> None:
    with app.test_request_context(method="POST", data={}):
        form = Everything(meta={"csrf": False})
        form.validate()
    assert set(form.errors) == {"name", "email", "kvk", "day", "amount", "colour", "shade", "agreed"}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1-12-2026", date(2026, 12, 1)),
        ("01/12/2026", date(2026, 12, 1)),
        ("1.12.2026", date(2026, 12, 1)),
        ("2026-12-01", date(2026, 12, 1)),
        ("1 december 2026", date(2026, 12, 1)),
        (" 1  December   2026 ", date(2026, 12, 1)),
        ("29-2-2028", date(2028, 2, 29)),
    ],
)
def test_ways_to_write_a_date(typed: str, day: date) -> None:
    assert parse_day(typed) == day


@given(st.text(alphabet="0123456789-/. adjnuri²１", max_size=14))
def test_any_text_is_a_date_or_gets_a_sentence(typed: str) -> None:
    answer = "een datum"
    try:
        parse_day(typed)
    except ValueError as error:
        answer = str(error)
    assert answer.startswith(("een datum", "Schrijf de datum", "Deze datum", "Vul een jaar"))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_as_we_show_it_is_read_back(day: date) -> None:
    assert parse_day(f"{day.day}-{day.month}-{day.year}") == day


def test_a_refusal_of_the_domain_stands_beside_its_field_or_on_top(app: Flask) -> None:
    form = sent(app)
    form.refuse(UserError("Dit kan niet.", field="kvk"))
    form.refuse(UserError("Dit kan nergens.", field="unknown"))
    assert form.errors == {"kvk": ["Dit kan niet."], "": ["Dit kan nergens."]}
    assert messages(form.errors) == ["Dit kan niet.", "Dit kan nergens."]


def test_the_form_on_the_page_shows_the_typed_value_escaped(app: Flask) -> None:
    source = "{% from 'components/forms.html' import field %}{{ field(form.name) }}"
    with app.test_request_context(method="POST", data={**GOOD, "name": '"><script>alert(1)</script>\x07'}):
        form = Everything(meta={"csrf": False})
        form.validate()
        shown: Any = render_template_string(source, form=form)
    assert "<script>" not in shown
    assert "U+0007" in shown
