"""The form that hands in one paper, in one or more files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.records.upload_fields import ACCEPT, FilesInput, PapersField, digests
from licenseonline.records.uploads import Received


class HandInForm(forms.Form):
    """One paper's files, chosen, dropped, or taken with the camera."""

    uploads = PapersField(
        label=_("ファイル"),
        error_messages={"required": _("ご提出いただくファイルを選択してください。")},
        widget=FilesInput(attrs={"accept": ACCEPT}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    more = forms.BooleanField(
        widget=forms.HiddenInput, required=False
    )  # the page's script: one more file of those chosen

    def __init__(self, request_id: int, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, auto_id=f"paper-{request_id}-%s", **options)

    @property
    def received(self) -> list[Received]:
        """What the verb takes."""
        found: list[Received] = self.cleaned_data["uploads"]
        return found

    def facts(self) -> dict[str, object]:
        """What was sent, so that the same form sent twice is known."""
        return {"files": digests(self.received), "more": self.cleaned_data["more"]}
