"""Windows: a command in the folder of "Send to"."""

from bearhug.inference.desktop.records import NAME, Entry, Errand, entry

FOLDER = "AppData/Roaming/Microsoft/Windows/SendTo"
COMMAND = """\
@echo off
rem Made by "bearhug desktop install"; "bearhug desktop remove" takes it away.
setlocal DisableDelayedExpansion
chcp 65001 >nul
{command} %*
if errorlevel 1 pause
"""


def entries(errand: Errand, _home: str) -> list[Entry]:
    """One file; Explorer hands it the pictures, in quotes where their names hold spaces."""
    command = " ".join(quoted(word) for word in errand.words)
    return [entry(f"{FOLDER}/{NAME}.cmd", COMMAND.format(command=command).replace("\n", "\r\n"))]


def quoted(word: str) -> str:
    """A word of a command file; a quotation mark can be in no path of Windows and in no name of a model."""
    plain = word.replace('"', "").replace("%", "%%")
    return f'"{plain}"'
