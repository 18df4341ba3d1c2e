"""numpy, loaded when the first array is made: a hub that holds no chunks starts without it and rests in less memory.

Files that import it from here postpone their annotations, and make no array while they are imported.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["NDArray", "np"]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:

    class _Numpy:
        """Stands for the module; what was asked of it once is found without asking again."""

        def __getattr__(self, name: str) -> Any:
            found = getattr(import_module("numpy"), name)
            setattr(self, name, found)
            return found

    np = _Numpy()
    NDArray = Any
