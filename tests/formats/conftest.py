"""How deep property tests dig: a little by default, much with HYPOTHESIS_PROFILE=deep (make fuzz)."""

import os

from hypothesis import settings

settings.register_profile("deep", max_examples=5000, deadline=None)
settings.register_profile("default", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
