"""`bearhug gc`"""

from collections import Counter
from dataclasses import asdict

import click

from bearhug.cli.desk import Desk, with_desk

WORDS = {
    "unlink": "links that no history reaches",
    "forget": "objects and files that nobody holds",
    "condemn": "xorbs that no file needs; they go in two days at the earliest",
    "remove": "xorbs removed",
}


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go and why.")
@with_desk
def gc(desk: Desk, *, dry_run: bool) -> None:
    """Give back the room of what nobody needs any more. A running hub does this once a day."""
    count: Counter[str] = Counter()
    size: Counter[str] = Counter()
    found = []
    for discard in desk.app.recycling.round(mend=not dry_run):
        count[discard.step] += 1
        size[discard.step] += discard.size
        found.append(asdict(discard))
    lines = [f"{item['step']}: {item['subject']}: {item['why']} ({item['size']} bytes)" for item in found]
    sums = [f"{count[step]} {words}, {size[step]} bytes" for step, words in WORDS.items() if count[step]]
    desk.say({"dry_run": dry_run, "discards": found}, *lines, *(sums or ["Nothing to give back."]))
