"""Every setting of the product, from environment variables. `README.md`, “Production”, lists them."""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from licenseonline.kit import environment
from licenseonline.kit.embedded_pg import EmbeddedServer
from licenseonline.kit.roles import OWNER, RW

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.Environment()

# Demo: everything stays on this machine, nothing need be set. Anywhere else the secrets are required.
DEMO = env.flag("LICENSEONLINE_DEMO")
VAR_DIR = Path(env.text("LICENSEONLINE_VAR", str(BASE_DIR / "var")))
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
# Encrypts licence keys, second-factor secrets and one-time links at rest (32 bytes, urlsafe base64).
DATA_KEY = env.text("DATA_KEY")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", "127.0.0.1,localhost" if DEMO else None)
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}" if DEMO else None).rstrip("/")
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
SECURE = SITE_URL.startswith("https://")

# `migrate` and the install commands run as the tables' owner, everything else as a role that row-level security binds.
AS_OWNER = env.flag("LICENSEONLINE_AS_OWNER")
_url_name = "MIGRATE_DATABASE_URL" if AS_OWNER else "DATABASE_URL"
EMBEDDED = EmbeddedServer(VAR_DIR / "postgres") if not env.values.get("DATABASE_URL") else None
_database_url = EMBEDDED.url(OWNER if AS_OWNER else RW, "licenseonline") if EMBEDDED else env.text(_url_name)
DATABASES = {"default": environment.database(_database_url or "postgresql:///")}
# A statement is planned once per connection. Behind a pooler that knows no prepared statements: DATABASE_PREPARE_AFTER=0.
DATABASES["default"]["OPTIONS"] |= {
    "server_side_binding": True,
    "prepare_threshold": env.number("DATABASE_PREPARE_AFTER", 5) or None,
}
if env.flag("DATABASE_POOL"):  # the web server sets it; one-shot commands and tests connect plainly
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

EMAIL_BACKEND = "licenseonline.demo.outbox.EmailBackend"
if not DEMO:
    globals().update(environment.mail(env.text("EMAIL_URL") or "smtp://unset"))
PLATFORM_NAME = "ライセンスオンライン"
PLATFORM_EMAIL = env.text("PLATFORM_EMAIL", "front@licenseonline.example" if DEMO else None)
DEFAULT_FROM_EMAIL = PLATFORM_EMAIL
# S3 or another place for what is kept; it all goes through Django's storage.
FILES_BACKEND, FILES_OPTIONS = env.text("FILES_BACKEND", "-").removeprefix("-"), env.options("FILES_OPTIONS")
env.check()

INSTALLED_APPS = [
    "licenseonline.demo",
    "licenseonline.web",
    "licenseonline.backoffice",
    "licenseonline.sales",
    "licenseonline.licensing",
    "licenseonline.billing",
    "licenseonline.content",
    "licenseonline.catalog",
    "licenseonline.accounts",
    "licenseonline.stores",
    "licenseonline.records",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "licenseonline.web.proxies.ProxyHeadersMiddleware",
    "licenseonline.web.request_log.RequestLogMiddleware",
    "licenseonline.web.hosts.StoreHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "licenseonline.web.policy.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "licenseonline.web.areas.AreaMiddleware",
    "licenseonline.web.sessions.AreaSessionMiddleware",
    "licenseonline.web.sessions.AreaCsrfMiddleware",
    "django.middleware.common.CommonMiddleware",
    "licenseonline.web.request_scope.RequestScopeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "licenseonline.urls"
WSGI_APPLICATION = "licenseonline.wsgi.application"
APPEND_SLASH = False  # the real service's URLs are exact; a missing page is a 404 that helps

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "licenseonline.web.jinja.environment",
            "context_processors": ["licenseonline.web.context.site"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",  # the desk's: unfold is written in it
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("日本語"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
USE_THOUSAND_SEPARATOR = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "licenseonline.accounts.backends.MemberBackend",
    "licenseonline.accounts.backends.StaffBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_ENGINE = "licenseonline.web.session_store"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "licenseonline.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_csp = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _csp}
# unfold's Alpine evaluates expressions and sets styles; only the operator's own area may.
BACKOFFICE_CSP = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Quotations and certificates are nobody else's on this machine either.
        "OPTIONS": {
            "location": VAR_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if FILES_BACKEND:
    STORAGES["default"] = {"BACKEND": FILES_BACKEND, "OPTIONS": FILES_OPTIONS}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MOST_UPLOADED_BYTES = 100 * 1024 * 1024  # of one delivery, all its certificates together
MOST_PAPER_BYTES = 11 * 1024 * 1024  # of a member's form with one file (records/uploads.py)
MOST_PAPERS_BYTES = 52 * 1024 * 1024  # of the form that hands in an order's paper; larger bodies are not read
CLAMAV_SOCKET = env.text("CLAMAV_SOCKET", "-").removeprefix("-")  # a path or host:port; without it nothing is scanned


# A job stands beside its verb; the worker imports those modules.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = [
    "licenseonline.records.history",
    "licenseonline.records.leftovers",
    "licenseonline.records.messages",
    "licenseonline.records.stalled",
    "licenseonline.accounts.company_merges",
    "licenseonline.accounts.email_changes",
    "licenseonline.accounts.failures",
    "licenseonline.accounts.invitations",
    "licenseonline.accounts.leftovers",
    "licenseonline.accounts.links",
    "licenseonline.accounts.members",
    "licenseonline.accounts.registrations",
    "licenseonline.accounts.reissues",
    "licenseonline.accounts.staff_links",
    "licenseonline.accounts.staff_passwords",
    "licenseonline.accounts.verifications",
    "licenseonline.catalog.imports.price_imports",
    "licenseonline.catalog.zero_hits",
    "licenseonline.sales.completions",
    "licenseonline.sales.expiry",
    "licenseonline.sales.offer_leftovers",
    "licenseonline.sales.order_documents",
    "licenseonline.sales.paper_previews",
    "licenseonline.sales.paper_reminders",
    "licenseonline.sales.prospects",
    "licenseonline.sales.quote_links",
    "licenseonline.sales.quotes",
    "licenseonline.sales.sums",
    "licenseonline.sales.vendor_cut_offs",
    "licenseonline.sales.vendor_reminders",
    "licenseonline.sales.withdrawals",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "licenseonline.web.request_log.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "procrastinate": {"level": "WARNING"}},
}

UNFOLD = {
    "SITE_TITLE": _("ライセンスオンライン 運営"),
    "SITE_HEADER": _("ライセンスオンライン 運営"),
    "SITE_URL": "/backoffice/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"show_search": False, "navigation": "licenseonline.backoffice.navigation.sidebar"},
}
