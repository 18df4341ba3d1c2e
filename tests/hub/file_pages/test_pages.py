"""Folders and files: lists with pages, finding, blame, links, submodules, lost contents, names that nobody wants."""

import re
from urllib.parse import quote

import pytest
from tests.gitwork import ADA_WRITES, Workshop
from tests.hubbox import HubBox
from tests.people import ADA, EVE
from tests.reading import LANGUAGES, look, sign_in, visible
from tests.repowork import commit, large, lines, make, send, upload

ODD = ['"><script>alert(1)<script>.txt', "a'b&c.txt", "new\nline.txt", "\u202eexe.txt", "n" * 250, "名 字.txt"]


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(
        box,
        "ada/m",
        {"a.py": "import os\n\nprint('<b>')\n", "docs/README.md": "---\nx: 1\n---\n# Inside\n[a](../a.py)\n"},
    )
    return "ada/m"


@pytest.fixture
def shop(box: HubBox, repo: str) -> Workshop:
    folder = next(found.folder for found in box.app.repos.walk() if found.full_name == repo)
    return Workshop(box.app.git, folder)


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize(
    ("page", "most"),
    [("/tree/main", 11), ("/tree/main/docs", 11), ("/blob/main/a.py", 11), ("/blame/main/a.py", 7), ("/find/main", 6)],
)
def test_pages_ask_the_database_little(box: HubBox, repo: str, page: str, most: int, language: str) -> None:
    sign_in(box, ADA)
    with box.counting() as statements:
        answer = look(box, f"/{repo}{page}", language)
    assert answer.status_code == 200
    assert len(statements) <= most, statements


def test_a_folder_shows_its_own_text_below(box: HubBox, repo: str) -> None:
    page = look(box, f"/{repo}/tree/main/docs").text
    assert re.search(r"<h1[^>]*>Inside", page)
    assert 'href="/ada/m/blob/main/a.py"' in page
    assert "x: 1" not in page
    assert "Inside" not in look(box, f"/{repo}/tree/main").text


def test_thousands_of_entries_come_by_page_folders_first(box: HubBox, repo: str, shop: Workshop) -> None:
    shop.commit({f"many/f{number:04}.txt": "x" for number in range(250)} | {"many/zz/a": "x"})
    first = look(box, f"/{repo}/tree/main/many").text
    assert first.index('blob/main/many/f0000.txt"') > first.index('tree/main/many/zz"')
    assert "Page 1 of 3" in first
    last = look(box, f"/{repo}/tree/main/many?p=99").text
    assert "f0249.txt" in last
    assert "Page 3 of 3" in last
    assert "251 entries" in last


@pytest.mark.parametrize("name", ODD)
def test_no_name_breaks_a_page(box: HubBox, repo: str, shop: Workshop, name: str) -> None:
    shop.commit({f"odd/{name}": "text\n", f"odd/{name[:100]}.d/x": "y\n"})
    sign_in(box, ADA)
    page = look(box, f"/{repo}/tree/main/odd")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    addresses = re.findall(r'href="(/ada/m/blob/main/odd/[^"]*)"', page.text)
    assert addresses
    for view in ("blob", "blame", "commits"):
        answer = look(box, addresses[0].replace("/blob/", f"/{view}/"))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    assert look(box, f"/{repo}/find/main?words=odd").status_code == 200


def test_names_that_are_no_text_are_spelled_and_can_be_opened(box: HubBox, repo: str, shop: Workshop) -> None:
    made = odd(box, shop, b"latin-\xe9.txt", b"latin-\xe8.txt")
    spelled = "latin-%EF%BF%BDE9.txt"
    for page in (f"/tree/{made}", f"/find/{made}", f"/commit/{made}", f"/commit/{made}?view=split"):
        answer = look(box, f"/{repo}{page}")
        assert answer.status_code == 200
        assert "latin-\ufffdE9.txt" in answer.text
    tree = look(box, f"/{repo}/tree/{made}").text
    assert "This name is not UTF-8" in tree
    assert f"/{repo}/blob/{made}/{spelled}" in tree
    for name in (spelled, "latin-%E9.txt"):
        assert "text of latin-" in look(box, f"/{repo}/blob/{made}/{name}").text
        for view in ("blame", "commits", "edit", "delete"):
            assert look(box, f"/{repo}/{view}/{made}/{name}").status_code < 500
        assert box.get(ADA, f"/{repo}/resolve/{made}/{name}").content == b"text of latin-\xe9.txt"
        assert box.get(ADA, f"/{repo}/raw/{made}/{name}").content == b"text of latin-\xe9.txt"
    assert "latin-\ufffdE9.txt" in look(box, f"/{repo}/commits/{made}/{spelled}").text
    assert look(box, f"/{repo}/blame/{made}/{spelled}").status_code == 200
    assert look(box, f"/{repo}/blob/{made}/latin-%EA.txt").status_code == 404


def test_clients_find_names_that_are_no_text_as_they_are_listed(box: HubBox, repo: str, shop: Workshop) -> None:
    names = [b"d\xe9/a\xff.txt", b"d\xe9/b\xff.txt", b"d\xe9/plain.txt", "\u6570\u636e.csv".encode("gbk")]
    made = odd(box, shop, *names)
    api = f"/api/models/{repo}"
    listed = [line["path"] for line in box.get(ADA, f"{api}/tree/{made}?recursive=true").json() if line["size"]]
    assert len(listed) == 4
    assert {one["rfilename"] for one in box.get(ADA, f"{api}/revision/{made}").json()["siblings"]} == set(listed)
    for path in listed:
        found = box.get(ADA, f"/{repo}/resolve/{made}/{quote(path)}")
        assert found.content[len("text of ") :] in names
    told = box.post(ADA, f"{api}/paths-info/{made}", json={"paths": listed}).json()
    assert {line["path"] for line in told} == set(listed)
    following, seen = f"{api}/tree/{made}?recursive=true&limit=1", []
    while following:
        answer = box.get(ADA, following)
        seen += [line["path"] for line in answer.json() if line["size"]]
        following = answer.links.get("next", {}).get("url", "")
    assert seen == listed
    below = box.get(ADA, f"{api}/tree/{made}/{quote(listed[0].rpartition('/')[0])}?expand=true")
    assert [line["path"] for line in below.json()] == [path for path in listed if "/" in path]
    assert box.get(ADA, f"{api}/treesize/{made}/d%E9").json()["size"] > 0


def odd(box: HubBox, shop: Workshop, *names: bytes) -> str:
    """A commit of files whose names git alone could write."""
    shop.run("read-tree", "--empty")
    for name in names:
        blob = shop.run("hash-object", "-w", "--stdin", stdin=b"text of " + name).strip().encode()
        shop.run("update-index", "-z", "--index-info", stdin=b"100644 " + blob + b"\t" + name + b"\0")
    return box.app.git.commit_tree(shop.folder, shop.run("write-tree").strip(), [], ADA_WRITES, "odd")


def test_links_say_where_they_lead(box: HubBox, repo: str, shop: Workshop) -> None:
    for target, leads in (("../a.py", "/ada/m/blob/main/a.py"), ("../../etc/passwd", None), ("/etc/passwd", None)):
        blob = shop.run("hash-object", "-w", "--stdin", stdin=target.encode()).strip()
        shop.run("read-tree", "main")
        shop.run("update-index", "--add", "--cacheinfo", f"120000,{blob},docs/link")
        tree = shop.run("write-tree").strip()
        made = box.app.git.commit_tree(shop.folder, tree, [shop.tip() or ""], ADA_WRITES, "link")
        box.app.git.move_ref(shop.folder, "refs/heads/main", made, old=shop.tip())
        page = look(box, f"/{repo}/blob/main/docs/link").text
        assert "A symbolic link to" in page
        assert target in page
        assert (f'<a class="mono" href="{leads}"' in page) == (leads is not None)


def test_submodules_are_named_not_followed(box: HubBox, repo: str, shop: Workshop) -> None:
    shop.run("read-tree", "main")
    shop.run("update-index", "--add", "--cacheinfo", f"160000,{'ab' * 20},vendor")
    tree = shop.run("write-tree").strip()
    made = box.app.git.commit_tree(shop.folder, tree, [shop.tip() or ""], ADA_WRITES, "module")
    assert "@ abababa" in look(box, f"/{repo}/tree/{made}").text
    assert "ab" * 20 in look(box, f"/{repo}/blob/{made}/vendor").text


def test_a_pointer_without_content_says_so(box: HubBox, repo: str, shop: Workshop) -> None:
    oid = "cd" * 32
    shop.commit({"lost.bin": f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 12\n"})
    answer = look(box, f"/{repo}/blob/main/lost.bin")
    assert answer.status_code == 200
    assert "its content was never sent here" in answer.text
    assert oid in answer.text


def test_a_large_file_tells_its_facts_and_the_tree_what_was_saved(box: HubBox, repo: str) -> None:
    oid = upload(box, repo, b"w" * 5000)
    assert send(box, repo, lines(large("w.bin", b"w" * 5000))).status_code == 200
    box.settle()
    page = visible(look(box, f"/{repo}/blob/main/w.bin"))
    assert oid in page
    assert "git-lfs" in page
    assert "on the disk" in look(box, f"/{repo}/tree/main").text


def test_the_address_of_a_folder_as_a_file_leads_to_the_folder(box: HubBox, repo: str) -> None:
    answer = look(box, f"/{repo}/blob/main/docs")
    assert (answer.status_code, answer.headers["location"]) == (302, "/ada/m/tree/main/docs")
    assert look(box, f"/{repo}/blob/main/gone").status_code == 404


def test_blame_names_the_commit_of_every_line(box: HubBox, repo: str) -> None:
    commit(box, repo, {"a.py": "import sys\n\nprint('<b>')\n"}, summary="Import another")
    page = look(box, f"/{repo}/blame/main/a.py").text
    assert page.count('<td class="who') == 2
    assert "Import another" in page
    assert "&lt;b&gt;" in page
    assert "Blame before this change" in page


def test_long_files_are_blamed_by_page_and_what_is_no_text_not_at_all(box: HubBox, repo: str) -> None:
    commit(box, repo, {"l.txt": "line\n" * 2500, "b.bin": b"\0"})
    assert 'id="L2500"' in look(box, f"/{repo}/blame/main/l.txt?p=2").text
    assert 'id="L1000"' in look(box, f"/{repo}/blame/main/l.txt").text
    assert 'id="L1001"' not in look(box, f"/{repo}/blame/main/l.txt").text
    assert look(box, f"/{repo}/blame/main/b.bin").status_code == 422


def test_files_are_found_by_words_in_any_order(box: HubBox, repo: str) -> None:
    commit(box, repo, {"src/deep/model_run.py": "x", "src/run/other.txt": "x", "run.md": "x"})
    page = look(box, f"/{repo}/find/main?words=RUN+py").text
    assert "src/deep/" in page
    assert "other.txt" not in page
    every = look(box, f"/{repo}/find/main?words=run").text
    assert every.index("blob/main/run.md") < every.index("blob/main/src/run/other.txt")
    assert "No path has all" in look(box, f"/{repo}/find/main?words=nothing+like+this").text


def test_readers_see_no_doors_they_cannot_open(box: HubBox, repo: str) -> None:
    sign_in(box, EVE)
    for page in ("/tree/main", "/blob/main/a.py"):
        text = look(box, f"/{repo}{page}").text
        for address in ("/new/main", "/edit/main", "/delete/main", "/upload/main"):
            assert f"{repo}{address}" not in text
    sign_in(box, ADA)
    assert f"/{repo}/new/main" in look(box, f"/{repo}/tree/main").text
    oid = box.get(ADA, f"/api/models/{repo}/commits/main").json()[0]["id"]
    assert f"/{repo}/new/" not in look(box, f"/{repo}/tree/{oid}").text


def test_commands_quote_what_a_shell_would_take_apart(box: HubBox, repo: str) -> None:
    commit(box, repo, {"a b;rm -rf.txt": "x"})
    page = look(box, f"/{repo}/blob/main/a%20b%3Brm%20-rf.txt").text
    assert "hf download ada/m &#39;a b;rm -rf.txt&#39;" in page


@pytest.mark.parametrize(
    ("path", "content", "edited", "source"),
    [
        ("bear.svg", b"<svg><circle r='1'/></svg>\n", True, True),
        ("paper.pdf", b"%PDF-1.4\n%%EOF\n", False, False),
        ("note.pdf", b"a note that somebody called so\n", True, False),
        ("odd.svg", b"\0\1", False, True),
        ("floe.png", b"not a picture\n", False, False),
    ],
)
def test_what_is_text_is_edited_in_the_browser_whatever_shows_it(
    box: HubBox, repo: str, shop: Workshop, path: str, content: bytes, edited: bool, source: bool
) -> None:
    shop.commit({path: content})
    sign_in(box, ADA)
    page = look(box, f"/{repo}/blob/main/{path}").text
    buttons = (f'class="button" href="/{repo}/edit/main/{path}"' in page, "?plain=1" in page)
    assert buttons == (edited, source)
    assert ("Blame" in page) == (path == "note.pdf")


def test_a_drawing_has_a_source_with_lines(box: HubBox, repo: str, shop: Workshop) -> None:
    shop.commit({"bear.svg": "<svg>\n<script>alert(1)</script>\n</svg>\n"})
    assert "<img" in look(box, f"/{repo}/blob/main/bear.svg").text
    page = look(box, f"/{repo}/blob/main/bear.svg?plain=1").text
    assert 'id="L3"' in page
    assert "<script>alert" not in page
