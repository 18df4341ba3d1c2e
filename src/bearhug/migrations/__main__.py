"""Writes the next step from the difference between the history and the tables: `python -m bearhug.migrations TEXT`.

`--first` forgets the history and writes its first step anew, which is right as long as nothing has been released.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from bearhug.base.db import Database, sqlite_url
from bearhug.migrations.upgrade import FOLDER, alembic_config, replay, revisions


def main(arguments: list[str]) -> None:
    first = arguments == ["--first"]
    if first:
        for file in (FOLDER / "versions").glob("[0-9]*_*.py"):
            file.unlink()
    message = "The first tables" if first else " ".join(arguments)
    if not message:
        sys.exit('Say what changes: python -m bearhug.migrations "add likes"')
    number = f"{int(revisions()[-1]) + 1 if revisions() else 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        db = Database(sqlite_url(Path(folder) / "history.db"))
        replay(db)
        with db.writing() as tx:
            command.revision(alembic_config(tx), message, autogenerate=True, rev_id=number)
        db.close()
    for file in (FOLDER / "versions").glob(f"{number}_*.py"):
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(line for line in lines if "# ### " not in line))
    for step in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *step, str(FOLDER / "versions")], check=False)


main(sys.argv[1:])
