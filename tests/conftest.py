"""What every test can use: the live hub (started only when a test asks for it) and the compatibility table.

Property tests dig a little by default, and much with HYPOTHESIS_PROFILE=deep (make fuzz); none has a deadline.
"""

import os

from hypothesis import settings

pytest_plugins = ("tests.live_hub", "tests.oracle", "tests.compatibility", "tests.postgres")

settings.register_profile("deep", max_examples=5000, deadline=None)
settings.register_profile("default", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
