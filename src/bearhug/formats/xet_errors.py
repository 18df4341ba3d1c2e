"""What can be wrong with Xet bytes: one small family of errors, all of them `ValueError`."""


class XetFormatError(ValueError):
    """The bytes do not follow the Xet format; the message says where and how."""


class XetHashError(XetFormatError):
    """A hash or a list of hashes has the wrong form or length."""


class XorbFormatError(XetFormatError):
    """A xorb, one of its chunks or its footer is malformed or over a limit."""


class ShardFormatError(XetFormatError):
    """A shard or a file recipe in it is malformed, over a limit or untrue."""
