"""What every test can use: the live hub (started only when a test asks for it) and the compatibility table."""

pytest_plugins = ("tests.live_hub", "tests.oracle", "tests.compatibility", "tests.postgres")
