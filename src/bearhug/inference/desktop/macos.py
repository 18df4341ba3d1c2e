"""macOS: a Quick Action of the Finder, as Automator keeps it."""

import plistlib

from bearhug.inference.desktop.records import NAME, Entry, Errand, entry
from bearhug.inference.desktop.shell import script

FOLDER = f"Library/Services/{NAME}.workflow/Contents"
ACTION = "/System/Library/Automator/Run Shell Script.action"
AS_ARGUMENTS = 1
FILES = {"Container": "List", "Optional": True, "Types": ["com.apple.cocoa.path"]}


def entries(errand: Errand, _home: str) -> list[Entry]:
    """The bundle: what the Finder shows, and what it runs."""
    service = {
        "NSMenuItem": {"default": NAME},
        "NSMessage": "runWorkflowAsService",
        "NSRequiredContext": {"NSApplicationIdentifier": "com.apple.finder"},
        "NSSendFileTypes": ["public.image"],
    }
    return [
        entry(f"{FOLDER}/Info.plist", _plist({"NSServices": [service]})),
        entry(f"{FOLDER}/document.wflow", _plist(_workflow(script(errand)))),
    ]


def _workflow(text: str) -> dict[str, object]:
    parameters = {
        "COMMAND_STRING": text,
        "CheckedForUserDefaultShell": True,
        "inputMethod": AS_ARGUMENTS,
        "shell": "/bin/sh",
        "source": "",
    }
    action = {
        "AMAccepts": FILES,
        "AMActionVersion": "2.0.3",
        "AMApplication": ["Automator"],
        "AMProvides": FILES,
        "ActionBundlePath": ACTION,
        "ActionName": "Run Shell Script",
        "ActionParameters": parameters,
        "BundleIdentifier": "com.apple.RunShellScript",
        "CFBundleVersion": "2.0.3",
        "Class Name": "RunShellScriptAction",
        "UUID": "6E0C7C1B-5B0E-4E0A-9C7E-2B0D6B7A4F10",
    }
    described = {
        "serviceInputTypeIdentifier": "com.apple.Automator.fileSystemObject.image",
        "serviceOutputTypeIdentifier": "com.apple.Automator.nothing",
        "serviceProcessesInput": 0,
        "workflowTypeIdentifier": "com.apple.Automator.servicesMenu",
    }
    return {
        "AMApplicationBuild": "521",
        "AMApplicationVersion": "2.10",
        "AMDocumentVersion": "2",
        "actions": [{"action": action, "isViewVisible": 1}],
        "connectors": {},
        "workflowMetaData": described,
    }


def _plist(content: dict[str, object]) -> str:
    return plistlib.dumps(content).decode()
