"""The page of administrators."""

from tests.hubbox import HubBox
from tests.people import ADA, BOB
from tests.reading import look, sign_in


def test_administrators_see_people_jobs_and_health(box: HubBox) -> None:
    box.app.accounts.make_admin(ADA.name)
    sign_in(box, ADA)
    page = look(box, "/admin", "zh").text
    assert "健康状况" in page
    assert 'href="/eve"' in page


def test_nobody_else_does(box: HubBox) -> None:
    assert look(box, "/admin").status_code == 401
    sign_in(box, BOB)
    assert look(box, "/admin").status_code == 403
    box.app.accounts.make_admin(ADA.name)
    assert box.get(ADA, "/admin").status_code == 403  # a token is not a person at a page
