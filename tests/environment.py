"""Loaded before Django's settings: a throw-away PostgreSQL, and for each xdist worker a database of its own.

The databases are copies of one template (migrated, with `tests/world.py` in it), and tests connect as the serving role
`app_rw`, which row-level security binds. TEST_DATABASE_URL names the administrator's URL of another server to use.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from licenseonline.kit import roles
from licenseonline.kit.embedded_pg import EmbeddedServer
from tests import hashing

hashing.hash_quickly()
ROOT = Path(__file__).parent.parent
CODE = ROOT / "licenseonline"
RUNS = ROOT / "var" / "test"
_FIXED = {
    "LICENSEONLINE_DEMO": "1",
    "SECRET_KEY": "test-secret-key-that-is-long-enough-for-django",
    "DATA_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    "SITE_URL": "http://shop.example",
    "ALLOWED_HOSTS": "testserver,shop.example,127.0.0.1,localhost",
    "PLATFORM_EMAIL": "front@licenseonline.example",
}


def with_database(url: str, name: str, user: str = "") -> str:
    """The same server, another database and user."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(path=f"/{name}", netloc=f"{user}@{host}" if user else parts.netloc))


def admin_url() -> str:
    return os.environ["LICENSEONLINE_TEST_ADMIN_URL"]


def run_name() -> str:
    return os.environ["LICENSEONLINE_TEST_RUN"]


def copy_database(name: str) -> None:
    """A fresh copy of the template."""
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        names = (sql.Identifier(name), sql.Identifier(roles.OWNER), sql.Identifier(f"{run_name()}_template"))
        admin.execute(statement.format(*names))
    with psycopg.connect(with_database(admin_url(), name), autocommit=True) as admin:
        admin.execute(roles._GRANT)


def drop_database(name: str) -> None:
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def environment_for(database: str) -> dict[str, str]:
    """What a process needs to work on that test database."""
    return {
        **_FIXED,
        "DATABASE_URL": with_database(admin_url(), database, roles.RW),
        "MIGRATE_DATABASE_URL": with_database(admin_url(), database, roles.OWNER),
        "LICENSEONLINE_VAR": str(RUNS / run_name().removeprefix("lo_test_")),
    }


def _sweep() -> None:
    """Remove what killed runs left."""
    for left in RUNS.glob("*"):
        if left.name.isdigit() and not Path(f"/proc/{left.name}").exists():
            EmbeddedServer(left / "postgres").destroy()
            shutil.rmtree(left, ignore_errors=True)


_MANAGE = [sys.executable, "-m", "licenseonline"]


def _migrate(admin: str, database: str) -> None:
    roles.install(admin, database)
    process = {**os.environ, **environment_for(database)}
    subprocess.run([*_MANAGE, "migrate", "--verbosity", "0"], check=True, env=process, cwd=ROOT)


def _copy_migrated(admin: str, template: str) -> None:
    """TEST_DATABASE_KEEPS: migrate once for these migrations, and keep that database on the server for the next runs."""
    code = [*CODE.rglob("migrations/*.py"), *(CODE / "kit").glob("*.py")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(code))).hexdigest()[:12]
    migrated = f"lo_migrated_{digest}"
    with psycopg.connect(admin, autocommit=True) as held:
        held.execute("SELECT pg_advisory_lock(7351099)")
        found = held.execute("SELECT datname FROM pg_database WHERE datname IN (%s, %s)", [migrated, template])
        if not found.fetchall():
            _migrate(admin, template)
            names = (sql.Identifier(template), sql.Identifier(migrated))
            held.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
        owned = (sql.Identifier(template), sql.Identifier(roles.OWNER), sql.Identifier(migrated))
        held.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*owned))
    with psycopg.connect(with_database(admin, template), autocommit=True) as made:
        made.execute(roles._GRANT)


def _start() -> None:
    os.environ["LICENSEONLINE_TEST_RUN"] = f"lo_test_{os.getpid()}"
    _sweep()
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        server = EmbeddedServer(RUNS / str(os.getpid()) / "postgres", throwaway=True).start()
        given = server.url("postgres", "postgres")
    os.environ["LICENSEONLINE_TEST_ADMIN_URL"] = given
    template = f"{run_name()}_template"
    process = {**os.environ, **environment_for(template)}
    collect = [*_MANAGE, "collectstatic", "--noinput", "--verbosity", "0"]
    with subprocess.Popen(collect, env=process, cwd=ROOT) as collecting:  # beside the migrations
        if os.environ.get("TEST_DATABASE_KEEPS"):
            _copy_migrated(given, template)
        else:
            _migrate(given, template)
        subprocess.run([sys.executable, "-m", "tests.world"], check=True, env=process, cwd=ROOT)
    if collecting.returncode:
        pytest.exit("collectstatic failed", collecting.returncode)


def _stop() -> None:
    if os.environ.get("TEST_DATABASE_URL"):
        with psycopg.connect(admin_url(), autocommit=True) as admin:
            like = run_name().replace("_", r"\_") + "%"
            found = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like]).fetchall()
        for (name,) in found:
            drop_database(name)
    else:
        EmbeddedServer(RUNS / str(os.getpid()) / "postgres").destroy()
    shutil.rmtree(RUNS / str(os.getpid()), ignore_errors=True)


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_KEPT = RUNS / "server"  # who tests all day writes the URL of a server there, as for TEST_DATABASE_URL
if _KEPT.exists() and "TEST_DATABASE_URL" not in os.environ:
    os.environ.update(TEST_DATABASE_URL=_KEPT.read_text().strip(), TEST_DATABASE_KEEPS="1")
_IS_MAIN = not WORKER and not {"--help", "-h", "--version", "--collect-only", "--co"} & set(sys.argv)
if _IS_MAIN:
    _start()
elif not WORKER:
    os.environ.update(LICENSEONLINE_TEST_RUN="none", LICENSEONLINE_TEST_ADMIN_URL="postgresql:///none")
DATABASE = f"{run_name()}_{WORKER or 'main'}"
os.environ.update(environment_for(DATABASE))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _IS_MAIN:
        _stop()
