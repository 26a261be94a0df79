"""The OpenAPI document of /api/v1. Filters name the codes of the moment, so it cannot lag behind the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from governance.models import Operator
from register.open_data.documents import JSON, LICENCE, Place
from register.open_data.rules import BASE, DEFAULT_SIZE, MAX_SIZE, VERSION
from register.rules import LICENCE_LINK, LICENCE_NAME, LICENCE_URL, MAX_QUERY, SORTS, Choices, Named

PROBLEM = "application/problem+json"
EXAMPLE_ID = "7d1f0c5e-3f6b-4c0a-9a55-0b8a2d1c6e42"
Schema = dict[str, Any]

TEXT = {"type": "string"}
OPTIONAL_TEXT = {"type": ["string", "null"]}
DAY = {"type": ["string", "null"], "format": "date"}
QUESTION = {"type": "string", "maxLength": MAX_QUERY}
OF_EVERY_ANSWER = ("API-Version", "ETag", "Link", "Cache-Control")


def specification(place: Place, choices: Choices, operator: Operator | None) -> dict[str, Any]:
    """The whole document. `operator`: whom to write to; without an e-mail address that field is left out."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Deelnemers aan het Schuldenknooppunt",
            "version": VERSION,
            "summary": "De openbare lijst met deelnemers, als open data.",
            "description": (
                "Wie is aangesloten op het Schuldenknooppunt, in welke rol, met welke modules en sinds wanneer."
                " Dezelfde gegevens als op de pagina met deelnemers. U hebt geen sleutel nodig. Vraag met de header"
                " If-None-Match of er iets veranderd is. Wat er per versie veranderde, en hoe lang een oude versie"
                " blijft werken, staat op de pagina over open data."
            ),
            "contact": _contact(place, operator),
            "license": {"name": LICENCE_NAME, "url": LICENCE_URL},
        },
        "externalDocs": {"description": "Uitleg over de open data", "url": place.url("/open-data")},
        "servers": [{"url": place.url(BASE), "description": "Deze omgeving"}],
        "tags": [
            {"name": "deelnemers", "description": "De openbare lijst"},
            {"name": "dienst", "description": "Over deze dienst"},
        ],
        "paths": {
            "/deelnemers": {"get": _list_operation(choices, place)},
            "/deelnemers/{id}": {"get": _one_operation(place)},
            "/openapi.json": {"get": _document_operation()},
        },
        "components": {
            "schemas": _schemas(),
            "headers": _headers(),
            "responses": _problems(),
        },
    }


def _contact(place: Place, operator: Operator | None) -> dict[str, str]:
    found = {"name": operator.name if operator else "Schuldenknooppunt", "url": place.url("/open-data")}
    if operator is not None and operator.email:
        found["email"] = operator.email
    return found


# ------------------------------------------------------------------------------------------- operations


def _list_operation(choices: Choices, place: Place) -> dict[str, Any]:
    links = {
        "self": {"href": place.url(f"{BASE}/deelnemers?paginaGrootte=1")},
        "first": {"href": place.url(f"{BASE}/deelnemers?paginaGrootte=1")},
        "next": {"href": place.url(f"{BASE}/deelnemers?pagina=2&paginaGrootte=1")},
        "last": {"href": place.url(f"{BASE}/deelnemers?pagina=310&paginaGrootte=1")},
    }
    example = {
        "deelnemers": [_example(place)],
        "totaal": 310,
        "pagina": 1,
        "paginaGrootte": 1,
        "aantalPaginas": 310,
        "bijgewerktOp": "2026-11-03",
        "licentie": LICENCE,
        "_links": links,
    }
    return {
        "operationId": "lijstDeelnemers",
        "tags": ["deelnemers"],
        "summary": "De lijst met deelnemers, per pagina",
        "description": "Een deelnemer moet aan alle filters voldoen. Een parameter die wij niet kennen, is een fout.",
        "parameters": [
            _parameter("q", "Woorden uit naam, bedrijfsonderdeel, plaats of rol.", QUESTION, "incasso"),
            _coded("rol", "Code van een rol.", choices.roles),
            _coded("module", "Code van een module die aan staat.", choices.modules),
            _coded("sector", "Code van een sector.", choices.sectors),
            _coded("provincie", "Naam van een provincie.", choices.provinces),
            _parameter(
                "volgorde",
                "Waarop de lijst is gesorteerd; een minteken ervoor keert de volgorde om.",
                {**TEXT, "enum": [f"{sign}{key}" for key in sorted(SORTS) for sign in ("", "-")], "default": "naam"},
                "naam",
            ),
            _parameter("pagina", "Nummer van de pagina.", {"type": "integer", "minimum": 1, "default": 1}, 1),
            _parameter(
                "paginaGrootte",
                "Aantal deelnemers per pagina.",
                {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
                DEFAULT_SIZE,
            ),
        ],
        "responses": {
            "200": _ok("Een pagina van de lijst", "Deelnemers", example),
            **_errors("304", "400", "404", "406"),
        },
    }


def _one_operation(place: Place) -> dict[str, Any]:
    parameter = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "Id van de deelnemer in het adresboek; staat ook in de lijst.",
        "schema": {**TEXT, "format": "uuid"},
        "example": EXAMPLE_ID,
    }
    example = {**_example(place), "licentie": LICENCE}
    return {
        "operationId": "toonDeelnemer",
        "tags": ["deelnemers"],
        "summary": "Eén deelnemer",
        "description": "Wie niet op de openbare lijst staat, bestaat hier niet.",
        "parameters": [parameter],
        "responses": {
            "200": _ok("De deelnemer", "DeelnemerMetLicentie", example),
            **_errors("304", "400", "404", "406"),
        },
    }


def _document_operation() -> dict[str, Any]:
    content = {JSON: {"schema": {"type": "object", "required": ["openapi", "info", "paths"]}}}
    return {
        "operationId": "toonSpecificatie",
        "tags": ["dienst"],
        "summary": "Deze beschrijving",
        "description": "De beschrijving van deze API in OpenAPI 3.1.",
        "responses": {
            "200": {
                "description": "De beschrijving",
                "headers": _refer(*OF_EVERY_ANSWER),
                "content": content,
            },
            **_errors("304", "400", "406"),
        },
    }


def _parameter(name: str, description: str, schema: Schema, example: object) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema, "example": example}


def _coded(name: str, description: str, choices: Sequence[Named]) -> dict[str, Any]:
    """A parameter that is one of the codes of the moment; before there are any, an empty list would forbid all."""
    codes = [choice.code for choice in choices]
    return _parameter(name, description, {**TEXT, "enum": codes} if codes else TEXT, codes[0] if codes else "")


def _ok(description: str, schema: str, example: object) -> dict[str, Any]:
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}
    return {"description": description, "headers": _refer(*OF_EVERY_ANSWER), "content": {JSON: content}}


def _refer(*headers: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _errors(*statuses: str) -> dict[str, Any]:
    """References to the answers of these statuses, with those that every operation can give."""
    return {status: {"$ref": f"#/components/responses/{status}"} for status in (*statuses, "405", "500", "503")}


# ------------------------------------------------------------------------------------------- components


def _example(place: Place) -> dict[str, Any]:
    return {
        "id": EXAMPLE_ID,
        "naam": "Voorbeeld Incasso B.V.",
        "bedrijfsonderdeel": None,
        "rol": {"code": "creditor", "naam": "Schuldeiser"},
        "sector": {"code": "collection", "naam": "Incasso en gerechtsdeurwaarders"},
        "modules": [{"code": "debt_settlement", "naam": "Schuldregeling", "sinds": "2026-11-03"}],
        "aangeslotenSinds": "2026-11-03",
        "provincie": "Utrecht",
        "plaats": "Voorbeeldstad",
        "gemeenten": [],
        "aansluitwijze": None,
        "voorbeeld": True,
        "_links": {
            "self": {"href": place.url(f"{BASE}/deelnemers/{EXAMPLE_ID}")},
            "pagina": {"href": place.url(f"/deelnemers/{EXAMPLE_ID}")},
            "keurmerk": {"href": place.url(f"/keurmerk/{EXAMPLE_ID}")},
        },
    }


def _object(description: str, properties: dict[str, Schema], *, optional: Sequence[str] = ()) -> Schema:
    """A closed object: what is not described does not come."""
    return {
        "type": "object",
        "description": description,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
        "properties": properties,
    }


def _schemas() -> dict[str, Schema]:
    reference = {"$ref": "#/components/schemas/Verwijzing"}
    named = {"$ref": "#/components/schemas/Benoemd"}
    licence = {"$ref": "#/components/schemas/Licentie"}
    warning = {**TEXT, "description": "Alleen in een omgeving met verzonnen gegevens."}
    participant: dict[str, Schema] = {
        "id": {**TEXT, "format": "uuid", "description": "Id in het adresboek van het knooppunt."},
        "naam": {**TEXT, "description": "Naam van de organisatie."},
        "bedrijfsonderdeel": {**OPTIONAL_TEXT, "description": "Naam van het onderdeel; null voor de hele organisatie."},
        "rol": named,
        "sector": named,
        "modules": {"type": "array", "items": {"$ref": "#/components/schemas/Module"}},
        "aangeslotenSinds": {
            **DAY,
            "description": "Eerste dag van de aansluiting die nu loopt; null bij een voorbeeld.",
        },
        "provincie": OPTIONAL_TEXT,
        "plaats": {**OPTIONAL_TEXT, "description": "Nooit ingevuld bij een eenmanszaak."},
        "gemeenten": {
            "type": "array",
            "items": TEXT,
            "description": "Gemeenten waarvoor een schuldhulpverlener werkt; leeg als dat niet apart is vastgelegd.",
        },
        "aansluitwijze": {**OPTIONAL_TEXT, "description": "Alleen als dat openbaar is; anders null."},
        "voorbeeld": {"type": "boolean", "description": "Waar: dit is geen echte aansluiting."},
        "_links": _object("Adressen", dict.fromkeys(("self", "pagina", "keurmerk"), reference)),
    }
    page_links = dict.fromkeys(("self", "first", "prev", "next", "last"), reference)
    return {
        "Deelnemer": _object("Een deelnemer op de openbare lijst", participant),
        "DeelnemerMetLicentie": _object(
            "Een deelnemer, met de licentie",
            {"letOp": warning, **participant, "licentie": licence},
            optional=("letOp",),
        ),
        "Deelnemers": _object(
            "Een pagina van de lijst",
            {
                "letOp": warning,
                "deelnemers": {"type": "array", "items": {"$ref": "#/components/schemas/Deelnemer"}},
                "totaal": {"type": "integer", "minimum": 0, "description": "Aantal deelnemers op alle pagina’s samen."},
                "pagina": {"type": "integer", "minimum": 1},
                "paginaGrootte": {"type": "integer", "minimum": 1, "maximum": MAX_SIZE},
                "aantalPaginas": {"type": "integer", "minimum": 1},
                "bijgewerktOp": {**DAY, "description": "Laatste dag waarop iets in de lijst veranderde."},
                "licentie": licence,
                "_links": _object("Andere pagina’s", page_links, optional=("prev", "next")),
            },
            optional=("letOp",),
        ),
        "Module": _object(
            "Een module die aan staat",
            {"code": TEXT, "naam": TEXT, "sinds": {**DAY, "description": "Eerste dag; null bij een voorbeeld."}},
        ),
        "Benoemd": _object("Een code met de naam die mensen gebruiken", {"code": TEXT, "naam": TEXT}),
        "Licentie": _object("Wat u met de gegevens mag", {"naam": TEXT, "url": {**TEXT, "format": "uri"}}),
        "Verwijzing": _object("Een adres", {"href": {**TEXT, "format": "uri"}}),
        "Probleem": {
            "type": "object",
            "description": "Wat er misging (RFC 9457)",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": TEXT,
                "title": TEXT,
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": {**TEXT, "description": "Wat er mis is en wat u kunt doen."},
                "instance": TEXT,
                "fouten": {
                    "type": "array",
                    "items": _object("Wat er mis is met een parameter", {"parameter": TEXT, "reden": TEXT}),
                },
            },
        },
    }


def _headers() -> dict[str, Any]:
    return {
        "API-Version": {"description": "De volledige versie van deze API.", "schema": TEXT, "example": VERSION},
        "ETag": {"description": "Kenmerk van dit antwoord, voor If-None-Match.", "schema": TEXT, "example": '"5f3c…"'},
        "Link": {
            "description": "Andere pagina’s (self, first, prev, next, last) en de licentie (RFC 8288).",
            "schema": TEXT,
            "example": LICENCE_LINK,
        },
        "Cache-Control": {
            "description": "U mag het antwoord bewaren, en vraagt elke keer of het nog klopt.",
            "schema": TEXT,
            "example": "public, max-age=0, must-revalidate",
        },
        "Allow": {"description": "Wat wel kan.", "schema": TEXT, "example": "GET, HEAD, OPTIONS"},
    }


def _problems() -> dict[str, Any]:
    unchanged = {
        "description": "Er is niets veranderd sinds uw vorige vraag.",
        "headers": _refer("API-Version", "ETag"),
    }
    return {
        "304": unchanged,
        "400": _problem(400, "Deze vraag begrijpen wij niet", "De parameter ‘role’ bestaat niet."),
        "404": _problem(404, "Deze deelnemer staat niet op de lijst", "Controleer het id, of vraag de lijst op."),
        "405": _problem(405, "Dit kan niet op deze manier", "Dit kan niet op deze manier.", "Allow"),
        "406": _problem(406, "Deze vorm hebben wij niet", f"Vraag om {JSON}, of laat de header Accept weg."),
        "500": _problem(500, "Er ging iets mis bij ons", "Er ging iets mis bij ons. Code van deze melding: 1a2b3c4d."),
        "503": _problem(503, "Wij zijn even niet bereikbaar", "Wij zijn even niet bereikbaar."),
    }


def _problem(status: int, title: str, detail: str, *headers: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return {
        "description": title,
        "headers": _refer("API-Version", *headers),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Probleem"}, "example": example}},
    }
