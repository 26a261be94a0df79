"""Draw the pictures in docs/screenshots from a running demonstration: `make demo` in one terminal, in another

    make screenshots                      or: URL=http://127.0.0.1:8001 make screenshots

It looks only: what it signs in to and opens changes nothing but the list of sessions.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Error, Page, sync_playwright

from scripts.supervisor import ROOT
from scripts.system_packages import CHROMIUM, program

FOLDER = ROOT / "docs/screenshots"
WIDE, TELEPHONE = 1280, 390
LARGEST = 150_000
"""Bytes: a picture in the documentation must not slow down who reads it."""
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
RELATIONS, FINANCE = "relatie.a@voorbeeld.invalid", "financien@voorbeeld.invalid"


@dataclass(frozen=True)
class Picture:
    """One file: how to come to the page, and which part of it to show."""

    name: str
    go: Callable[[Page], None]
    height: int = 900
    width: int = WIDE


def become(page: Page, email: str) -> None:
    """Sign in as somebody of the demonstration."""
    page.context.clear_cookies()
    page.goto("/demo/")
    page.evaluate("email => document.querySelector('main [name=email]').value = email", email)
    with page.expect_navigation():
        page.locator("main form button").first.click()


def follow(page: Page, link: str, within: str = "main") -> None:
    with page.expect_navigation():
        page.locator(within).get_by_role("link", name=link).first.click()


def personas(page: Page, stage: str, may: str) -> list[str]:
    """Mail addresses of people of participants at this stage who may do something."""
    page.goto("/demo/")
    rows = page.locator("tr", has_text=stage).filter(has_text=may)
    return [field.get_attribute("value") or "" for field in rows.locator("[name=email]").all()]


def start(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/")


def application_step(page: Page) -> None:
    """The page about the way of connecting, of a draft."""
    become(page, RELATIONS)
    page.goto("/beheer/aanmeldingen?stand=draft")
    with page.expect_navigation():
        page.locator("main tbody a").first.click()
    applicant = page.locator("dd", has_text="@").first.inner_text().rpartition(", ")[2]
    number = page.url.rpartition("/")[2]
    become(page, applicant)
    page.goto(f"/mijn/aanmeldingen/{number}/aansluiting")


def tasks(page: Page) -> None:
    """The list of somebody who is half way."""
    become(page, personas(page, "Medeondertekend", "Gebruikersbeheerder")[0])
    follow(page, "Taken")


def agreement(page: Page) -> None:
    """What a signatory reads who can sign."""
    for signatory in personas(page, "Geaccepteerd", "Vertegenwoordiger"):
        become(page, signatory)
        follow(page, "Overeenkomst")
        if page.get_by_role("link", name="Naar ondertekenen").count():
            return


def work(page: Page) -> None:
    become(page, RELATIONS)
    page.goto("/beheer/")


def participant(page: Page) -> None:
    """A fictional one that is live."""
    become(page, RELATIONS)
    page.goto("/beheer/zoeken?q=99100009")


def invoices(page: Page) -> None:
    become(page, FINANCE)
    page.goto("/beheer/facturen")


def public_list(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/deelnemers?sector=municipality&provincie=Flevoland")


PICTURES = (
    Picture("start", start),
    Picture("aanmelden", application_step, 820),
    Picture("taken", tasks, 1500),
    Picture("overeenkomst", agreement, 1000),
    Picture("mijn-werk", work),
    Picture("deelnemer", participant, 1000),
    Picture("facturen", invoices),
    Picture("deelnemers", public_list, 1990),
    Picture("telefoon", tasks, 844, TELEPHONE),
)


def main(arguments: list[str]) -> int:
    url = os.environ.get("URL") or "http://127.0.0.1:8000"
    wanted = [picture for picture in PICTURES if not arguments or picture.name in arguments]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(CHROMIUM), args=FLAGS)
        for picture in wanted:
            context = browser.new_context(
                base_url=url, locale="nl-NL", viewport={"width": picture.width, "height": picture.height}
            )
            try:
                size = _draw(picture, context.new_page())
            except Error as error:
                print(f"{picture.name}: dit lukt niet. Draait het voorbeeld op {url}?\n{error.message}")
                return 1
            print(f"{picture.name}.png: {size / 1000:.0f} kB")
            context.close()
    return 0


def _draw(picture: Picture, page: Page) -> int:
    """Returns how many bytes the file has."""
    statuses: list[int] = []
    page.on("response", lambda answer: statuses.append(answer.status))
    picture.go(page)
    if max(statuses) >= 400:
        raise Error(f"Op weg naar {page.url} kwam een pagina met status {max(statuses)}.")
    path = FOLDER / f"{picture.name}.png"
    content = page.screenshot()
    small = io.BytesIO()
    for colours in (256, 128, 64, 32):
        small = io.BytesIO()
        Image.open(io.BytesIO(content)).convert("RGB").quantize(colours).save(small, "PNG", optimize=True)
        if small.tell() <= LARGEST:
            break
    path.write_bytes(small.getvalue())
    return small.tell()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
