"""One settings file, driven by ``ECABINET_*`` environment variables.

Every secret may also be given as ``NAME_FILE``, the path of a file that holds it.
Outside demo mode a missing or well-known secret stops the start with a sentence
that says what to set.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from ecabinet.common.custody_env import read_csc, read_custody, read_pkcs11
from ecabinet.common.env import (
    OPEN_DEMO,
    Misconfigured,
    env_bool,
    env_choice,
    env_dated,
    env_days,
    env_int,
    env_list,
    env_secret,
    env_str,
    gettext_noop,
    is_local,
    parse_database_url,
    parse_mail_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_str("ECABINET_DATA_DIR", str(BASE_DIR / "data"))).resolve()

DEMO = env_bool("ECABINET_DEMO", default=False)
DEBUG = env_bool("ECABINET_DEBUG", default=False)
PORT = env_int("ECABINET_PORT", 8000)
# What answers HTTP and sockets: both speak ASGI, uvicorn is faster with thousands of screens.
SERVER = env_choice("ECABINET_SERVER", "daphne", "uvicorn")

DEMO_SECRET_KEY = "demo-only-" + "not-a-secret-" * 4
SECRET_KEY = env_secret("ECABINET_SECRET_KEY", DEMO_SECRET_KEY if DEMO else "")
PRIVATE_SECRET = SECRET_KEY not in ("", DEMO_SECRET_KEY)
if not PRIVATE_SECRET and not DEMO:
    raise Misconfigured(
        gettext_noop(
            "Set ECABINET_SECRET_KEY (or ECABINET_SECRET_KEY_FILE) to a long random text, "
            "or start the demo with ECABINET_DEMO=1."
        )
    )

HOST = env_str("ECABINET_HOST", "localhost" if DEMO else "")
if not HOST:
    raise Misconfigured(gettext_noop("Set ECABINET_HOST to the host name people type to reach this site."))
DEMO_PUBLIC = env_bool("ECABINET_DEMO_PUBLIC", default=False)
if DEMO and not is_local(HOST) and not DEMO_PUBLIC:
    raise Misconfigured(OPEN_DEMO, host=HOST)

ALLOWED_HOSTS = [HOST, *env_list("ECABINET_EXTRA_HOSTS")]
if DEMO:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
SECURE = env_bool("ECABINET_HTTPS", default=not DEMO)
BASE_URL = env_str("ECABINET_BASE_URL", f"https://{HOST}" if SECURE else f"http://{HOST}:{PORT}")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
BEHIND_PROXY = env_bool("ECABINET_BEHIND_PROXY")

INSTALLED_APPS = [
    "ecabinet.common",
    "ecabinet.ledger",
    "ecabinet.realtime",
    "ecabinet.accounts",
    "ecabinet.demo",
    "ecabinet.operations",
    "voting",
    "signing",
    "search",
    "archive",
    "exchange",
    "meetings",
    "frontend",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "django_tasks",
    "django_tasks_db",
    "wagtail.admin",
    "wagtail.contrib.settings",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.embeds",
    "wagtail.search",
    "wagtail",
    "modelsearch",
    "modelcluster",
    "taggit",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

if DEBUG:
    INSTALLED_APPS.insert(0, "daphne")  # runserver with sockets, for bin/dev

MIDDLEWARE = [
    "ecabinet.common.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ecabinet.accounts.middleware.OwnLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ecabinet.accounts.middleware.SeenMiddleware",
    "ecabinet.accounts.access.AccessMiddleware",
    "ecabinet.common.middleware.DomainErrorMiddleware",
    "ecabinet.common.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "ecabinet.urls"
ASGI_APPLICATION = "ecabinet.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "frontend.templatetags.ecabinet",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
}
DATABASE_URL = env_secret("ECABINET_DATABASE_URL", "")
DATABASES = {
    "default": parse_database_url(DATABASE_URL)
    if DATABASE_URL
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(DATA_DIR / "ecabinet.sqlite3"),
        "OPTIONS": SQLITE_OPTIONS,
        # A file, not memory: the socket and race tests open connections from several threads.
        "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_secret("ECABINET_REDIS_URL", "")
ELASTICSEARCH_URL = env_secret("ECABINET_ELASTICSEARCH_URL", "")
# Of index names in a shared cluster.
ELASTICSEARCH_PREFIX = env_str("ECABINET_ELASTICSEARCH_PREFIX", "ecabinet")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
CACHES = {
    "default": {"BACKEND": "ecabinet.common.cache.SpareRedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# Signing has a worker of its own: whoever has just confirmed waits for no other job.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "signing"]}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "ecabinet.accounts.backends.RoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
# Views of packages that strangers may call; our own are marked @public where they stand.
PUBLIC_VIEWS = frozenset(
    {
        "allauth.account.views.LoginView",
        "allauth.account.views.AccountInactiveView",
        "allauth.account.views.PasswordResetView",
        "allauth.account.views.PasswordResetDoneView",
        "allauth.account.views.PasswordResetFromKeyView",
        "allauth.account.views.PasswordResetFromKeyDoneView",
        "allauth.mfa.base.views.AuthenticateView",
        "django.views.i18n.JavaScriptCatalog",
    }
)

ACCOUNT_ADAPTER = "ecabinet.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "ecabinet.accounts.forms.SignInForm",
    "reauthenticate": "ecabinet.accounts.forms.ConfirmPasswordForm",
    "change_password": "ecabinet.accounts.forms.NewPasswordForm",
    "set_password": "ecabinet.accounts.forms.FirstPasswordForm",
    "reset_password": "ecabinet.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "ecabinet.accounts.forms.PasswordFromLinkForm",
}
MFA_ADAPTER = "ecabinet.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "ecabinet.accounts.forms.CodeForm",
    "reauthenticate": "ecabinet.accounts.forms.ConfirmCodeForm",
    "activate_totp": "ecabinet.accounts.forms.CodeAppForm",
    "add_webauthn": "ecabinet.accounts.forms.PasskeyForm",
    "edit_webauthn": "ecabinet.accounts.forms.RenameKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by a registration officer, not by strangers
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# A whole cabinet sits behind one address at eight in the morning, so what counts per address is generous;
# guessing is held back per account, and a passkey cannot be guessed.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/5m/key"}
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
# Behind our own proxy the visitor's address is the last one it names; otherwise nobody's word counts.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
# Seconds for which a sign-in or a repeated one counts as recent: before voting, signing, changing keys.
STEP_UP_SECONDS = env_int("ECABINET_STEP_UP_SECONDS", 600)
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_SECONDS
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
# Voting and signing want the person and not only the device: finger, face or PIN each time.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: telephones' clocks are not exact (RFC 6238, 5.2)
MFA_TOTP_ISSUER = "E-Cabinet"
USERSESSIONS_TRACK_ACTIVITY = True
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
# The project's own texts (the package is no app), and Vietnamese for the parts of Wagtail that a clerk
# meets and its own catalogue leaves in English.
LOCALE_PATHS = [BASE_DIR / "ecabinet" / "locale", BASE_DIR / "ecabinet" / "locale_wagtail"]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
NUMBER_GROUPING = 3  # where a number is grouped; Django's Vietnamese formats leave it out
TIME_ZONE = env_str("ECABINET_TIME_ZONE", "Asia/Ho_Chi_Minh")
USE_TZ = True
# Days that are no working days, besides Saturday and Sunday. Those of the lunar calendar change each year.
HOLIDAYS = env_days("ECABINET_HOLIDAYS", "01-01, 04-30, 05-01, 09-02")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env_str("ECABINET_STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ecabinet.common.static.StaticStorage"
    },
}
# Packed already; compressing them again only costs time.
PACKED = "png jpg webp gif woff woff2 bcmap pfb ttf icc wasm"
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = tuple(PACKED.split())
BLOB_DIR = DATA_DIR / "blobs"
SEARCH_DIR = DATA_DIR / "search"
KEYS_DIR = DATA_DIR / "keys"
# Files with their placeholder, waiting for a signature: made anew at any time, never part of a backup.
PREPARED_DIR = DATA_DIR / "prepared"
# Processes that prepare and complete signed files side by side.
SIGNING_PROCESSES = env_int("ECABINET_SIGNING_PROCESSES", os.cpu_count() or 1)
# The time of signing is prepared with the file; after this many seconds it is made anew.
SIGNING_PREPARED_SECONDS = env_int("ECABINET_SIGNING_PREPARED_SECONDS", 4 * 3600)
# Opens the key files of the pkcs12 custody.
KEYS_PASSWORD = env_secret("ECABINET_KEYS_PASSWORD", SECRET_KEY)
PKCS11, CSC = read_pkcs11(), read_csc(demo=DEMO)
# Where private keys are kept: name -> class with the methods of signing.custody.Custody.
SIGNING_CUSTODY = read_custody(PKCS11, CSC)
# Who issues certificates: a class with the methods of signing.authority.adapter.Authority. The demo has its
# own; elsewhere officers carry requests and certificates unless an adapter is named (docs/certificates.md).
SIGNING_AUTHORITY = env_str(
    "ECABINET_SIGNING_AUTHORITY",
    "signing.authority.demo_adapter.DemoAdapter" if DEMO else "signing.authority.manual.ManualAuthority",
)
# Certificates (PEM or DER) of the authorities whose signatures count here.
TRUST_DIR = Path(env_str("ECABINET_TRUST_DIR", str(DATA_DIR / "trust")))
# The time-stamping authority (RFC 3161); the demo has its own. Seconds until it counts as away.
TSA_URL = env_str("ECABINET_TSA_URL")
TSA_TIMEOUT = env_int("ECABINET_TSA_TIMEOUT", 10)
# Seconds the time in a timestamp may differ from this machine's clock.
TSA_CLOCK_TOLERANCE = env_int("ECABINET_TSA_CLOCK_TOLERANCE", 300)
# Hashes and signature methods that lose trust, and when: sha256=2035-01-01,rsa2048=2029-01-01. Archive
# timestamps made by them are renewed within the year before.
ALGORITHM_ALARMS = env_dated("ECABINET_ALGORITHM_ALARMS")
# A signed file without its last timestamp is reported after so many hours, or so many days before a
# certificate in it ends.
TIMESTAMP_ALARM_HOURS = env_int("ECABINET_TIMESTAMP_ALARM_HOURS", 24)
TIMESTAMP_ALARM_DAYS = env_int("ECABINET_TIMESTAMP_ALARM_DAYS", 30)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if SECURE:
    # The browser itself then refuses these names from a neighbouring host or over plain HTTP.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside the house, in plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Own pages only may frame own pages: the agenda's preview "as a member sees it" stands in one.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
CSRF_FAILURE_VIEW = "frontend.views.errors.csrf_failure"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

FORMAT_MODULE_PATH = "ecabinet.formats"
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"

# Outgoing mail. Without a mail server each message lies as a file in the data folder.
MAIL = parse_mail_url(env_secret("ECABINET_MAIL_URL"))
EMAIL_BACKEND, EMAIL_FILE_PATH = MAIL.backend, str(DATA_DIR / "mail")
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = MAIL.host, MAIL.port, 10
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.tls
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_str("ECABINET_MAIL_FROM", f"E-Cabinet <no-reply@{HOST}>")

WAGTAIL_SITE_NAME = "E-Cabinet"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

# Where the front server finds BLOB_DIR behind X-Accel-Redirect; empty: this process sends the bytes.
ACCEL_PREFIX = env_str("ECABINET_ACCEL_PREFIX")

# Largest paper accepted at intake, bytes and pages.
PAPER_MAX_BYTES = env_int("ECABINET_PAPER_MAX_BYTES", 100 * 1024 * 1024)
PAPER_MAX_PAGES = env_int("ECABINET_PAPER_MAX_PAGES", 5000)
# How many files of strangers are checked at once on this machine.
VERIFY_PLACES = env_int("ECABINET_VERIFY_PLACES", 2)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
