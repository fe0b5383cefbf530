"""Lists whose rows lead to pages of their own on the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from licenseonline.backoffice import subjects
from licenseonline.backoffice.saved_lists import SavedListAdmin


class SubjectAdmin(SavedListAdmin):
    """Companies, members, quotations, orders."""

    def change_view(self, request: HttpRequest, object_id: str, *_args: object, **_options: object) -> HttpResponse:
        """The row's page on the desk; the list for a row that is not there."""
        found = self.get_object(request, object_id)
        if found is None:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return redirect(subjects.url(found))
