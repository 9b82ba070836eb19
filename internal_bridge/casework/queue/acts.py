"""What a bulk run does with one case, by the same services as a single one; and why not, in words."""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from core.idempotency import InvalidKey, KeyReused
from core.models import User
from internal_bridge.casework.enums import Action, BulkAction
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.life.waiting import source_of
from internal_bridge.casework.models import BulkOutcome, Case
from internal_bridge.casework.permissions import can_see_cases, can_urge_cases
from internal_bridge.casework.services import InvalidFields, Refused, StaleVersion, WrongState, perform_action, urge_case
from internal_bridge.org.permissions import is_dispatcher, is_handler, is_head
from internal_bridge.workflow import services as work


class NotDone(Exception):
    """Why a case was left out, in words."""


Done = uuid.UUID | None
Act = Callable[[User, BulkOutcome, dict[str, Any]], Done]


def may_act(person: User, action: BulkAction) -> bool:
    """Whether ``person`` may do this with any case at all; which ones, each case is asked itself."""
    wanted = {BulkAction.DISPATCH: is_dispatcher, BulkAction.URGE: can_urge_cases, BulkAction.CLAIM: can_claim}
    rule = wanted.get(action)
    return rule is not None and bool(rule(person))


can_claim = can_see_cases & (is_dispatcher | is_handler | is_head)


def _dispatch(person: User, outcome: BulkOutcome, fields: dict[str, Any]) -> Done:
    try:
        perform_action(
            person=person,
            number=outcome.case.number,
            action=Action.DISPATCH,
            version=outcome.version,
            fields=fields,
            key=outcome.item_key(),
        )
    except Case.DoesNotExist as error:
        raise NotDone(_("This case is not open to you any more.")) from error
    except PermissionDenied as error:
        raise NotDone(_("You may not dispatch this case.")) from error
    except WrongState as error:
        raise NotDone(_("Only a case that has been accepted can be dispatched.")) from error
    except StaleVersion as error:
        raise NotDone(_("Somebody has changed the case since you chose it.")) from error
    except Refused as refused:
        raise NotDone(str(WORDS[refused.code]) % refused.params) from refused
    except InvalidFields as invalid:
        raise NotDone(" ".join(error for errors in invalid.errors.values() for error in errors)) from invalid
    except (InvalidKey, KeyReused) as error:
        raise NotDone(_("This was asked for twice, with different content.")) from error
    return None


def _urge(person: User, outcome: BulkOutcome, fields: dict[str, Any]) -> Done:
    case = _fresh(person, outcome, same_version=False)
    try:
        urge_case(person=person, number=case.number, text=str(fields.get("text", "")), key=outcome.item_key())
    except PermissionDenied as error:
        raise NotDone(_("You may not urge this case.")) from error
    except work.TooSoon as error:
        until = timezone.localtime(error.until).strftime("%m-%d %H:%M")
        raise NotDone(_("Urged lately; again from %(until)s on.") % {"until": until}) from error
    except work.Conflict as error:
        raise NotDone(_("No unit has anything to do with it now.")) from error
    except work.WorkItem.DoesNotExist as error:
        raise NotDone(_("This case is not open to you any more.")) from error
    return None


def _claim(person: User, outcome: BulkOutcome, fields: dict[str, Any]) -> Done:
    case = _fresh(person, outcome)
    items = work.WorkItem.objects.open().visible_to(person).of_source(*source_key(case))
    found = next((item for item in items.select_related("claimed_by") if item.kind == "do" and item.person_id is None), None)
    if found is None:
        raise NotDone(_("Nothing about this case waits for you."))
    own = found.claimed_by is not None and found.claimed_by.user_id == person.pk
    if own and found.claimed_at is not None and found.claimed_at < outcome.run.created_at:
        raise NotDone(_("You have taken it already."))
    try:
        work.claim_item(by=person, uid=found.uid, version=found.version, key=outcome.item_key())
    except KeyReused:
        # A worker that ended had claimed it, and the item has another version since.
        return found.uid
    except work.AlreadyClaimed as error:
        raise NotDone(str(error)) from error
    except (work.StaleVersion, work.Conflict, PermissionDenied, work.WorkItem.DoesNotExist) as error:
        raise NotDone(_("Somebody has changed the case since you chose it.")) from error
    return found.uid


def _release(person: User, outcome: BulkOutcome, fields: dict[str, Any]) -> Done:
    item = work.WorkItem.objects.filter(uid=outcome.item).first() if outcome.item else None
    if item is None:
        raise NotDone(_("Nothing about this case waits for you."))
    try:
        work.release_item(by=person, uid=item.uid, version=item.version, key=outcome.item_key())
    except KeyReused:
        return item.uid
    except (work.StaleVersion, work.Conflict, PermissionDenied, work.WorkItem.DoesNotExist) as error:
        raise NotDone(_("It has gone on meanwhile.")) from error
    return item.uid


def source_key(case: Case) -> tuple[str, uuid.UUID]:
    """A case as work items name it."""
    source = source_of(case)
    return source.app, source.uid


def _fresh(person: User, outcome: BulkOutcome, *, same_version: bool = True) -> Case:
    case = Case.objects.visible_to(person).filter(pk=outcome.case_id).first()
    if case is None:
        raise NotDone(_("This case is not open to you any more."))
    if same_version and case.version != outcome.version:
        raise NotDone(_("Somebody has changed the case since you chose it."))
    return case


ACTS: dict[BulkAction, Act] = {
    BulkAction.DISPATCH: _dispatch,
    BulkAction.URGE: _urge,
    BulkAction.CLAIM: _claim,
    BulkAction.RELEASE: _release,
}
