"""Files in forms: what a browser sends, what the form keeps while it is corrected, and what it says of files."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.files import touch_file
from core.filetypes import accepted_extensions
from core.uploads import MAX_FILES, MAX_SIZE, SealedUpload, UploadProblem
from petitions.attachments import MEGABYTE, Attachment, problem_text, too_many_text


@dataclasses.dataclass(frozen=True)
class SentFiles:
    """What a form brings of files: new ones, and of those it kept the tokens and what is to go."""

    uploads: list[SealedUpload]
    kept: list[str]
    removed: set[str]


class AttachmentsInput(forms.FileInput):
    """A file input for several; beside it the form has a hidden field and a check box for each file that it kept."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> SentFiles:
        data, files = (part if isinstance(part, MultiValueDict) else MultiValueDict() for part in (data, files))
        return SentFiles(
            uploads=files.getlist(name), kept=data.getlist(f"{name}-kept"), removed=set(data.getlist(f"{name}-removed"))
        )


class AttachmentsField(forms.Field):
    """Sealed files; that of ``FormWithAttachments``, which has the last word on them."""

    widget = AttachmentsInput


class FormWithAttachments(forms.Form):
    """A form with files. ``kept`` are those that have arrived and stay, ``removed`` those that go."""

    attachments = AttachmentsField(
        label=_("Photos, recordings, documents"),
        required=False,
        help_text=format_lazy(
            _("Up to {files} files of up to {size} MB each: pictures, PDF, Word, Excel, text, MP3, M4A or MP4."),
            files=MAX_FILES,
            size=MAX_SIZE // MEGABYTE,
        ),
        widget=AttachmentsInput(attrs={"multiple": True, "accept": accepted_extensions()}),
    )
    # For the page's script, which says so before anything is sent.
    max_file_size = MAX_SIZE

    def __init__(self, *args: Any, problems: Sequence[UploadProblem] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems = problems
        # What has arrived and stays, whatever else is wrong with the form.
        self.kept: list[Attachment] = []
        self.removed: list[Attachment] = []

    def clean_attachments(self) -> list[Attachment]:
        sent: SentFiles = self.cleaned_data["attachments"]
        errors = [problem_text(problem) for problem in self.problems]
        known = {one.digest: one for token in sent.kept if (one := Attachment.from_token(token)) is not None}
        self.removed = [one for digest, one in known.items() if digest in sent.removed]
        for digest, attachment in known.items():
            if digest in sent.removed:
                continue
            if touch_file(digest):
                self.kept.append(attachment)
            else:
                errors.append(_("“%(name)s” has been kept for too long. Attach it again.") % {"name": attachment.name})
        self.kept += [Attachment.of(upload) for upload in sent.uploads]
        if len(self.kept) > MAX_FILES:
            self.kept, surplus = self.kept[:MAX_FILES], self.kept[MAX_FILES:]
            self.removed += surplus
            errors.append(too_many_text())
        if errors:
            raise forms.ValidationError(errors)
        return self.kept
