"""What the hub and the stem say to each other: orders one way, news the other."""

import struct

ORDER = struct.Struct(">Q")
"""The number of an order; two files come beside it: the worker's end of its link, and its log."""
NEWS = struct.Struct(">cQi")
READY, BORN, ENDED = b"r", b"b", b"e"
"""Ready; the order of this number was born with this process id; this process has ended with this code."""
