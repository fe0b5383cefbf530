"""Where the bench lives: its own PostgreSQL, files and logs under var/bench, never the demo's or a production's."""

import os
import subprocess
import sys
from pathlib import Path

import django

from licenseonline.kit import roles
from licenseonline.kit.embedded_pg import EmbeddedServer

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("BENCH_VAR") or ROOT / "var" / "bench").resolve()
_USUAL = "licenseonline"
DATABASE = os.environ.get("BENCH_DATABASE") or _USUAL  # `bin/bench consoles` has one for each size
APP_PORT = int(os.environ.get("BENCH_PORT", "8390"))
BARE_PORT = APP_PORT + 1

SERVER = EmbeddedServer(VAR / "postgres", shared_buffers="1GB")  # a million SKUs with their search do not fit less


def environment(database: str = DATABASE) -> dict[str, str]:
    """A production's settings (no demo), fixed so that two runs are alike. Nothing here is worth keeping secret."""
    urls = (
        {}
        if database == _USUAL
        else {"DATABASE_URL": SERVER.url(roles.RW, database), "MIGRATE_DATABASE_URL": SERVER.url(roles.OWNER, database)}
    )
    return {
        **urls,
        "LICENSEONLINE_VAR": str(VAR),
        "SECRET_KEY": "bench-secret-key-of-a-database-that-holds-invented-rows-only",
        "DATA_KEY": "YmVuY2hiZW5jaGJlbmNoYmVuY2hiZW5jaGJlbmNoYmU=",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{APP_PORT}",
        "PLATFORM_EMAIL": "front@licenseonline.example",
        "EMAIL_URL": "smtp://127.0.0.1:9",
    }


def note(database: str = DATABASE) -> Path:
    """What says how much the database holds; missing while it is being filled."""
    return VAR / ("generated.json" if database == _USUAL else f"generated-{database}.json")


def admin_url() -> str:
    """As a superuser: COPY does not work through row-level security."""
    return SERVER.url("postgres", DATABASE)


def adopt_environment() -> None:
    """Make this process and its children work on the bench's database and on nothing else."""
    for name in (
        "DATABASE_URL",
        "MIGRATE_DATABASE_URL",
        "LICENSEONLINE_DEMO",
        "DATABASE_POOL",
        "DJANGO_SETTINGS_MODULE",
    ):
        os.environ.pop(name, None)
    os.environ.update(environment())
    os.environ["DJANGO_SETTINGS_MODULE"] = "licenseonline.settings"


def set_up() -> None:
    """Set Django up on the bench's database, in a process that has not imported any model yet."""
    adopt_environment()
    django.setup()


def prepare() -> None:
    """Start the server; make roles, tables and static files where they are missing."""
    (VAR / "log").mkdir(parents=True, exist_ok=True)
    adopt_environment()
    SERVER.start()
    roles.install(SERVER.url("postgres", "postgres"), DATABASE)
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        subprocess.run([sys.executable, "-m", "licenseonline", *command, "-v", "0"], check=True, cwd=ROOT)
