"""Files by their ciphertext's digest: the peer that learned of one by a message fetches it, and says when it has all of it."""

import re

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from internal_bridge.exchange.api.serializers import FetchedSerializer
from internal_bridge.exchange.api.views import PeerView
from internal_bridge.exchange.files import stored_path, take_fetched

RANGE = OpenApiParameter("Range", location=OpenApiParameter.HEADER, description="`bytes=<first>-`, to go on after a break")
CIPHERTEXT = (OpenApiTypes.BINARY, "application/octet-stream")


class NoSuchByte(exceptions.APIException):
    """416: the range begins behind the file's end."""

    status_code = 416
    default_detail = "no such byte"


class FileView(PeerView):
    """A file's ciphertext, from its first byte or from that of ``Range`` (RFC 9110, 14.2)."""

    @extend_schema(
        operation_id="exchange_file",
        parameters=[
            OpenApiParameter("digest", location=OpenApiParameter.PATH, pattern="^[0-9a-f]{64}$"),
            RANGE,
        ],
        responses={(200, CIPHERTEXT[1]): CIPHERTEXT[0], (206, CIPHERTEXT[1]): CIPHERTEXT[0], 404: None, 416: None},
    )
    def get(self, request: Request, digest: str) -> FileResponse:
        path = stored_path(digest)
        if path is None:
            raise exceptions.NotFound
        size, first = path.stat().st_size, _first_byte(request.headers.get("Range", ""))
        if first and first >= size:
            raise NoSuchByte
        file = path.open("rb")
        file.seek(first)
        response = FileResponse(file, content_type=CIPHERTEXT[1], status=206 if first else 200)
        response["Accept-Ranges"] = "bytes"
        if first:
            response["Content-Range"] = f"bytes {first}-{size - 1}/{size}"
        return response


class FetchedView(PeerView):
    """The caller has these files whole; whoever keeps them for it may delete them in time."""

    @extend_schema(operation_id="exchange_files_fetched", request=FetchedSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        body = FetchedSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        take_fetched(body.validated_data["digests"])
        return Response(status=204)


def _first_byte(header: str) -> int:
    """Where an open range begins; any other header of the kind may be ignored, and is."""
    match = re.fullmatch(r"bytes=(\d{1,15})-", header, re.ASCII)
    return int(match[1]) if match else 0
