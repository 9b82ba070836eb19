"""What the pages have in common on which a reply, its publication or a correction is written and confirmed."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.casework.confirming import TEXTS, Confirmed, may_be_published
from internal_bridge.casework.enums import DraftPurpose, RedactionChoice
from internal_bridge.casework.models import Case, DraftInProgress
from internal_bridge.casework.presenters.writing import sides, span_rows
from internal_bridge.casework.services import (
    Choice,
    InvalidFields,
    StaleVersion,
    confirmed_texts,
    draft_texts,
    save_draft,
)
from internal_bridge.casework.views.forms import HiddenFields

CHOICE, WORDS = "choice-", "words-"


class WritingFields(HiddenFields):
    """And the version of the draft that the person saw; 0: nothing was saved."""

    draft_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


@dataclass
class Written:
    """A draft as a page shows it."""

    case: Case
    purpose: DraftPurpose
    person: User
    texts: dict[str, str]
    draft: DraftInProgress | None
    problem: str = ""
    status: int = 200
    errors: dict[str, list[str]] = field(default_factory=dict)
    shown: Confirmed | None = None

    @classmethod
    def of(cls, case: Case, purpose: DraftPurpose, person: User) -> "Written":
        """As it was saved last, or as one begins."""
        texts, draft = draft_texts(case, purpose)
        return cls(case, purpose, person, texts, draft)

    @property
    def confirmed(self) -> Confirmed | None:
        """What is personal in the public texts; None where nothing is published."""
        if not may_be_published(self.case):
            return None
        if self.shown is None:
            self.shown = confirmed_texts(self.case, self.purpose, self.texts, self.person)
        return self.shown

    def refuse(self, problem: str, status: int) -> "Written":
        """With what was in the way."""
        self.problem, self.status = problem, status
        return self

    def context(self) -> dict[str, Any]:
        """What the templates of all three pages need."""
        confirmed = self.confirmed
        initial = {"version": self.case.version, "draft_version": self.draft.version if self.draft else 0}
        return {
            "case": self.case,
            "hidden": WritingFields(initial=initial),
            "draft": self.draft,
            "texts": self.texts,
            "sides": sides(confirmed) if confirmed else [],
            "spans": span_rows(confirmed, self.errors) if confirmed else [],
            "open": len(confirmed.open) if confirmed else 0,
            "problem": self.problem,
            "changes": [],
            "errors": self.errors,
        }


def typed_texts(request: HttpRequest, purpose: DraftPurpose) -> dict[str, str]:
    """The texts as a form sent them, with one kind of line ends."""
    return {name: request.POST.get(name, "").replace("\r\n", "\n").replace("\r", "\n") for name in TEXTS[purpose]}


def chosen(request: HttpRequest) -> list[Choice]:
    """What was decided about places."""
    found = []
    for name, value in request.POST.items():
        if name.startswith(CHOICE) and isinstance(value, str) and value:
            key = name.removeprefix(CHOICE)
            found.append(Choice(key, value, request.POST.get(WORDS + key, "")))
    return found


def save_posted(request: HttpRequest, case: Case, purpose: DraftPurpose, person: User, hidden: WritingFields) -> Written:
    """Save what was sent; the draft as it is then, or what was typed with what was in the way.

    Raises ``PermissionDenied``, ``WrongState`` and ``Http404``.
    """
    typed = typed_texts(request, purpose)
    written = Written.of(case, purpose, person)
    if not hidden.is_valid():
        written.texts = typed
        return written.refuse(_("Not saved: the form was incomplete. Your text is kept; send it again."), 400)
    choices = chosen(request)
    if request.POST.get("do") == "accept_all" and written.confirmed is not None:
        choices += [Choice(found.key, RedactionChoice.ACCEPT) for found in written.confirmed.open]
    version = hidden.cleaned_data["draft_version"]
    try:
        save_draft(person=person, number=case.number, purpose=purpose, version=version, texts=typed, choices=choices)
    except Case.DoesNotExist as error:
        raise Http404 from error
    except StaleVersion:
        fresh = Written.of(case, purpose, person)
        who = fresh.draft.author.get_full_name() if fresh.draft else ""
        fresh.texts = typed
        words = _(
            "Not saved: %(who)s has saved this draft meanwhile. Your text stands below; save it again to put it in place."
        )
        return fresh.refuse(words % {"who": who}, 409)
    except InvalidFields as invalid:
        written.texts, written.errors = typed, invalid.errors
        return written.refuse(_("Not saved: say for each place what stands there instead, or why it may stay."), 400)
    return Written.of(case, purpose, person)
