"""What everything else stands on: folders, the database and the bus."""

from bearhug.base.db import Database
from bearhug.base.events import Bus
from bearhug.config import Config


class Ground:
    """The configuration, the database and the bus. Every room above is made when it is first asked for."""

    def __init__(self, config: Config) -> None:
        self.config = config
        for folder in (config.data, config.repos, config.blobs, config.tmp):
            folder.mkdir(parents=True, exist_ok=True)
        self.db = Database(config.database_url)
        self.bus = Bus()
