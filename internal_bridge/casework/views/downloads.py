"""A citizen's file on its way to an official: by the page and by the API."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.streaming import one_by_one
from internal_bridge.casework.models import CaseAttachment


def attachment_response(attachment: CaseAttachment, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    """``attachment`` as a download of its plain ``chunks``."""
    return StreamingHttpResponse(
        one_by_one(chunks),
        # Not the type that the sender names: nothing that a citizen sent is shown by the browser as a part of this site.
        content_type="application/octet-stream",
        headers={
            "Content-Length": str(attachment.size),
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=attachment.name),
            "X-Content-Type-Options": "nosniff",
        },
    )
