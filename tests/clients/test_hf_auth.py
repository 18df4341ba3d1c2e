"""`hf auth`: sign in with a token or with a code on a page, and the tokens kept on a computer."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.clients.shell import Shell
from tests.live_hub import WRONG_TOKEN, LiveHub
from tests.people import ADA, NOBODY, Person

pytestmark = pytest.mark.client
OpenShell = Callable[..., Shell]


@pytest.mark.covers("auth login (token)", "auth whoami", client="hf")
def test_login_with_a_token_and_ask_who_one_is(hub: LiveHub, shell: OpenShell) -> None:
    sh = shell(NOBODY)
    assert sh.try_("hf", "auth", "whoami").code != 0
    sh("hf", "auth", "login", "--token", hub.token(ADA))
    shown = sh("hf", "auth", "whoami")
    assert "ada" in shown
    assert "lab" in shown


@pytest.mark.covers("auth login (token)", client="hf")
def test_login_refuses_a_token_that_was_never_given_out(shell: OpenShell) -> None:
    answer = shell(NOBODY).try_("hf", "auth", "login", "--token", WRONG_TOKEN)
    assert answer.code != 0
    assert "nvalid" in answer.text


@pytest.mark.covers("auth list, switch, token, logout", client="hf")
def test_several_tokens_are_kept_switched_and_forgotten(hub: LiveHub, shell: OpenShell) -> None:
    sh = shell(NOBODY)
    for role in ("write", "read"):
        sh("hf", "auth", "login", "--token", hub.token(ADA, role))
    assert sh("hf", "auth", "token").strip().endswith(hub.token(ADA, "read") or "")
    shown = sh("hf", "auth", "list")
    names = re.findall(r"(?m)^[* ] *(\S.*?) +hf_\*+", shown)
    assert len(names) == 2, shown
    other = next(name for name in names if name not in sh("hf", "auth", "whoami"))
    sh("hf", "auth", "switch", "--token-name", other)
    sh("hf", "auth", "logout")
    assert sh.try_("hf", "auth", "whoami").code != 0


@pytest.mark.covers("auth login (token)", client="hf")
def test_login_hands_the_token_to_git(hub: LiveHub, shell: OpenShell) -> None:
    sh = shell(NOBODY)
    sh("git", "config", "--global", "credential.helper", "store")
    sh("hf", "auth", "login", "--token", hub.token(ADA), "--add-to-git-credential")
    kept = (sh.home / ".git-credentials").read_text()
    assert hub.token(ADA) in kept
    assert hub.host in kept.replace("%3a", ":")


def decide(hub: LiveHub, person: Person, address: str, decision: str) -> None:
    """In a browser: sign in through the form, open the address, choose."""
    with httpx.Client(base_url=hub.url, trust_env=False) as browser:
        fill_in(browser, "/login", {"username": person.name, "password": person.password})
        fill_in(browser, address.removeprefix(hub.url), {"decision": decision})


def fill_in(browser: httpx.Client, path: str, answers: dict[str, str]) -> None:
    """Open a page, fill in its form that has these fields, and send it with everything hidden in it."""
    page = browser.get(path, follow_redirects=True)
    assert page.status_code == 200, page.text
    for form in re.findall(r"<form\b.*?</form>", page.text, re.DOTALL):
        hidden = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
        if set(answers) <= set(re.findall(r'name="([^"]+)"', form)):
            action = re.search(r'<form[^>]*action="([^"]*)"', form)
            target = action.group(1) if action and action.group(1) else str(page.url)
            origin = str(browser.base_url).rstrip("/")
            answer = browser.post(target, data=hidden | answers, headers={"origin": origin})
            assert answer.status_code < 400, answer.text
            return
    raise AssertionError(f"no form on {path} asks for {sorted(answers)}:\n{page.text}")


@contextmanager
def device_login(sh: Shell) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`hf auth login` without a token: the waiting process and the address that it asks the person to open."""
    program = ["hf", "auth", "login", "--format", "agent"]
    env = sh.env | {"PYTHONUNBUFFERED": "1"}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(program, env=env, cwd=sh.home, text=True, **streams) as process:
        try:
            said = ""
            for line in process.stdout or ():
                said += line
                if found := re.search(r"http://\S+", line):
                    yield process, found.group(0)
                    return
            raise AssertionError(said)
        finally:
            process.kill()


@pytest.mark.covers("auth login (device code)", client="hf")
def test_login_by_a_code_that_the_person_approves_on_a_page(hub: LiveHub, shell: OpenShell) -> None:
    sh = shell(NOBODY)
    with device_login(sh) as (process, address):
        decide(hub, ADA, address, "approved")
        said, _ = process.communicate(timeout=60)
    assert "logged in as ada" in said
    assert "ada" in sh("hf", "auth", "whoami")


@pytest.mark.covers("auth login (device code)", client="hf")
def test_a_login_that_the_person_denies_ends_without_a_token(hub: LiveHub, shell: OpenShell) -> None:
    sh = shell(NOBODY)
    with device_login(sh) as (process, address):
        decide(hub, ADA, address, "denied")
        said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "denied" in said
    assert sh.try_("hf", "auth", "whoami").code != 0


@pytest.mark.covers("auth login (device code)", client="hf")
def test_a_login_by_code_is_renewed_with_its_refresh_token(hub: LiveHub, shell: OpenShell) -> None:
    sh = shell(NOBODY)
    with device_login(sh) as (process, address):
        decide(hub, ADA, address, "approved")
        process.communicate(timeout=60)
    before = sh("hf", "auth", "token").strip()
    stored = next(Path(sh.env["HF_HOME"]).glob("stored_tokens"))
    text = stored.read_text()
    assert "refresh_token" in text
    stored.write_text(re.sub(r"(?m)^(expires_at\s*=).*$", rf"\1 {int(time.time()) + 60}", text))
    assert "ada" in sh("hf", "auth", "whoami")
    assert sh("hf", "auth", "token").strip() != before
