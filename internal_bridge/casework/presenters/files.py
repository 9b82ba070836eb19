"""Files of a case."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from core import filetypes
from internal_bridge.casework.models import Case, CaseAttachment


@dataclass(frozen=True)
class AttachmentRow:
    """An attachment, to be downloaded."""

    name: str
    url: str
    kind: str
    size: str

    @classmethod
    def of(cls, attachment: CaseAttachment, case: Case) -> "AttachmentRow":
        return cls(
            name=attachment.name,
            url=reverse("casework:attachment", args=[case.number, attachment.pk]),
            kind=_short_kind(attachment.content_type),
            size=filesizeformat(attachment.size),
        )


def _short_kind(media_type: str) -> str:
    """At most four letters that people know a type by."""
    known = next((type for type in filetypes.ALLOWED if type.media_type == media_type), None)
    return known.extensions[0].upper() if known else _("File")
