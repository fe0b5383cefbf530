"""`bin/manage import_microsoft PATH`: Microsoft's product list as products on request."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from licenseonline.catalog.imports import microsoft
from licenseonline.kit import scope

_MOST_SHOWN = 20


class Command(BaseCommand):
    """All rows or none."""

    help = "Bring in Microsoft's list of products (CSV) as products without prices; repeating it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("path", type=Path)

    def handle(self, *, path: Path, **options: object) -> None:
        """Import, and say what was done or what is wrong with which line."""
        try:
            with path.open("rb") as file, scope.platform():
                report = microsoft.import_products(file)
        except OSError as error:
            message = _("%(path)s を開けません：%(error)s") % {"path": path, "error": error.strerror}
            raise CommandError(message) from error
        if report.refused:
            lines = [
                _("%(line)s 行目：%(reason)s") % {"line": fault.line, "reason": fault.reason}
                for fault in report.refused[:_MOST_SHOWN]
            ]
            more = len(report.refused) - len(lines)
            if more:
                lines.append(_("ほか %(count)s 件") % {"count": more})
            raise CommandError("\n".join([*lines, _("何も取り込みませんでした。")]))
        self.stdout.write(
            _("新規 %(created)s 件、更新 %(updated)s 件、変更なし %(unchanged)s 件")
            % {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
        )
