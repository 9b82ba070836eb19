"""What a citizen asks of the office, with the receipt code: ``…/supplements/``, ``…/withdrawal/`` (11)."""

import contextlib
from collections.abc import Iterator

from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency import InvalidKey
from core.parsers import Utf8JSONParser
from core.problems import Conflict, problems, refuse_unknown_query
from petitions.api.parsers import LetterParser
from petitions.api.serializers import (
    MultipartSupplementSerializer,
    SentSerializer,
    SupplementSerializer,
    WithdrawalSerializer,
)
from petitions.api.views import (
    IDEMPOTENCY_KEY,
    RECEIPT_CODE,
    files_sealed,
    opened_by,
    refuse_problems,
    storage_needed,
)
from petitions.attachments import Attachment
from petitions.enums import Action
from petitions.services import NoSuchQuestion, NotAllowed, OpenedPetition, add_supplement, request_withdrawal
from petitions.throttling import count_submission

BAD_REQUEST = {400, 413, 415}


@contextlib.contextmanager
def state_first(opened: OpenedPetition, action: Action) -> Iterator[None]:
    """Within this block ``NotAllowed`` is answered with 409, and so is bad input where the state forbids the action anyway.

    The service has the last word on the state: a repeat of a request that was taken gets its first answer.
    """
    conflict = Conflict(_("The petition's present state does not allow this."))
    try:
        yield
    except NotAllowed as error:
        raise conflict from error
    except (exceptions.APIException, InvalidKey) as error:
        status = error.status_code if isinstance(error, exceptions.APIException) else 400
        if status in BAD_REQUEST and action not in opened.allowed:
            raise conflict from error
        raise


@method_decorator(never_cache, name="dispatch")
class SupplementsView(APIView):
    """Add text and files to one's petition, or answer a question of the office."""

    parser_classes = [Utf8JSONParser, LetterParser]

    @extend_schema(
        operation_id="petition_supplement",
        request={"application/json": SupplementSerializer, "multipart/form-data": MultipartSupplementSerializer},
        responses={202: SentSerializer, **problems(400, 404, 409, 413, 415, 429, 503)},
        parameters=[RECEIPT_CODE, IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request, number: str) -> Response:
        count_submission(request)
        opened = opened_by(request, number)
        refusal = _("What you have written could not be stored. Try again later, or call 12345.")
        with state_first(opened, Action.SUPPLEMENT), storage_needed(refusal), files_sealed(request) as uploads:
            refuse_unknown_query(request)
            body = SupplementSerializer(data=request.data)
            refuse_problems(uploads.problems)
            body.is_valid(raise_exception=True)
            try:
                sent = add_supplement(
                    opened=opened,
                    text=body.validated_data["text"],
                    in_reply_to=body.validated_data.get("in_reply_to"),
                    attachments=[Attachment.of(upload) for upload in uploads.sealed],
                    key=request.headers.get("Idempotency-Key"),
                )
            except NoSuchQuestion as error:
                raise exceptions.ValidationError({"in_reply_to": [_("The office has asked no such question.")]}) from error
        return Response(SentSerializer(sent).data, status=202)


@method_decorator(never_cache, name="dispatch")
class WithdrawalView(APIView):
    """Ask that one's petition be handled no further. Until the office has decided, it is not asked for again."""

    @extend_schema(
        operation_id="petition_withdraw",
        request=WithdrawalSerializer,
        responses={202: SentSerializer, **problems(400, 404, 409, 415, 429, 503)},
        parameters=[RECEIPT_CODE, IDEMPOTENCY_KEY],
    )
    @sensitive_variables()
    def post(self, request: Request, number: str) -> Response:
        count_submission(request)
        opened = opened_by(request, number)
        refusal = _("Your request could not be stored. Try again later, or call 12345.")
        with state_first(opened, Action.WITHDRAWAL), storage_needed(refusal):
            refuse_unknown_query(request)
            body = WithdrawalSerializer(data=request.data)
            body.is_valid(raise_exception=True)
            reason = body.validated_data.get("reason", "")
            sent = request_withdrawal(opened=opened, reason=reason, key=request.headers.get("Idempotency-Key"))
        return Response(SentSerializer(sent).data, status=202)
