"""What all tests share: properties are about what comes out, not how long that takes; terminals are equally wide."""

import os

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
os.environ["COLUMNS"] = "120"
