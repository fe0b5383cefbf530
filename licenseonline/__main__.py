"""`bin/manage`: Django's commands, as the database role that each needs.

On a clone with a demo and no settings of its own, commands work on the demo; its server runs while they do.
"""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from licenseonline.demo import place

# These make or read tables that the serving role does not own.
AS_OWNER = {"migrate", "makemigrations", "sqlmigrate", "showmigrations"}
WITHOUT_DATABASE = {"check", "collectstatic", "makemigrations", "help"}


def main() -> None:
    """Run the command; an embedded server that was not running is stopped again afterwards."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licenseonline.settings")
    if not os.environ.get("SECRET_KEY") and place.exists(os.environ):
        os.environ.update(place.find(os.environ).environment)
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in AS_OWNER:
        os.environ["LICENSEONLINE_AS_OWNER"] = "1"
    server = None if command in WITHOUT_DATABASE else settings.EMBEDDED
    if server is None or server.ready():
        execute_from_command_line(["bin/manage", *sys.argv[1:]])
        return
    server.start()
    try:
        execute_from_command_line(["bin/manage", *sys.argv[1:]])
    finally:
        server.stop()


if __name__ == "__main__":
    main()
