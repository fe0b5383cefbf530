"""`bin/manage verify_history` asks whether every store's history is unbroken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from licenseonline.kit import scope
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry


class Command(BaseCommand):
    """Reports changed, missing and unsealed entries; exits with an error when there are any."""

    help = "Verify the chained history of every store."

    def handle(self, **options: Any) -> None:
        with scope.platform():
            stores = sorted(HistoryEntry.objects.values_list("store_id", flat=True).distinct())
        faults = [fault for store_id in stores for fault in history.faults(store_id)]
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            msg = f"{len(faults)} findings"
            raise CommandError(msg)
        self.stdout.write("The history of every store is whole.")
