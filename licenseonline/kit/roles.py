"""The three database roles and what each may do; made by an install step, never by a migration (parallel GRANTs collide).

`app_owner` owns and migrates, `app_rw` serves and is bound to the stores of its transaction, `app_platform` sees all
stores. None is a superuser or bypasses row-level security, because managed servers give neither.
"""

import psycopg
from psycopg import sql

OWNER = "app_owner"
RW = "app_rw"
PLATFORM = "app_platform"

_MAKE = """
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['app_owner', 'app_rw', 'app_platform'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN EXECUTE format('CREATE ROLE %I', role); END IF;
  END LOOP;
END $$;
ALTER ROLE app_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE app_rw LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE app_platform NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
GRANT app_platform TO app_rw;
ALTER ROLE app_rw SET jit = off;  -- every statement here is short: compiling one takes longer than running it
"""

_GRANT = """
GRANT CREATE, USAGE ON SCHEMA public TO app_owner;
GRANT USAGE ON SCHEMA public TO app_rw, app_platform;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_rw, app_platform;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO app_rw, app_platform;
"""


def install(admin_url: str, dbname: str) -> None:
    """Make the roles and the database when missing; safe to repeat. `admin_url` connects as a superuser or its like.

    Passwords are not set: the embedded server trusts its private socket, a managed server's administrator sets them.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(7351001)")  # two installers at once: one waits
        admin.execute(_MAKE)
        create_database(admin, dbname)
    with psycopg.connect(admin_url, dbname=dbname, autocommit=True) as admin:
        admin.execute(_GRANT)


def create_database(admin: "psycopg.Connection[tuple[object, ...]]", dbname: str) -> None:
    """Make an empty database owned by `app_owner`, unless it exists. Text sorts by code point, the same everywhere."""
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone():
        return
    admin.execute(
        sql.SQL(
            "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        ).format(sql.Identifier(dbname), sql.Identifier(OWNER))
        if admin.info.server_version < 170000  # noqa: PLR2004  (PostgreSQL 17 brought the builtin provider)
        else sql.SQL(
            "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        ).format(sql.Identifier(dbname), sql.Identifier(OWNER))
    )
