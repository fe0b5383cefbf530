"""The WSGI application that granian serves."""

import gc
import os

import django

from licenseonline.web.text_encoding import Utf8Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licenseonline.settings")
os.environ.setdefault("DATABASE_POOL", "1")

django.setup(set_prefix=False)
application = Utf8Handler()
gc.freeze()  # what is loaded by now stays: the collector need not walk it again and again
# A page makes some thousand objects that go by themselves: looking every 700 cost 3 to 6 % of it and found little.
gc.set_threshold(10_000)
