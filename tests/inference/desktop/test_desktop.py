"""Entries of file managers."""

import os
import plistlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from tests.inference.tasks.samples import picture

from bearhug.cli import main
from bearhug.inference.desktop import linux
from bearhug.inference.desktop.records import Errand
from bearhug.inference.desktop.service import PLATFORMS
from bearhug.inference.desktop.service import install as put

Make = Callable[[str], Path]
ODD = ("a b.png", "it's.png", 'say "hi" $HOME `x`.png', "熊 & 猫;.jpg", "-n.png", "back\\slash %s.png")


def run(*words: object) -> str:
    done = CliRunner().invoke(main, ["desktop", *(str(word) for word in words)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_script_of_linux_cuts_out_pictures_of_any_name(model: Make, tmp_path: Path) -> None:
    home, photos, said = tmp_path / "ho me's", tmp_path / "照片 $1", tmp_path / "said"
    photos.mkdir()
    for name in ODD:
        (photos / name).write_bytes(picture())
    tell = tmp_path / "bin" / "notify-send"
    tell.parent.mkdir()
    tell.write_text(f'#!/bin/sh\nshift\nprintf "%s|%s\\n" "$1" "$2" >> "{said}"\n')
    tell.chmod(0o755)
    made = run("install", "--platform", "linux", "--into", home, "--model", model("segformer")).splitlines()
    script = home / ".local/share/nautilus/scripts/Remove background"
    assert str(script) in made
    env = {"PATH": f"{tell.parent}:{os.environ['PATH']}", "HOME": str(home), "LANG": "zh_CN.UTF-8"}
    done = subprocess.run([script, *ODD], cwd=photos, env=env, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr + said.read_text()
    for name in ODD:
        with Image.open(photos / f"{name.rpartition('.')[0]}-cutout.png") as image:
            assert image.mode == "RGBA"
    assert said.read_text().splitlines() == ["去除背景|正在处理……", f"去除背景|完成的图片：{len(ODD)}"]
    bad = subprocess.run([script, "none.png"], cwd=photos, env=env, capture_output=True, check=False, timeout=200)
    assert bad.returncode == 1
    assert "There is no file none.png." in said.read_text()


def test_desktop_files_keep_to_the_rules(tmp_path: Path) -> None:
    made = put(Errand(("/x/bearhug",), "http://hub"), tmp_path / 'a $b "c" 100%', "linux")
    entry = next(path for path in made if path.parent.name == "applications")
    assert '\\\\$b \\\\"c\\\\" 100%%/.local/share/bearhug/remove-background" %F' in entry.read_text()
    program = shutil.which("desktop-file-validate")
    if program is None:
        pytest.skip("desktop-file-utils is not here")
    done = subprocess.run([program, entry], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert linux.quoted("/usr/bin/x y") == '"/usr/bin/x y"'


def test_windows_gets_a_command_for_send_to(tmp_path: Path) -> None:
    [made] = put(Errand(("C:\\Pro 100%\\bearhug.exe",), "http://hub", "ada/cut"), tmp_path, "windows")
    assert made == tmp_path / "AppData/Roaming/Microsoft/Windows/SendTo/Remove background.cmd"
    lines = made.read_bytes().decode().split("\r\n")
    words = '"C:\\Pro 100%%\\bearhug.exe" "run" "background-removal" "--model" "ada/cut" "--hub" "http://hub" "--" %*'
    assert words in lines
    assert "\n" not in "".join(lines)


def test_macos_gets_a_quick_action(tmp_path: Path) -> None:
    put(Errand(("/x y/bearhug",), "http://hub"), tmp_path, "macos")
    bundle = tmp_path / "Library/Services/Remove background.workflow/Contents"
    info = plistlib.loads((bundle / "Info.plist").read_bytes())
    assert info["NSServices"][0]["NSSendFileTypes"] == ["public.image"]
    flow = plistlib.loads((bundle / "document.wflow").read_bytes())
    told = flow["actions"][0]["action"]["ActionParameters"]
    assert (told["inputMethod"], told["shell"]) == (1, "/bin/sh")
    assert "'/x y/bearhug' run background-removal --hub http://hub -- \"$@\"" in told["COMMAND_STRING"]
    subprocess.run(["sh", "-n"], input=told["COMMAND_STRING"], text=True, check=True)


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_what_was_installed_is_removed_again(tmp_path: Path, platform: str) -> None:
    there = ("--platform", platform, "--into", tmp_path)
    (tmp_path / ".local/share/bearhug").mkdir(parents=True)
    (tmp_path / ".local/share/bearhug/own").touch()
    assert run("install", *there) == run("remove", *there)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["own"]
    assert run("remove", *there) == ""


def test_another_platform_needs_a_folder() -> None:
    done = CliRunner().invoke(main, ["desktop", "install", "--platform", "windows"])
    assert done.exit_code == 1
    assert "--into" in done.output
