"""The window of the tour sees what is wrong with a page; otherwise its silence means nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from tests.tour.conftest import OpenWindow

pytestmark = pytest.mark.browser

FAULTS = {
    "a picture without text": ('<img src="/static/img/favicon.svg">', "image-alt"),
    "a script in the page": ("<script>1</script>", "Content Security Policy"),
    "a style in the page": ('<p style="color: red">x</p>', "Content Security Policy"),
    "something wide": ('<svg width="1400" height="9" aria-hidden="true"></svg>', "wider than"),
    "a picture of another host": ('<img alt="x" src="http://elders.invalid/x.png">', "another host"),
    "a file that is not there": ('<img alt="x" src="/static/bestaat-niet.png">', "404"),
}


ALSO_WITHOUT_SCRIPTS = [name for name in FAULTS if name != "a script in the page"]


@pytest.mark.parametrize(
    ("fault", "scripts"), [*((name, True) for name in FAULTS), *((name, False) for name in ALSO_WITHOUT_SCRIPTS)]
)
def test_a_fault_is_seen(fault: str, scripts: bool, open_window: OpenWindow) -> None:
    html, complaint = FAULTS[fault]

    def spoil(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{html}</main>"))

    window = open_window("kapot", scripts=scripts)
    window.page.route("**/toegankelijkheid", spoil)
    with pytest.raises(AssertionError, match=complaint):
        window.open("/toegankelijkheid")


def test_another_status_than_expected_is_seen(open_window: OpenWindow) -> None:
    with pytest.raises(AssertionError, match="404 instead of 200"):
        open_window("verdwaald").open("/bestaat-niet")
