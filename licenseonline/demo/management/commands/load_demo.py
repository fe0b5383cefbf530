"""`bin/manage load_demo`: the demo's stores, catalogue, people and history, once."""

from django.core.management.base import BaseCommand

from licenseonline.demo import loading


class Command(BaseCommand):
    """Loads all or nothing; a second run does nothing."""

    help = "Load the demo's stores, catalogue, people and history (once)."

    def handle(self, **options: object) -> None:
        """Load and say whether there was anything to do."""
        self.stdout.write("Loaded." if loading.load() else "The demo is loaded already.")
