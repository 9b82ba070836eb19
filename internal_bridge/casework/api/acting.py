"""What is done with a case: the actions of 11, opening the identity, writing a note."""

from typing import cast

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency import InvalidKey, check_key, once
from core.problems import malformed_key, problems, refuse_unknown_query
from internal_bridge.casework.api.access import (
    IDEMPOTENCY_KEY,
    NUMBER,
    CaseView,
    HasPart,
    MayKnowOfCase,
    MayOpenIdentity,
    caller,
    told_as_problems,
)
from internal_bridge.casework.api.actions import described, read_input, represent_actions
from internal_bridge.casework.api.answers import ActedSerializer, CaseEntrySerializer, IdentitySerializer
from internal_bridge.casework.api.inputs import ActionInputSerializer, IdentityReasonSerializer, NoteSerializer
from internal_bridge.casework.api.representing import represent_entry
from internal_bridge.casework.enums import Action, EntryKind
from internal_bridge.casework.life.table import TRANSITIONS
from internal_bridge.casework.permissions import actors_of
from internal_bridge.casework.services import add_note, open_identity, perform_action

ACTION = OpenApiParameter("action", location=OpenApiParameter.PATH, enum=Action.values)


class MayEverAct(BasePermission):
    """Whether the action is one that this person takes on this case, in whichever state. An unknown one is 404."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if view.kwargs["action"] not in Action.values:
            raise exceptions.NotFound
        by = TRANSITIONS[Action(view.kwargs["action"])].by
        return bool(by & actors_of(caller(request), cast(CaseView, view).case))


class CaseActionView(CaseView):
    """Do something with the case."""

    permission_classes = [IsAuthenticated, MayKnowOfCase, MayEverAct]

    @extend_schema(
        operation_id="case_act",
        description=described(),
        parameters=[NUMBER, ACTION, IDEMPOTENCY_KEY],
        request=ActionInputSerializer,
        responses={200: ActedSerializer, **problems(400, 401, 403, 404, 409, 415)},
    )
    @sensitive_variables()
    def post(self, request: Request, number: str, action: str) -> Response:
        person, chosen = caller(request), Action(action)
        version, fields, wrong = read_input(chosen, request.data)
        key, unknown = _key_and_query(request)
        wrong |= unknown

        def act(_prepared: None) -> dict[str, object]:
            case = perform_action(
                person=person, number=number, action=chosen, version=version, fields=fields, key=None, problems=wrong
            )
            return {"state": case.state, "version": case.version, "actions": represent_actions(case, person)}

        with told_as_problems():
            # The answer itself is kept, so that a repeat gets the same also when the case has gone on meanwhile.
            answer = once(
                scope=f"user:{person.uid} api.case.{action}:{number}",
                key=key,
                fields=request.data,
                prepare=lambda: None,
                effect=act,
            )
        return Response(ActedSerializer(answer).data)


def _key_and_query(request: Request) -> tuple[str | None, dict[str, list[str]]]:
    """The idempotency key, if it is one, and what is wrong with it or with the query: told after conflicts."""
    wrong = {name: [_("Unknown parameter.")] for name in sorted(request.query_params)}
    key = request.headers.get("Idempotency-Key")
    try:
        return (check_key(key) if key is not None else None), wrong
    except InvalidKey:
        return None, wrong | malformed_key()


class CaseIdentityView(CaseView):
    """Open who wrote. The opening and its reason stand in the case's history and in the audit log."""

    permission_classes = [IsAuthenticated, MayKnowOfCase, MayOpenIdentity]

    @extend_schema(
        operation_id="case_identity",
        parameters=[NUMBER, IDEMPOTENCY_KEY],
        request=IdentityReasonSerializer,
        responses={200: IdentitySerializer, **problems(400, 401, 403, 404, 409, 415)},
    )
    @sensitive_variables()
    def post(self, request: Request, number: str) -> Response:
        refuse_unknown_query(request)
        asked = IdentityReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with told_as_problems():
            identity = open_identity(
                person=caller(request),
                number=number,
                reason=asked.validated_data["reason"],
                key=request.headers.get("Idempotency-Key"),
            )
        return Response(IdentitySerializer(identity).data)


class CaseNotesView(CaseView):
    """Write an internal note, or down what was said with the petitioner. The case stays in its version."""

    permission_classes = [IsAuthenticated, MayKnowOfCase, HasPart]

    @extend_schema(
        operation_id="case_note",
        parameters=[NUMBER, IDEMPOTENCY_KEY],
        request=NoteSerializer,
        responses={201: CaseEntrySerializer, **problems(400, 401, 403, 404, 409, 415)},
    )
    @sensitive_variables()
    def post(self, request: Request, number: str) -> Response:
        refuse_unknown_query(request)
        given = NoteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with told_as_problems():
            entry = add_note(
                person=caller(request),
                number=number,
                text=given.validated_data["text"],
                kind=EntryKind(given.validated_data["kind"]),
                key=request.headers.get("Idempotency-Key"),
            )
        return Response(CaseEntrySerializer(represent_entry(entry)).data, status=201)
