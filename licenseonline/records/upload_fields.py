"""A form's field for several files, each looked at by its content."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from licenseonline.kit.errors import Refused
from licenseonline.records import uploads
from licenseonline.records.uploads import Received

ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,.heif,.xlsx,.xls,.docx,.doc,.zip,application/pdf,image/*"


class FilesInput(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PapersField(forms.FileField):
    """Files whose content is looked at one by one; each refusal names its file."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Received]:  # noqa: ARG002  (Django's)
        """What was received, or every file's sentence."""
        given = [one for one in data or [] if isinstance(one, UploadedFile)]
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        received, faults = [], []
        for file in given:
            try:
                received.append(uploads.receive(file))
            except Refused as refusal:
                name = (file.name or "")[:80]
                faults.append(forms.ValidationError(f"{name}：{refusal.message}", code=refusal.code))
        if faults:
            raise forms.ValidationError(faults)
        return received


class OptionalPapersField(PapersField):
    """The same, or none."""

    def clean(self, data: Any, initial: Any = None) -> list[Received]:
        """What was received, or every file's sentence."""
        return super().clean(data, initial) if data or self.required else []


def digests(received: Iterable[Received]) -> list[str]:
    """The files' hashes in their order."""
    return [one.sha256 for one in received]
