"""Tells the C library's allocator to keep the pages that request bodies free, instead of asking for them anew."""

import ctypes
import sys

MIB = 1 << 20
# From glibc's <malloc.h>.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8


def keep_freed_pages() -> bool:
    """Take body pieces from the heap and leave freed ones there, at most 16 MiB in each of two arenas.

    By default glibc maps and unmaps each of them, and the page faults cost more than all other work of an upload.
    False where there is no glibc; nothing is changed there.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wanted = {MMAP_THRESHOLD: 4 * MIB, TRIM_THRESHOLD: 16 * MIB, ARENA_MAX: 2}
    return all(mallopt(name, value) == 1 for name, value in wanted.items())
