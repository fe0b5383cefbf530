"""`bin/manage`: Django's commands, with the embedded server started first where no DATABASE_URL is set."""

import os
import sys

from django.core.management import execute_from_command_line

# These make or read tables that the serving role does not own.
AS_OWNER = {"migrate", "makemigrations", "sqlmigrate", "showmigrations"}


def main() -> None:
    """Run the command as the database role it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licenseonline.settings")
    if len(sys.argv) > 1 and sys.argv[1] in AS_OWNER:
        os.environ["LICENSEONLINE_AS_OWNER"] = "1"
    execute_from_command_line(["bin/manage", *sys.argv[1:]])


if __name__ == "__main__":
    main()
