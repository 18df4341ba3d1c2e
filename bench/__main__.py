"""`python -m bench`: ask all questions, or some, quickly or in full; `--record` adds the answers to RESULTS.md."""

import argparse
import datetime as dt
import os
import platform
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.figures import FULL, QUICK, Figure, table

QUESTIONS = {
    "start-up": "start_up",
    "requests": "small_requests",
    "download": "lfs_download",
    "upload": "lfs_upload",
    "git": "git_files",
    "commit": "commit_files",
    "lists": "crowded_lists",
    "pages": "pages",
    "tree": "wide_tree",
    "history": "long_history",
    "memory": "big_file_memory",
    "xet-upload": "xet_upload",
    "xet-download": "xet_download",
    "xet-savings": "xet_savings",
    "xet-ranges": "xet_ranges",
    "xet-memory": "xet_memory",
    "xet-index": "xet_index",
    "serving": "serving",
    "gateway": "gateway",
    "texts": "texts",
    "cold-start": "cold_start",
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios of the hub against baselines.")
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=f"one of {', '.join(QUESTIONS)}; else all")
    parser.add_argument(
        "--full", action="store_true", help="at the sizes of the aims; takes long and some 20 GB of disk"
    )
    parser.add_argument("--record", action="store_true", help="add the answers, dated, to bench/RESULTS.md")
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    options = parser.parse_args()
    unknown = set(options.questions) - set(QUESTIONS)
    if unknown:
        parser.error(f"no such question: {', '.join(sorted(unknown))}")
    return options


def main() -> None:
    options = arguments()
    if options.record:
        record(f"\n## {dt.date.today()}, {'full' if options.full else 'quick'} sizes, {machine()}\n")
    failed = [name for name in options.questions or QUESTIONS if not show(name, options)]
    if failed:
        sys.exit(f"without an answer: {', '.join(failed)}")


def show(name: str, options: argparse.Namespace) -> bool:
    """Ask one question and print the answer; False when the hub or a baseline failed."""
    started = time.monotonic()
    try:
        figures = answer(name, options)
    except (RuntimeError, OSError) as error:
        print(f"\n### {name}\n{error}", flush=True)
        return False
    text = f"\n### {name}\n{describe(name)}\n\n{table([figure.cells() for figure in figures])}\n"
    print(text, f"({time.monotonic() - started:.0f} s)", flush=True)
    if options.record:
        record(text)
    return True


def answer(name: str, options: argparse.Namespace) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix=f"bearhug-bench-{name}-", dir=options.folder))
    try:
        figures: list[Figure] = _module(name).ask(folder, FULL if options.full else QUICK)
    finally:
        shutil.rmtree(folder)
    return figures


def describe(name: str) -> str:
    return str(_module(name).__doc__).strip()


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, Linux {platform.release().split('-')[0]}"


def record(text: str) -> None:
    with RESULTS.open("a") as results:
        results.write(text)


def _module(name: str) -> Any:
    return import_module(f"bench.questions.{QUESTIONS[name]}")


if __name__ == "__main__":
    main()
