"""Linux: "Open with" by the rules of freedesktop.org, scripts of Nautilus, Nemo and Caja, the menu of Dolphin.

Source: https://specifications.freedesktop.org/desktop-entry-spec/latest/.
"""

from bearhug.inference.desktop.records import NAME, NAME_ZH, Entry, Errand, entry
from bearhug.inference.desktop.shell import script

PROGRAM = ".local/share/bearhug/remove-background"
KINDS = "image/png;image/jpeg;image/webp;image/gif;image/bmp;image/tiff;"
SCRIPTS = (".local/share/nautilus/scripts", ".local/share/nemo/scripts", ".config/caja/scripts")
DESKTOP = """\
[Desktop Entry]
Type=Application
Name={name}
Name[zh_CN]={name_zh}
Comment=Cut out pictures with a model of your hub
Comment[zh_CN]=用自己站点上的模型抠图
Icon=image-x-generic
Exec={program} %F
MimeType={kinds}
Categories=Graphics;
NoDisplay=true
StartupNotify=false
"""
DOLPHIN = """\
[Desktop Entry]
Type=Service
X-KDE-ServiceTypes=KonqPopupMenu/Plugin
MimeType={kinds}
Actions=removeBackground;

[Desktop Action removeBackground]
Name={name}
Name[zh_CN]={name_zh}
Icon=image-x-generic
Exec={program} %F
"""


def entries(errand: Errand, home: str) -> list[Entry]:
    """The program itself, and what file managers know it by."""
    facts = {"name": NAME, "name_zh": NAME_ZH, "kinds": KINDS, "program": quoted(f"{home}/{PROGRAM}")}
    text = script(errand)
    return [
        entry(PROGRAM, text, executable=True),
        entry(".local/share/applications/bearhug-remove-background.desktop", DESKTOP.format(**facts)),
        entry(
            ".local/share/kio/servicemenus/bearhug-remove-background.desktop", DOLPHIN.format(**facts), executable=True
        ),
        *(entry(f"{folder}/{NAME}", text, executable=True) for folder in SCRIPTS),
    ]


def quoted(program: str) -> str:
    """A path as one word of an Exec line: quoted once for the command, escaped once more for the file."""
    word = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in program).replace("%", "%%")
    return '"' + word.replace("\\", "\\\\") + '"'
