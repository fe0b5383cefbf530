"""Importing this sets Django up on the bench's database. It sorts before `licenseonline`, whose models need that."""

import django

from bench import place

place.adopt_environment()
django.setup()
