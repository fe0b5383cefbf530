"""The bare view's settings: the product's own database, pool and processes, and nothing around the view."""

from licenseonline.settings import *  # noqa: F403  (all but what follows)

ROOT_URLCONF = "bench.bare"
MIDDLEWARE = []
