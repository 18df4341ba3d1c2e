"""Search while people type: repositories, users and organisations by the beginning of their names, then by any part."""
