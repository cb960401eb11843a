"""What all tests share: properties are about what comes out, never about how long that takes."""

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
