"""Who calls about a case, and how a refusal is told: 404, 403, 409 and 400, in this order (11)."""

import contextlib
from collections.abc import Iterator
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from core.authentication import LoginAuthentication, TokenAuthentication
from core.models import User
from core.problems import Conflict
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.models import Case, CaseAttachment
from internal_bridge.casework.permissions import actors_of, can_open_identity
from internal_bridge.casework.services import InvalidFields, Refused, StaleVersion, WrongState

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", location=OpenApiParameter.HEADER, description="22–128 characters of [A-Za-z0-9_-]"
)
NUMBER = OpenApiParameter("number", location=OpenApiParameter.PATH, description="the number that the petitioner has as well")


# More digits than that are no row's.
LONGEST_ID = 18


class MayKnowOfCase(BasePermission):
    """Asked first, and a refusal is 404: whoever may not know of a case does not learn that it is there."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        found = Case.objects.visible_to(caller(request)).filter(number=view.kwargs["number"]).first()
        if found is None:
            raise exceptions.NotFound
        cast(CaseView, view).case = found
        return True


class MayKnowOfFile(BasePermission):
    """A file of another case is not there, as little as one that nobody has sent."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        given = view.kwargs["attachment_id"]
        is_id = given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID
        if not is_id or not cast(CaseView, view).case.attachments.filter(pk=int(given)).exists():
            raise exceptions.NotFound
        return True


class HasPart(BasePermission):
    """Dispatchers of the case, handlers and heads of the units that have it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(actors_of(caller(request), cast(CaseView, view).case))


class MayOpenIdentity(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return can_open_identity(caller(request), cast(CaseView, view).case)


@method_decorator([login_not_required, never_cache], name="dispatch")
class OfficeView(APIView):
    """For whoever has a token or is logged in; the answer stays in no cache."""

    authentication_classes = [TokenAuthentication, LoginAuthentication]
    permission_classes: list[type[BasePermission]] = [IsAuthenticated]


class CaseView(OfficeView):
    """About one case, which is looked for before the method and the body are."""

    permission_classes = [IsAuthenticated, MayKnowOfCase]
    case: Case


def caller(request: Request) -> User:
    """Who calls; ``IsAuthenticated`` lets nobody else come here."""
    return cast(User, request.user)


@contextlib.contextmanager
def told_as_problems() -> Iterator[None]:
    """Turn what the services raise into the problems of 11; ``InvalidKey`` and ``KeyReused`` become theirs by themselves."""
    try:
        yield
    except (Case.DoesNotExist, CaseAttachment.DoesNotExist) as error:
        raise exceptions.NotFound from error
    except WrongState as error:
        raise Conflict(_("The case is not in a state in which this can be done.")) from error
    except StaleVersion as error:
        raise Conflict(_("The case has changed since you read it. Read it again.")) from error
    except Refused as error:
        raise Conflict(str(WORDS[error.code]) % error.params) from error
    except InvalidFields as error:
        raise exceptions.ValidationError(_by_field(error.errors)) from error


def _by_field(errors: dict[str, list[str]]) -> dict[str, Any]:
    """Django's name for what belongs to no field is its own."""
    return {"non_field_errors" if name == "__all__" else name: found for name, found in errors.items()}
