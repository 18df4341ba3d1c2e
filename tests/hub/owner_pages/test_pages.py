"""The page of a user and of an organization."""

from tests.hubbox import HubBox
from tests.people import ADA, EVE
from tests.reading import LANGUAGES, look, sign_in, visible
from tests.repowork import make


def test_a_user_is_seen_with_what_everybody_may_see(box: HubBox) -> None:
    make(box, "seen")
    make(box, "hidden", private=True)
    for language in LANGUAGES:
        with box.counting() as statements:
            page = look(box, "/ada", language).text
        assert "/ada/seen" in page
        assert "/ada/hidden" not in page
        assert 'href="/lab"' in page
        assert len(statements) <= 16
    sign_in(box, ADA)
    assert "/ada/hidden" in look(box, "/ada").text


def test_likes_have_a_page_of_their_own(box: HubBox) -> None:
    make(box, "seen")
    make(box, "hidden", private=True)
    for name in ("seen", "hidden"):
        box.post(ADA, f"/api/models/ada/{name}/like")
    page = look(box, "/ada?tab=likes", "zh").text
    assert "/ada/seen" in page
    assert "/ada/hidden" not in page
    assert look(box, "/ada?tab=<script>").status_code == 200


def test_an_organization_shows_card_members_and_repositories(box: HubBox) -> None:
    make(box, "m", organization="lab")
    for language in LANGUAGES:
        with box.counting() as statements:
            page = look(box, "/lab", language).text
        assert "/lab/m" in page
        assert 'href="/bob"' in page
        assert "/organizations/lab/settings" not in page
        assert len(statements) <= 16
    sign_in(box, ADA)
    assert "/organizations/lab/settings" in look(box, "/lab").text
    sign_in(box, EVE)
    assert "/organizations/lab/settings" not in look(box, "/lab").text


def test_a_renamed_owner_is_found_under_the_old_name(box: HubBox) -> None:
    box.post(EVE, "/api/settings/rename", json={"name": "evelyn"})
    assert look(box, "/eve").headers["location"] == "/evelyn"
    assert look(box, "/nobody-here").status_code == 404


def test_a_hub_for_members_shows_nobody_to_strangers(box: HubBox) -> None:
    box.app.settings.change("anonymous_reading", "false")
    assert look(box, "/ada").status_code == 401
    assert "ada" not in visible(look(box, "/lab"))


def test_what_a_user_did_lately_has_a_page_of_its_own(box: HubBox) -> None:
    make(box, "seen")
    make(box, "hidden", private=True)
    for language in LANGUAGES:
        page = look(box, "/ada?tab=activity", language).text
        assert "/ada/seen" in page
        assert "/ada/hidden" not in page


def test_one_kind_of_an_owner_comes_by_page_by_name_and_in_order(box: HubBox) -> None:
    for number in range(26):
        make(box, f"bear-{number}")
    make(box, "fox")
    box.settle()
    page = look(box, "/ada?kind=model").text
    assert page.count('class="repo-row"') == 24
    following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    with box.counting() as statements:
        assert look(box, following).text.count('class="repo-row"') == 3
    assert len(statements) <= 14
    named = look(box, "/ada?kind=model&name=fox&sort=likes", "zh").text
    assert named.count('class="repo-row"') == 1
    assert "没有符合条件的内容" in look(box, "/ada?kind=dataset&name=fox", "zh").text
    for odd in ("kind=model&name=x", "kind=model&cursor=x", "kind=<b>", "kind=model&sort=<b>"):
        assert look(box, f"/ada?{odd}").status_code == 200


def test_an_organization_shows_one_kind_too(box: HubBox) -> None:
    make(box, "m", organization="lab")
    assert "/lab/m" in look(box, "/lab?kind=model").text
    assert "/lab/m" not in look(box, "/lab?kind=space").text
