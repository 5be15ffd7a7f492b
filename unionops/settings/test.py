"""Settings of the test run: real servers (tests/conftest.py starts them), fast hashing, no outside world."""

from .base import *  # noqa: F403
from .base import INSTALLED_APPS as INSTALLED_APPS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
