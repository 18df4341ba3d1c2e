"""Cards, files and history as people read them."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import LANGUAGES, look, sign_in
from tests.repowork import add, commit, large, lines, make, send, upload

CARD = """---
license: mit
pipeline_tag: text-classification
base_model: ada/base
---
# A card
[code](src/run.py) [up](../../x) ![plot](img/p.png)

| a | b |
|---|---|
| 1 | 2 |

- [x] done
"""
HOSTILE = """# Hi
<script>alert(1)</script>
<img src=x onerror=alert(1)>
<a href="javascript:alert(1)">a</a> [b](javascript:alert(1)) [c](data:text/html,x) [d](//evil.example)
<svg onload=alert(1)><script>alert(2)</script></svg>
<iframe src="https://evil.example"></iframe><form action="/logout" method="post"><button>x</button></form>
<style>body{display:none}</style><div style="position:fixed" id="main" class="bar">x</div>
![remote](https://evil.example/pixel.png)
"""


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", {"README.md": CARD, "src/run.py": "print('<b>')\n", "empty.txt": "", "x.bin": b"\0\1"})
    return "ada/m"


PAGES = (
    "",
    "/tree/main",
    "/tree/main/src",
    "/blob/main/src/run.py",
    "/blob/main/README.md",
    "/blob/main/README.md?plain=1",
    "/blob/main/empty.txt",
    "/blob/main/x.bin",
    "/commits/main",
    "/commits/main/src",
    "/commit/main",
)


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_in_both_languages(box: HubBox, repo: str, page: str, language: str) -> None:
    with box.counting() as statements:
        answer = look(box, f"/{repo}{page}", language)
    assert answer.status_code == 200, answer.text
    assert len(statements) <= 12
    assert ("历史" in answer.text) == (language == "zh-CN")


@pytest.mark.parametrize(("kind", "prefix"), [("dataset", "datasets/"), ("space", "spaces/")])
def test_datasets_and_spaces_have_the_same_pages(box: HubBox, kind: str, prefix: str) -> None:
    make(box, "d", kind=kind)
    sign_in(box, ADA)
    for page in ("", "/tree/main", "/commits/main", "/settings"):
        assert look(box, f"/{prefix}ada/d{page}").status_code == 200
    assert f"git clone http://hub.test/{prefix}ada/d" in look(box, f"/{prefix}ada/d").text


def test_a_card_is_rendered_with_links_that_lead_into_the_repository(box: HubBox, repo: str) -> None:
    page = look(box, f"/{repo}").text
    assert 'href="/ada/m/blob/main/src/run.py"' in page
    assert 'href="/ada/m/blob/main/x"' in page
    assert 'src="/ada/m/resolve/main/img/p.png"' in page
    assert "<td>1</td>" in page
    assert "license: mit" not in page
    assert 'href="/models?filter=license%3Amit"' in page
    assert "ada/base" in page
    assert "This model is not on this hub." in page


def test_nothing_in_a_card_runs_or_reaches_outside(box: HubBox, repo: str) -> None:
    commit(box, repo, {"README.md": HOSTILE})
    for page in ("", "/blob/main/README.md"):
        text = look(box, f"/{repo}{page}").text.partition('class="card-text')[2].partition("</article>")[0]
        assert '<h1 id="hi">Hi ' in text
        for trap in ("<script", "onerror", "<iframe", "<form", "<style", "style=", '="javascript:', '="data:'):
            assert trap not in text, trap
        for attribute in ("src", "href"):
            assert f'{attribute}="https://evil' not in text
            assert f'{attribute}="//evil' not in text
        assert 'id="main"' not in text


@pytest.mark.parametrize("name", ['"><script>alert(1)<script>.txt', "a'b&c.txt", "100%25#?.txt", "名 字.txt"])
def test_hostile_file_names_stay_names(box: HubBox, name: str) -> None:
    make(box, "h")
    assert send(box, "ada/h", lines(add(name, "text"))).status_code == 200
    page = look(box, "/ada/h/tree/main").text
    assert "<script>alert" not in page
    address = page.partition('href="/ada/h/blob/main/')[2].partition('"')[0]
    while "gitattributes" in address:
        page = page.partition(f"blob/main/{address}")[2]
        address = page.partition('href="/ada/h/blob/main/')[2].partition('"')[0]
    answer = look(box, f"/ada/h/blob/main/{address}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_source_is_escaped_coloured_and_has_an_address_a_line(box: HubBox, repo: str) -> None:
    page = look(box, f"/{repo}/blob/main/src/run.py").text
    assert 'id="L1"' in page
    assert "&lt;b&gt;" in page
    assert 'class="nb"' in page


def test_pictures_are_shown_from_their_sandbox(box: HubBox) -> None:
    make(box, "p")
    commit(box, "ada/p", {"x.svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"})
    page = look(box, "/ada/p/blob/main/x.svg").text
    assert '<img class="preview" src="/ada/p/resolve/main/x.svg"' in page
    assert "onload" not in page
    assert "sandbox" in box.http.get("/ada/p/resolve/main/x.svg").headers["content-security-policy"]


def test_a_large_file_shows_its_hash_and_size(box: HubBox, repo: str) -> None:
    oid = upload(box, repo, b"w" * 5000)
    assert send(box, repo, lines(large("w.bin", b"w" * 5000))).status_code == 200
    assert oid in look(box, f"/{repo}/blob/main/w.bin").text
    assert "5 kB" in look(box, f"/{repo}/tree/main").text


def test_a_branch_with_a_slash_has_pages(box: HubBox, repo: str) -> None:
    assert box.post(ADA, f"/api/models/{repo}/branch/feat%2Fx", json={}).status_code == 200
    page = look(box, f"/{repo}/tree/feat%2Fx").text
    assert "/ada/m/blob/feat%2Fx/README.md" in page
    assert look(box, f"/{repo}/blob/feat%2Fx/README.md").status_code == 200


def test_an_empty_repository_teaches_its_writers_the_first_push(box: HubBox) -> None:
    make(box, "new")
    assert (
        "git clone http://hub.test/ada/new"
        not in look(box, "/ada/new").text.partition("<aside")[0].rpartition("with-side")[2]
    )
    sign_in(box, ADA)
    page = look(box, "/ada/new", "zh").text
    assert "仓库还是空的" in page
    assert "hf upload ada/new ./my-folder ." in page


def test_private_repositories_are_hidden_on_every_page(box: HubBox) -> None:
    make(box, "s", private=True)
    sign_in(box, EVE)
    for page in ("", "/tree/main", "/blob/main/.gitattributes", "/commits/main", "/commit/main", "/settings"):
        assert look(box, f"/ada/s{page}").status_code == 404


def test_liking_works_without_script(box: HubBox, repo: str) -> None:
    sign_in(box, BOB)
    assert box.http.post(f"/{repo}/like", data={}).status_code == 303
    assert "Liked" in look(box, f"/{repo}").text
    assert box.http.post(f"/{repo}/like", data={"unlike": "1"}).status_code == 303
    assert "Liked" not in look(box, f"/{repo}").text


def test_forms_of_other_sites_are_refused(box: HubBox, repo: str) -> None:
    sign_in(box, ADA)
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    sent = {"deed": "delete", "typed": repo}
    for path in (f"/{repo}/settings", f"/{repo}/like", "/new", "/settings/tokens", "/settings/profile"):
        assert box.http.post(path, data=sent, headers=elsewhere).status_code == 403
    assert look(box, f"/{repo}").status_code == 200
