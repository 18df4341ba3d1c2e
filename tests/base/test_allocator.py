"""The allocator's settings, tried in a process of its own because they last as long as it does."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
from bearhug.base.allocator import keep_freed_pages
if sys.argv[1] == "kept":
    assert keep_freed_pages()
def churn():
    for _ in range(200):
        parts = [b"x" * (64 << 10) for _ in range(64)]
        del parts
churn()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
churn()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(mode: str) -> int:
    done = subprocess.run([sys.executable, "-c", FAULTS, mode], check=True, capture_output=True, text=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these settings")
def test_pages_of_body_pieces_are_used_again() -> None:
    assert faults("kept") < 1000 < faults("default")
