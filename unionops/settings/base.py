"""Settings that hold everywhere. dev, test and prod say where the servers, the secrets and the files are."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = False
# Demo accounts, basic authentication for the API, mail into a folder. Never with real data.
UNIONOPS_DEMO = env.flag("UNIONOPS_DEMO")
# web, worker, beat or command: only the web process keeps a pool of database connections.
UNIONOPS_PROCESS = env.text("UNIONOPS_PROCESS", "command")
# app (rows only) or owner (structure too).
UNIONOPS_DATABASE_ROLE = env.text("UNIONOPS_DATABASE_ROLE", "app")
# May read everything and change nothing; the grants are given where the role exists.
UNIONOPS_BACKUP_ROLE = env.text("UNIONOPS_BACKUP_ROLE", "backup")
# The person signs in again after this many seconds without a request, and after SESSION_COOKIE_AGE in any case.
UNIONOPS_IDLE_SECONDS = env.number("UNIONOPS_IDLE_SECONDS", 30 * 60)
# Who carries one-time codes to the telephones of people without an account (unionops/counter/senders.py); empty: nobody.
UNIONOPS_CODE_SENDER = env.text(
    "UNIONOPS_CODE_SENDER", "unionops.counter.senders.on_page" if UNIONOPS_DEMO else ""
)  # fmt: skip
UNIONOPS_CODE_GATEWAY = env.text("UNIONOPS_CODE_GATEWAY")
UNIONOPS_CODE_SECRET = env.secret("UNIONOPS_CODE_SECRET")
UNIONOPS_CODE_FOLDER = env.text("UNIONOPS_CODE_FOLDER")
# Codes that one address may ask for in an hour: more where many people come through one address, as behind a proxy.
UNIONOPS_CODES_PER_ADDRESS = env.number("UNIONOPS_CODES_PER_ADDRESS", 20)

# Tiles of the map of places, as https://tiles.example/{z}/{x}/{y}.png; without them streets' names stand on a plain ground.
UNIONOPS_MAP_TILES = env.text("UNIONOPS_MAP_TILES")
UNIONOPS_MAP_CREDIT = env.text("UNIONOPS_MAP_CREDIT")
# The coordinates of those tiles: wgs84, gcj02 (AMap, Tencent) or bd09 (Baidu).
UNIONOPS_MAP_SYSTEM = env.choice("UNIONOPS_MAP_SYSTEM", ("wgs84", "gcj02", "bd09"))

INSTALLED_APPS = [
    "unionops.apps.UnionOpsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "pgtrigger",
    "unionops.china",
    "unionops.org",
    "unionops.casework",
    "unionops.counter",
    "unionops.insight",
    "unionops.packs",
    "visits",
    "visits.reviews",
    "visits.analyses",
    "visits.exchanges",
    "disputes",
    "services",
    "services.claims",
    "services.hardship",
    "services.activities",
    "services.childcare",
    "services.places",
    "services.orders",
    "services.outside",
    "services.retention",
    "services.mutual",
    "services.bookings",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "unionops.compression.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Names the owner of a token before anything asks who is here.
    "unionops.org.api.clients.know_clients",
    "unionops.org.sessions.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "unionops.org.sessions.end_idle_sessions",
    "unionops.org.sessions.require_new_password",
    "unionops.insight.middleware.waking",
    "unionops.casework.middleware.remember_address",
    "unionops.casework.drafts.tell_device",
    "unionops.casework.middleware.replay_repeated_writes",
    "unionops.casework.refusals.explain_refusals",
    # Last, as django-axes asks for: it turns the refusal of a locked account into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "unionops.urls"
WSGI_APPLICATION = "unionops.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "unionops.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "unionops.casework.frame.frame",
            ],
        },
    },
    # Only for the pages of libraries (the browsable API documentation).
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "unionops.org.backends.PeopleBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "org:sign_in"
LOGIN_REDIRECT_URL = "casework:home"

# By account and address: nobody can lock a colleague out from another machine (trust 28).
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_IPWARE_PROXY_COUNT = 0
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "ip_address"]

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "unionops.counter.refusals.csrf_failure"
# The phone's outbox reads the token from the cookie when it sends.
CSRF_COOKIE_HTTPONLY = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *env.origins(UNIONOPS_MAP_TILES)],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "worker-src": [SELF],
        "manifest-src": [SELF],
    }
}

USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
_SWAGGER = "drf_spectacular_sidecar/swagger-ui-dist"
STATICFILES_DIRS = [BASE_DIR / "static", (_SWAGGER, env.package("drf_spectacular_sidecar") / "static" / _SWAGGER)]
# Only what is named above is served; libraries bring folders that no page uses.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "unionops.static_files.HashedStaticFiles"},
}

# A visit with its photos fits; what is larger is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
        *(["rest_framework.authentication.BasicAuthentication"] if UNIONOPS_DEMO else []),
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "UnionOps",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # What two choices of one field name are called.
    "ENUM_NAME_OVERRIDES": {
        "IssueState": "visits.enums.IssueState",
        "VisitState": "visits.enums.VisitState",
        "IssueSource": "visits.enums.IssueSource",
        "OtherSource": "visits.api.forms.OTHER_SOURCES",
        "Role": "unionops.org.enums.Role",
        "Verb": "visits.enums.Verb",
        "PauseReason": "visits.enums.PauseReason",
        "Way": "unionops.casework.enums.Way",
        "DisputeState": "disputes.enums.DisputeState",
        "Applicant": "services.enums.Applicant",
        "ServiceChannel": "services.enums.Channel",
        "DisputeSource": "disputes.enums.Source",
        "DisputeVerb": "disputes.enums.Verb",
        "DisputePauseReason": "disputes.enums.PauseReason",
        "ConfirmationKind": "disputes.enums.ConfirmationKind",
        "ConfirmationState": "disputes.enums.ConfirmationState",
        "ConfirmationVerb": "disputes.enums.ConfirmationVerb",
        "ContactWay": "disputes.enums.ContactWay",
        "FailReason": "disputes.enums.FailReason",
        "LimitationKind": "disputes.enums.LimitationKind",
        "ObligationKind": "disputes.enums.ObligationKind",
        "OfferKind": "disputes.enums.OfferKind",
        "PartyKind": "disputes.enums.PartyKind",
        "RefusalReason": "disputes.enums.RefusalReason",
        "SessionKind": "disputes.enums.SessionKind",
        "Side": "disputes.enums.Side",
        "TransferReason": "disputes.enums.TransferReason",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # Two hundred addresses are drawn when their heading is opened, not before.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none"},
}

CELERY_TASK_DEFAULT_QUEUE = "unionops"
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
# Visibility: ten times the longest task, an earlier redelivery would run it twice at once (trust 5). Connecting: a request
# that wakes a worker must not hang on a broker that does not answer.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("UNIONOPS_MAIL_FROM", "unionops@localhost")

# JSON lines without local variables, request bodies or the values of columns.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "unionops.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("UNIONOPS_LOG_LEVEL", "INFO")},
    "loggers": {
        # Its own handlers would mail and print requests with what was typed into them.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django.utils.autoreload": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        # A line for each poke of the clock would bury the others.
        "celery": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
