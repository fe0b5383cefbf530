"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licenseonline.settings")
os.environ.setdefault("DATABASE_POOL", "1")

application = get_wsgi_application()
