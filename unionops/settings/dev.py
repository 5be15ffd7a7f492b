"""One machine: embedded servers and secrets under the data folder, unless the environment names others.

`make run` uses these. UNIONOPS_DEBUG=1 adds Django's error pages and serves static files as they lie on the disk.
"""

from unionops.embedded import Places, ServerError, read_keys

from . import env, servers
from .base import *  # noqa: F403 -- settings build on each other
from .base import BASE_DIR, STORAGES, UNIONOPS_DATABASE_ROLE, UNIONOPS_PROCESS

DEBUG = env.flag("UNIONOPS_DEBUG")

UNIONOPS_DATA = env.folder("UNIONOPS_DATA", BASE_DIR / "var")
UNIONOPS_PORT = env.number("UNIONOPS_PORT", 8000)
UNIONOPS_URL = env.text("UNIONOPS_URL", f"http://127.0.0.1:{UNIONOPS_PORT}")
UNIONOPS_FILES = env.folder("UNIONOPS_FILES", UNIONOPS_DATA / "files")

_places = Places(UNIONOPS_DATA)
try:
    _keys = read_keys(_places)
except ServerError as error:
    raise env.Misconfigured(str(error)) from error

SECRET_KEY = env.text("UNIONOPS_SECRET_KEY", _keys.secret_key)
UNIONOPS_DATA_KEYS = env.keys(env.text("UNIONOPS_DATA_KEYS", _keys.data_keys), "UNIONOPS_DATA_KEYS")
UNIONOPS_INDEX_KEY = env.text("UNIONOPS_INDEX_KEY", _keys.index_key)

DATABASE_URL = env.text("DATABASE_URL", _keys.database_url(_places, "app"))
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", env.text("DATABASE_URL") or _keys.database_url(_places, "owner"))
REDIS_URL = env.text("REDIS_URL", _keys.redis_url(_places))
# Which servers `manage.py up` has to start itself.
UNIONOPS_EMBEDS = {"postgres": not env.text("DATABASE_URL"), "valkey": not env.text("REDIS_URL")}

_is_owner = UNIONOPS_DATABASE_ROLE == "owner"
DATABASES = {
    "default": servers.database(
        DATABASE_OWNER_URL if _is_owner else DATABASE_URL,
        pool=env.number("UNIONOPS_WEB_POOL", 8) if UNIONOPS_PROCESS == "web" else 0,
        limits=not _is_owner,
    )
}
CACHES = {"default": servers.cache(REDIS_URL)}
CELERY_BROKER_URL = servers.broker(REDIS_URL)

ALLOWED_HOSTS = env.names("UNIONOPS_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("UNIONOPS_ORIGINS", "")

STATIC_ROOT = UNIONOPS_DATA / "static"
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = UNIONOPS_DATA / "mail"
