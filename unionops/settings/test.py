"""The test run: real embedded servers in a folder of their own, fast hashing, nothing that leaves the machine."""

import hashlib
import os
import shutil
from pathlib import Path

from unionops.embedded import Places, free_folder, read_keys

from . import env, servers
from .base import *  # noqa: F403 -- settings build on each other
from .base import BASE_DIR, STORAGES

_MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of our own in it, which nobody else may enter
_ROOM = 4 * 2**30


def _parent() -> Path:
    """Memory, where there is room: a copy of the database is 1,800 files, and a disk takes a second of kernel time for them."""
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        folder = _MEMORY / f"unionops-{os.getuid()}-{hashlib.sha256(bytes(BASE_DIR)).hexdigest()[:12]}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid == os.getuid():
            # Whose it is: a later run of any checkout forgets what those left that are gone (tests/conftest.py).
            (folder / "checkout").write_text(str(BASE_DIR))
            return folder
    return BASE_DIR / "var" / "test"


# Processes that this one starts (xdist's, the worker's, the live server's) find the folder in the environment.
UNIONOPS_DATA = Path(os.environ.get("UNIONOPS_TEST_DATA") or free_folder(_parent()))
os.environ["UNIONOPS_TEST_DATA"] = str(UNIONOPS_DATA)

_places = Places(UNIONOPS_DATA)
_keys = read_keys(_places)

SECRET_KEY = "only-for-tests" * 4
UNIONOPS_DATA_KEYS = {1: "11" * 32, 2: "22" * 32}
UNIONOPS_INDEX_KEY = "33" * 32
UNIONOPS_FILES = UNIONOPS_DATA / "files"
UNIONOPS_PORT = 8000
UNIONOPS_URL = "http://unionops.test"
UNIONOPS_DEMO = False
# Messages lie in a folder of the test run, where a test reads them as a telephone would.
UNIONOPS_CODE_SENDER = "unionops.counter.senders.folder"
UNIONOPS_EMBEDS = {"postgres": not env.text("DATABASE_URL"), "valkey": not env.text("REDIS_URL")}

DATABASE_URL = env.text("DATABASE_URL", _keys.database_url(_places, "app"))
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", env.text("DATABASE_URL") or _keys.database_url(_places, "owner"))
REDIS_URL = env.text("REDIS_URL", _keys.redis_url(_places))
# As in the product: the role that may change rows, not structure. tests/database.py makes the database as its owner.
DATABASES = {"default": servers.database(DATABASE_URL) | {"CONN_MAX_AGE": 0}}
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
CACHES = {"default": servers.cache(REDIS_URL) | {"KEY_PREFIX": f"cache{_worker}"}}
CELERY_TASK_DEFAULT_QUEUE = f"tests{_worker}"
# Of several processes each receives its own messages.
UNIONOPS_CODE_FOLDER = str(UNIONOPS_DATA / f"codes{_worker}")
CELERY_BROKER_URL = servers.broker(REDIS_URL)

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = UNIONOPS_DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
