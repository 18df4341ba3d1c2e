"""`bearhug usage`"""

from typing import Any

import click

from bearhug.cli.desk import Desk, with_desk
from bearhug.inference.usage.records import Line
from bearhug.inference.usage.service import MOST_DAYS
from bearhug.inference.usage.wire import sums_json

BY = ("day", "account", "model", "kind")


@click.command()
@click.argument("account", required=False)
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=30, show_default=True, help="Today and before.")
@with_desk
def usage(desk: Desk, account: str | None, days: int) -> None:
    """Who asked models how much: a row a day, account, model and kind; of one ACCOUNT or of all."""
    report = desk.app.usage.everything(days=days)
    name = desk.app.accounts.get(account).name if account else None
    desk.table(_row(line) for line in report.lines if name is None or line.account == name)


def _row(line: Line) -> dict[str, Any]:
    told = {name: getattr(line, name) for name in BY}
    return {**told, "account": line.account or None, **sums_json(line.sums)}
