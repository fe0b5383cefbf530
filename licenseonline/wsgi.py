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
