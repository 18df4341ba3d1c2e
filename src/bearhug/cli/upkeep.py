"""`bearhug doctor`, `fsck`, `backup` and `restore`."""

import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import click

from bearhug.cli.claim import running
from bearhug.cli.desk import Desk, with_desk, with_new_desk

MARKS = {"good": "✓", "poor": "!", "bad": "✗"}


@click.command()
@with_new_desk
def doctor(desk: Desk) -> None:
    """Check the data folder, the programs, the database, the clock, the address and the disk."""
    from bearhug.hub.doctor.records import Finding, Health
    from bearhug.hub.doctor.service import Doctor, Place, client_lines
    from bearhug.inference.environments.checks import engines

    config = desk.config
    told = config.public_url or desk.app.settings.now().public_url or None
    host, port = _listening(desk)
    findings = [*Doctor(desk.app.db, Place(config.data, host, port, told)).examine(), engines(desk.app.environments)]
    if desk.begins:
        advice = "If yours is elsewhere, name its folder with --data or BEARHUG_DATA."
        findings.insert(0, Finding("hub", Health.POOR, f"there was none in {config.data}; now an empty one is", advice))
    clients = client_lines(desk.address)
    lines = [f"{MARKS[found.health]} {found.name}: {found.text}" for found in findings]
    lines = [line for found, line in zip(findings, lines, strict=True) for line in _with_advice(line, found.advice)]
    shown = [f"  {name}: {line}" for name, line in clients]
    record = {"findings": [asdict(found) for found in findings], "clients": dict(clients)}
    desk.say(record, *lines, "", "What clients need:", *shown)
    if any(found.health is Health.BAD for found in findings):
        sys.exit(1)


def _listening(desk: Desk) -> tuple[str, int]:
    """Where the hub of this folder answers now, else where it would."""
    parts = urlsplit(running(desk.config.data) or "")
    if parts.hostname is None or parts.port is None:
        return desk.config.host, desk.config.port
    return parts.hostname, parts.port


def _with_advice(line: str, advice: str) -> list[str]:
    return [line, f"    {advice}"] if advice else [line]


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what is wrong.")
@click.option("--deep", is_flag=True, help="Read every byte: git's full check and the sha256 of every large file.")
@with_desk
def fsck(desk: Desk, *, dry_run: bool, deep: bool) -> None:
    """Check that repositories, stored files and rows agree; mend what is safe to mend."""
    from bearhug.hub.fsck.records import Verdict
    from bearhug.hub.fsck.service import Fsck, Rooms

    app = desk.app
    rooms = Rooms(app.repos, app.git, app.lfs, app.recipes, app.xet, app.transport, app.bus)
    check = Fsck(rooms, mend=not dry_run, deep=deep)
    found = list(check.run())
    if not dry_run:
        app.worker.drain()
        app.mill.drain()
    tally = check.tally
    looked = f"Looked at {tally.repositories} repositories and {tally.objects} large files."
    lines = [f"{problem.verdict}: {problem.subject}: {problem.text}" for problem in found]
    desk.say(
        {"problems": [asdict(problem) for problem in found], **asdict(tally)},
        *lines,
        f"{looked} {'Everything agrees.' if not found else f'{len(found)} problems.'}",
    )
    if any(problem.verdict is Verdict.LOST for problem in found):
        sys.exit(1)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@with_desk
def backup(desk: Desk, target: Path) -> None:
    """Copy the whole hub to TARGET while it runs. The next backup to the same place only carries what changed."""
    from bearhug.hub.backup.records import BadBackup
    from bearhug.hub.backup.service import Backups
    from bearhug.parts.inference import MADE_AGAIN

    app = desk.app
    backups = Backups(app.db, app.git, desk.config.data, version("bearhug"), passing=MADE_AGAIN)
    try:
        manifest = backups.make(target, _progress)
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    size = manifest.bytes / (1 << 20)
    desk.say(
        asdict(manifest),
        f"Backed up {manifest.repositories} repositories, {manifest.files} files, {size:.1f} MiB to {target}.",
    )


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@with_desk
def restore(desk: Desk, source: Path) -> None:
    """Put the backup in SOURCE into an empty data folder (--data)."""
    from bearhug.hub.backup.records import BadBackup
    from bearhug.hub.backup.service import restore as put_back
    from bearhug.migrations.upgrade import upgrade

    try:
        manifest = put_back(source, desk.config.data, desk.config.database_url, upgrade, _progress)
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    from bearhug.app import build

    app = build(desk.config)
    app.transport.settle()
    with app.db.writing() as tx:
        app.xet.next_epoch(tx)
    app.close()
    desk.say(
        asdict(manifest),
        f"Restored {manifest.repositories} repositories of {manifest.made_at} into {desk.config.data}.",
        f"Start it with: bearhug up --data {desk.config.data}",
    )


def _progress(text: str) -> None:
    click.echo(f"… {text}", err=True)
