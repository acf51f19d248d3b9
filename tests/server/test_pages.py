"""What a page may load and run is said with it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator

import pytest

from server.routes.pages import policy
from tests.driver import ROOT, Person
from tests.house import House, house

Comes = Callable[..., Person]
PAGES = ("/", "/t", "/tanjung-selor", "/tanjung-selor/tv", "/tanjung-selor/kiosk", "/tanjung-selor/desk")
STAFF_PAGES = ("/officer", "/supervisor", "/admin", "/login")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("pages"), staff={}) as office:
        yield office


@pytest.mark.parametrize("page", [*PAGES, *STAFF_PAGES])
async def test_no_page_runs_a_script_of_anybody_else_or_one_slipped_into_it(office: House, people: Comes, page: str) -> None:
    answer = await people(office).http.get(page)
    said = answer.headers["content-security-policy"]
    assert "default-src 'self'" in said
    assert "unsafe" not in said
    assert "http" not in said
    assert "frame-ancestors 'none'" in said


def test_only_the_inline_script_that_stands_in_our_own_file_is_allowed() -> None:
    page = (ROOT / "static" / "phone" / "index.html").read_bytes()
    script = page.split(b"<script>", 1)[1].split(b"</script>", 1)[0]
    mark = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert f"script-src 'self' 'sha256-{mark}';" in policy(page)
    assert mark not in policy(page.replace(script, script + b"alert(1)"))
    assert "script-src 'self';" in policy(b"<p>no script</p>")
