"""The tiny language models that engines are tested with."""

from tests.inference.engine.conftest import family  # noqa: F401
