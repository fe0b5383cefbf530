"""Fixtures. `world` is the small world of `tests/world.py`, in every test's database; a test's writes are rolled back.

Inside a test the platform scope is open (factories and assertions see every store); a request narrows it to its own.
`client_of(actor)` is a signed-in browser. `run_jobs()` runs what was deferred. `committed` gives a database of its own
with real commits, for races and processes. `served` serves it over HTTP with a worker, for browsers.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from licenseonline.accounts.models import Member, User
from licenseonline.kit import scope
from licenseonline.sales import papers
from licenseonline.stores import stores
from licenseonline.web import visitor_pages
from licenseonline.web.session_store import SessionStore
from tests import environment, restored
from tests.shared_middleware import share_middleware
from tests.world import World

Actor = Member | User

# Property tests judge results, never the time they took; `bin/test --long` tries twenty times the examples.
hypothesis_settings.register_profile("short", deadline=None)
hypothesis_settings.register_profile("long", deadline=None, max_examples=2000)
hypothesis_settings.load_profile("long" if os.environ.get("LICENSEONLINE_LONG") else "short")


share_middleware()


def pytest_collection_finish() -> None:
    """Tests and product are loaded and stay: walking them again and again was a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """One copy of the template per worker, instead of Django's test database."""
    environment.copy_database(environment.DATABASE)
    yield
    connections.close_all()
    environment.drop_database(environment.DATABASE)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """A rolled-back test gives its edition's number back, which something may have been kept under."""
    visitor_pages.forget()
    stores.store_of_edition.cache_clear()
    stores.holidays_of_edition.cache_clear()
    stores.holidays_of_all_in_edition.cache_clear()
    stores.hosts_of_edition.cache_clear()
    papers.rules_of_edition.cache_clear()
    cache.clear()


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small world, seen as the platform."""
    with scope.platform():
        yield World()


def area_of(actor: Actor) -> str:
    if isinstance(actor, Member):
        return f"store-{actor.store_id}"
    return "partner" if actor.partner_id else "backoffice"


def signed_in(actor: Actor) -> Client:
    """A browser that this person has signed in with, without the form (that has its own tests)."""
    session = SessionStore(area=area_of(actor))
    backend = "MemberBackend" if isinstance(actor, Member) else "StaffBackend"
    session["_auth_user_id"] = str(actor.pk)
    session["_auth_user_backend"] = f"licenseonline.accounts.backends.{backend}"
    session["_auth_user_hash"] = actor.get_session_auth_hash()
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


@pytest.fixture
def client_of(world: World) -> Callable[[Actor], Client]:
    return signed_in


@contextmanager
def own_database(django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A database of its own, with real commits; threads and processes connect to it too."""
    name = restored.ready()
    before = connections.settings["default"]["NAME"]
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    urls = {key: os.environ[key] for key in ("DATABASE_URL", "MIGRATE_DATABASE_URL")}
    os.environ.update(environment.environment_for(name))
    try:
        with django_db_blocker.unblock():
            yield World()
    finally:
        connections.close_all()
        os.environ.update(urls)
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = before
        restored.put_back()


@pytest.fixture
def committed(django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """`own_database` for one test."""
    with own_database(django_db_blocker) as world:
        yield world
