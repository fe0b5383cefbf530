"""What must be there before the demo can serve; all of it is quick when it is there already."""

from __future__ import annotations

import hashlib
import shutil
from importlib.metadata import version
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from licenseonline.demo import children
from licenseonline.demo.children import Child
from licenseonline.demo.place import ROOT, WRONG_USE, Place, UnusableError
from licenseonline.kit import roles
from licenseonline.kit.embedded_pg import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DATABASE = "licenseonline"


def server_of(place: Place) -> EmbeddedServer | None:
    """The demo's own PostgreSQL; None when DATABASE_URL names another."""
    return None if place.environment.get("DATABASE_URL") else EmbeddedServer(place.var / "postgres")


def reset(place: Place, server: EmbeddedServer | None) -> None:
    """Delete the demo's data for good. Refused for a database that is not the demo's own."""
    if server is None:
        message = "--reset deletes the embedded database only; DATABASE_URL names another one."
        raise UnusableError(message, WRONG_USE)
    server.destroy()
    for kept in ("files", "mail"):
        shutil.rmtree(place.var / kept, ignore_errors=True)


def prepare(place: Place, server: EmbeddedServer | None) -> None:
    """Roles, tables, static files and the demo's rows, each only where missing or outdated."""
    owner_url = _owner_url(place, server)
    schema, files = _schema_version(), _static_version()
    steps = []
    if not _has_schema(owner_url, schema):
        steps.append(Child("migration", "-m", "licenseonline", "migrate", "--no-input", place=place))
    stamp = place.var / "static.stamp"
    if not stamp.exists() or stamp.read_text() != files:
        collect = ("-m", "licenseonline", "collectstatic", "--no-input", "--clear", "-v", "0")
        steps.append(Child("static-files", *collect, place=place))
    children.finish(steps)
    stamp.write_text(files)
    _note_schema(owner_url, schema)
    if not _is_loaded(owner_url):
        children.finish([Child("loading", "-m", "licenseonline", "load_demo", place=place)])


def _owner_url(place: Place, server: EmbeddedServer | None) -> str:
    if server is not None:
        server.start()
        roles.install(server.url("postgres", "postgres"), _DATABASE)
        return server.url(roles.OWNER, _DATABASE)
    url = place.environment.get("MIGRATE_DATABASE_URL")
    if not url:
        message = "DATABASE_URL is set: MIGRATE_DATABASE_URL is needed too, for the owner of the tables."
        raise UnusableError(message, WRONG_USE)
    return url


def _schema_version() -> str:
    """Changes with every migration, ours or a package's."""
    return _digest(ROOT.glob("licenseonline/*/migrations/*.py"), "django", "procrastinate")


def _static_version() -> str:
    """Changes with every static file, ours or a package's."""
    ours = (path for path in ROOT.glob("licenseonline/*/static/**/*") if path.is_file())
    return _digest(ours, "django", "django-htmx", "django-unfold", "whitenoise")


def _digest(files: Iterable[Path], *packages: str) -> str:
    found = hashlib.sha256("".join(f"{package} {version(package)}\n" for package in packages).encode())
    for path in sorted(files):
        found.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _has_schema(owner_url: str, schema: str) -> bool:
    """Whether this database was migrated by these very files. The note lies in the database and so goes with it."""
    with psycopg.connect(owner_url) as connection:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
    return row is not None and row[0] == schema


def _note_schema(owner_url: str, schema: str) -> None:
    with psycopg.connect(owner_url) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(schema)))


def _is_loaded(owner_url: str) -> bool:
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM stores_store)").fetchone()
    return row is not None and bool(row[0])
