"""The page that takes files in."""

import json

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import LANGUAGES, look, sign_in
from tests.repowork import make


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_the_page_works_without_script_and_brings_words_for_it(box: HubBox, language: str) -> None:
    make(box)
    sign_in(box, ADA)
    with box.counting() as statements:
        page = look(box, "/ada/m/upload/main/a/b", language)
    assert page.status_code == 200
    assert len(statements) <= 8
    assert 'enctype="multipart/form-data"' in page.text
    assert 'action="/ada/m/upload/main/a/b"' in page.text
    words = json.loads(page.text.partition('id="upload-words">')[2].partition("</script>")[0])
    assert ("重试" in words["retry"]) == (language == "zh-CN")
    assert all(("{" in word) == ("}" in word) for word in words.values())


def test_datasets_and_spaces_have_it_too(box: HubBox) -> None:
    for kind, prefix in (("dataset", "datasets"), ("space", "spaces")):
        make(box, "d", kind=kind)
        sign_in(box, ADA)
        page = look(box, f"/{prefix}/ada/d/upload/main").text
        assert f'data-batch="/{prefix}/ada/d/info/lfs/objects/batch"' in page
        assert f'data-api="/api/{prefix}/ada/d"' in page


def test_only_writers_see_it(box: HubBox) -> None:
    make(box)
    assert look(box, "/ada/m/upload/main").headers["location"].startswith("/login?next=")
    sign_in(box, EVE)
    assert look(box, "/ada/m/upload/main").status_code == 403
    make(box, "hidden", private=True)
    assert look(box, "/ada/hidden/upload/main").status_code == 404


def test_files_go_to_branches_only(box: HubBox) -> None:
    make(box)
    sign_in(box, ADA)
    assert box.post(ADA, "/api/models/ada/m/branch/feat%2Fx", json={}).status_code == 200
    page = look(box, "/ada/m/upload/feat%2Fx/in")
    assert 'action="/ada/m/upload/feat%2Fx/in"' in page.text
    assert look(box, "/ada/m/upload/nowhere").status_code == 404
    assert look(box, "/ada/m/upload/main/..%2Fx").status_code == 400


def test_a_session_may_do_all_that_the_script_asks_and_other_sites_may_not(box: HubBox) -> None:
    make(box)
    sign_in(box, ADA)
    asked = {"files": [{"path": "a.txt", "size": 1, "sample": "YQ=="}]}
    wanted = {"operation": "upload", "transfers": ["tus"], "objects": [{"oid": "a" * 64, "size": 5}]}
    calls = (("/api/models/ada/m/preupload/main", asked), ("/ada/m/info/lfs/objects/batch", wanted))
    here, elsewhere = (
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    )
    for path, body in calls:
        assert box.http.post(path, json=body, headers=here).status_code == 200
        assert box.http.post(path, json=body, headers=elsewhere).status_code == 403
    commit = {"content": b'{"key":"header","value":{"summary":"x"}}\n'}
    assert box.http.post("/api/models/ada/m/commit/main", headers=elsewhere, **commit).status_code == 403
    sign_in(box, BOB)
    assert box.http.post(calls[0][0], json=asked, headers=here).status_code == 403
