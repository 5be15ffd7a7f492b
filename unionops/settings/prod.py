"""A house of its own: every address and secret comes from the environment; what is missing is named and ends the start."""

import sys

from . import env, servers
from .base import *  # noqa: F403 -- settings build on each other
from .base import (
    UNIONOPS_CODE_FOLDER,
    UNIONOPS_CODE_GATEWAY,
    UNIONOPS_CODE_SECRET,
    UNIONOPS_CODE_SENDER,
    UNIONOPS_DATABASE_ROLE,
    UNIONOPS_DEMO,
    UNIONOPS_PROCESS,
)

if UNIONOPS_DEMO:
    sys.exit("UNIONOPS_DEMO=1 makes accounts with a known password: it cannot be used with the production settings.")

_HEX = "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'"

SECRET_KEY = env.required("UNIONOPS_SECRET_KEY", f"it signs sessions. {_HEX}")
if len(SECRET_KEY) < 50:
    sys.exit(f"UNIONOPS_SECRET_KEY is too short: it needs 50 characters at least. {_HEX}")
UNIONOPS_DATA_KEYS = env.keys(
    env.required("UNIONOPS_DATA_KEYS", f"it seals identity numbers and telephones, as 1:<key>. {_HEX}"),
    "UNIONOPS_DATA_KEYS",
)
UNIONOPS_INDEX_KEY = env.required("UNIONOPS_INDEX_KEY", f"it finds sealed values again. {_HEX}")
if not env.is_key(UNIONOPS_INDEX_KEY):
    sys.exit(f"UNIONOPS_INDEX_KEY must be 64 hexadecimal digits. {_HEX}")

UNIONOPS_DATA = env.folder("UNIONOPS_DATA", BASE_DIR / "var")  # noqa: F405
UNIONOPS_FILES = env.folder("UNIONOPS_FILES", UNIONOPS_DATA / "files")
UNIONOPS_PORT = env.number("UNIONOPS_PORT", 8000)
UNIONOPS_URL = env.required("UNIONOPS_URL", "it is the address that people type, such as https://unionops.example")
UNIONOPS_EMBEDS = {"postgres": False, "valkey": False}

DATABASE_URL = env.required("DATABASE_URL", "postgresql://app:password@host:5432/unionops, the role of web and worker")
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", DATABASE_URL)
REDIS_URL = env.required("REDIS_URL", "redis://:password@host:6379/0")

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

ALLOWED_HOSTS = env.names("UNIONOPS_HOSTS") or [env.host_of(UNIONOPS_URL, "UNIONOPS_URL")]
CSRF_TRUSTED_ORIGINS = env.names("UNIONOPS_ORIGINS")

_https = UNIONOPS_URL.startswith("https://")
# The name in front of the cookies binds them to this host and to HTTPS.
SESSION_COOKIE_NAME = "__Host-session" if _https else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _https else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
if env.flag("UNIONOPS_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_ROOT = env.folder("UNIONOPS_STATIC", UNIONOPS_DATA / "static")

if UNIONOPS_CODE_SENDER.endswith(".on_page"):
    sys.exit("UNIONOPS_CODE_SENDER shows codes on the page: that is for the demo. See docs/settings.md.")
if UNIONOPS_CODE_SENDER.endswith("senders.gateway") and not (UNIONOPS_CODE_GATEWAY and UNIONOPS_CODE_SECRET):
    sys.exit("UNIONOPS_CODE_SENDER needs UNIONOPS_CODE_GATEWAY and UNIONOPS_CODE_SECRET. See docs/settings.md.")
if UNIONOPS_CODE_SENDER.endswith("senders.folder") and not UNIONOPS_CODE_FOLDER:
    sys.exit("UNIONOPS_CODE_SENDER needs UNIONOPS_CODE_FOLDER. See docs/settings.md.")

if env.text("UNIONOPS_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("UNIONOPS_SMTP_HOST")
    EMAIL_PORT = env.number("UNIONOPS_SMTP_PORT", 587)
    EMAIL_HOST_USER = env.text("UNIONOPS_SMTP_USER")
    EMAIL_HOST_PASSWORD = env.text("UNIONOPS_SMTP_PASSWORD")
    EMAIL_USE_TLS = env.flag("UNIONOPS_SMTP_TLS", default=True)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = UNIONOPS_DATA / "mail"
