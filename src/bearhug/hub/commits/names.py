"""Names that a commit brings into a folder where a name lies that many systems take for the same."""

from collections.abc import Iterable

from bearhug.base.errors import Unprocessable
from bearhug.formats.alike_names import alike
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import Change, Remove


def refuse_alike(reading: Reading, tip: str, commit: str, changes: Iterable[Change]) -> None:
    """Unprocessable if `commit`, made of `tip` by these changes, has names alike that were not together before."""
    for folder in sorted(_folders(changes)):
        names = reading.folder_names(commit, folder)
        pairs = alike(names) and alike(names, reading.folder_names(tip, folder))
        if pairs:
            one, other = (f"{folder}/{name}" if folder else name for name in pairs[0])
            raise Unprocessable(
                f'"{one}" and "{other}" differ only in letter case or Unicode form: many systems take them for one. '
                "Choose another name, or delete the other one in the same commit."
            )


def _folders(changes: Iterable[Change]) -> set[str]:
    """Those into which something is put, and all above them: a folder may be what is new."""
    found = {change.path.rpartition("/")[0] for change in changes if not isinstance(change, Remove)}
    for folder in list(found):
        while folder and (folder := folder.rpartition("/")[0]) not in found:
            found.add(folder)
    return found
