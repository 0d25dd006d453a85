"""One settings file; what differs by place comes from the environment (docs/operations.md)."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from academy import environment as env
from academy import timetable

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
NOTES_KEYS = env.words("NOTES_KEYS")  # newest first; private notes are written with the first

# The site and its names: settings, because the owner renames itself.
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_NAME = {
    "en": env.text("SITE_NAME_EN", "Improvement Academy"),
    "cy": env.text("SITE_NAME_CY", "Academi Gwelliant"),
}
SITE_STRAPLINE = {
    "en": env.text("SITE_STRAPLINE_EN", "Making care better is easier together."),
    "cy": env.text("SITE_STRAPLINE_CY", "Mae’n haws gwella gofal gyda’n gilydd."),
}
SITE_CONTACT = env.text("SITE_CONTACT", "academy@example.org")
SITE_SAFEGUARDING = env.text("SITE_SAFEGUARDING", "safeguarding@example.org")
SITE_CONTROLLER = {  # of personal data, as the privacy notice names it; empty: not yet named
    "en": env.text("SITE_CONTROLLER_EN", ""),
    "cy": env.text("SITE_CONTROLLER_CY", ""),
}
SITE_ACCESSIBILITY_REVIEWED_ON = env.text("SITE_ACCESSIBILITY_REVIEWED_ON", "2026-11-23")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "localhost")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE = SITE_URL.startswith("https://")

# Who may come in at once: suffixes matched after a dot. Others wait for approval.
OPEN_MAIL_DOMAINS = env.words(
    "OPEN_MAIL_DOMAINS",
    "gov.wales,llyw.cymru,gov.uk,nhs.uk,nhs.net,nhs.scot,hscni.net,nhs.wales,police.uk,cjsm.net",
)

INSTALLED_APPS = [
    "academy.apps.AcademyConfig",
    "conditions",
    "capability",
    "connections",
    "academy.apps.AcademyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",  # its own templates of errors and hidden fields, for NHSRenderer
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "academy.middleware.request_id",
    "academy.middleware.headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads each page with a random length, against BREACH
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "academy.middleware.own_language",
    "academy.gates.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "academy.gates.LiveSession",
    "academy.gates.Approval",
    "academy.gates.SecondFactor",
    "academy.gates.OwnName",
    "academy.middleware.pages_for_buttons",
    "academy.middleware.outages",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "academy.urls"
WSGI_APPLICATION = "academy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "academy.pages.frame",
            ],
            "builtins": ["django.templatetags.i18n", "academy.templatetags.nhs"],
        },
    },
]
FORM_RENDERER = "academy.forms.NHSRenderer"

# PostgreSQL is the one store. A pool with health checks outlives a restart of the server.
DATABASES = {"default": env.database(env.text("DATABASE_URL"))}
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": env.whole("DATABASE_POOL", 6),
    "timeout": 10,
}
if env.text("BEHIND_PGBOUNCER", "0") == "1":  # in transaction mode: nothing outlives a transaction
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    del DATABASES["default"]["OPTIONS"]["options"]  # the role brings its time limits
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache holds rate limits only. Nothing that must not be lost.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("CACHE_URL"),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# People and how they come in.
AUTH_USER_MODEL = "academy.Person"
AUTHENTICATION_BACKENDS = ["academy.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "academy.passwords.OwnWordsValidator"},
    {"NAME": "academy.passwords.MaximumLengthValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "academy.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "academy.account_forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "academy.library_forms.LoginForm",
    "signup": "academy.library_forms.SignupForm",
    "add_email": "academy.library_forms.AddEmailForm",
    "reauthenticate": "academy.library_forms.ReauthenticateForm",
    "reset_password": "academy.library_forms.ResetPasswordForm",
    "change_password": "academy.library_forms.ChangePasswordForm",
    "set_password": "academy.library_forms.SetPasswordForm",
    "reset_password_from_key": "academy.library_forms.ResetPasswordKeyForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",  # one hospital may stand behind one address
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "reset_password": "30/m/ip,5/m/key",
    "confirm_email": "1/180s/key",
    "declare_conflict": "20/h/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "academy.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TRUST_ENABLED = False
MFA_FORMS = {
    "authenticate": "academy.library_forms.AuthenticateForm",
    "reauthenticate": "academy.library_forms.ReauthenticateFactorForm",
    "activate_totp": "academy.library_forms.ActivateAppForm",
    "add_webauthn": "academy.library_forms.AddPasskeyForm",
    "edit_webauthn": "academy.library_forms.EditPasskeyForm",
}
MFA_TOTP_ISSUER = SITE_NAME["en"]
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "academy.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False  # a newcomer still tells us a name, a language, an organisation
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 3
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_SERVER_URL = env.text("OIDC_SERVER_URL", "")  # Entra: …/TENANT-ID/v2.0, never "common"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "staff",
                "name": env.text("OIDC_NAME", "Microsoft Entra"),
                "client_id": env.text("OIDC_CLIENT_ID", ""),
                "secret": env.text("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_SERVER_URL, "uid_field": "sub"},
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}

# Languages. The list is the law: English and Welsh stand equal.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
USE_TZ = True
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = "academy.formats"  # day before month, also where Django's English is American

# Cookies, headers and the content policy.
SESSION_ENGINE = "academy.sessions"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "academy.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W021"
]  # the preload list binds a whole domain: its owner's choice
if SECURE and env.text("PROXY_SAYS_HTTPS", "0") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
OIDC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER_URL)) if OIDC_SERVER_URL else ""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *([OIDC_ORIGIN] if OIDC_ORIGIN else [])],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler"
]  # never on a disk
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # a larger file is dropped, and the form says so

# Static files: ours, and what the front-end packages ship.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "var" / "vendor"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail goes through the outbox; this is only how the worker reaches the relay.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
globals().update(env.mail(env.text("EMAIL_URL")))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Improvement Academy <academy@example.org>")
SITE_MAIL_DOMAIN = urlsplit(SITE_URL).hostname or "localhost"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Celery is a doorbell and a clock.
CELERY_BROKER_URL = env.text("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,  # a web process never waits; a worker's own is longer, see academy.celery
    "max_retries": 0,  # a page knocks once
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ROUTES = {
    "connections.tasks.solve_round": {"queue": "rounds"},
    "connections.tasks.draw_coffee": {"queue": "rounds"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = timetable.SCHEDULE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "academy.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "academy.logs.JSONFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "filters": ["request_id"],
            "formatter": "json",
        }
    },
    "root": {"handlers": ["stdout"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        **{  # a quiet academy is quiet: clockwork that goes well is not told
            name: {"level": "WARNING"}
            for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat")
        },
    },
}

SAMPLE_PASSWORD = env.text("SAMPLE_PASSWORD", "")
SAMPLE_TOTP_SECRET = env.text("SAMPLE_TOTP_SECRET", "")
