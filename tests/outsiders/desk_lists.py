"""The desk's doors and what belongs to no one thing: lists, filters, notes and files beside anything."""

from uuid import UUID

from licenseonline.accounts import notes
from licenseonline.records.uploads import Upload
from tests.outsiders.objects import MARK, PDF, Objects
from tests.outsiders.recipes import Args, Page


def about_order(*more: object) -> Args:
    return lambda objects: ["order", 87465, objects.order.pk, *more]


def subject_file(objects: Objects) -> list[object]:
    """What the desk put beside hanako's order."""
    kept = notes.attach(objects.order, upload=Upload(PDF, f"{MARK}.pdf", "application/pdf"), by=objects.world.operator)
    return [87465, kept.pk]


PAGES: dict[str, Page] = {
    **{f"{area}:login": Page(gets=302) for area in ("backoffice", "admin")},
    **{f"{area}:logout": Page(gets=405) for area in ("backoffice", "admin")},
    "backoffice:bulk": Page(gets=405),
    "backoffice:bulk_act": Page(lambda _: ["company-approve"], gets=405),
    "backoffice:bulk_result": Page(lambda _: [UUID(int=1)], gets=302),
    "backoffice:filter_new": Page(lambda _: ["work"]),
    "backoffice:filter_remove": Page(lambda _: ["work", 1], gets=405),
    "backoffice:next": Page(gets=302),
    "backoffice:subject": Page(about_order(), gets=302),
    **{f"backoffice:subject{step}": Page(about_order(), gets=405) for step in ("_note", "_keep", "_assign")},
    "backoffice:subject_resend": Page(about_order(1), gets=405),
    "backoffice:subject_file": Page(subject_file),
    "admin:app_list": Page(lambda _: ["sales"]),
    "admin:autocomplete": Page(gets=403),  # for no field
    "admin:catch_all": Page(gets=404),
}
