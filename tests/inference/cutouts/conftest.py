"""A furnished hub, as for its own rooms."""

from tests.hub.conftest import box, database, furnished, server  # noqa: F401
