"""The citizen's pages up to the receipt: the five kinds, the receipt, and what was written, in the reader's words."""

import dataclasses
import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import PetitionKind
from core.receipts import draw_receipt
from petitions.models import Unit
from petitions.promises import answer_promise

KIND_HINTS = {
    PetitionKind.CONSULTATION: gettext_lazy("Ask about a policy, a procedure or a document."),
    PetitionKind.COMPLAINT: gettext_lazy("Something is not done, or not done well."),
    PetitionKind.REPORT: gettext_lazy("Misconduct of an official or a unit. Your name may be left out."),
    PetitionKind.SUGGESTION: gettext_lazy("An idea for the city. Your name may be left out."),
    PetitionKind.HELP: gettext_lazy("You are in difficulty and need support."),
}


def kinds() -> list[dict[str, Any]]:
    """The five kinds in their order, each with its way into the form."""
    new = reverse("petitions:new")
    return [
        {
            "value": kind.value,
            "label": kind.label,
            "hint": KIND_HINTS[kind],
            "promise": answer_promise(kind),
            "url": f"{new}?kind={kind.value}",
        }
        for kind in PetitionKind
    ]


@dataclasses.dataclass(frozen=True)
class ReceiptPresenter:
    """What the citizen must keep: shown once, in the answer to the submission."""

    number: str
    code: str
    kind_label: str
    received_at: datetime.datetime | None
    answered: str
    follow_url: str
    qr_svg: SafeString


def present_receipt(receipt: dict[str, str], *, kind: str, follow_address: str) -> ReceiptPresenter:
    """``follow_address`` is the follow page's absolute URL; the QR code adds number and code as a fragment, never sent."""
    drawing = draw_receipt(follow_address, number=receipt["number"], code=receipt["receipt_code"])
    return ReceiptPresenter(
        number=receipt["number"],
        code=receipt["receipt_code"],
        kind_label=str(PetitionKind(kind).label),
        received_at=parse_datetime(receipt["received_at"]),
        answered=answer_promise(kind),
        follow_url=reverse("petitions:follow"),
        qr_svg=drawing,
    )


def present_written(data: dict[str, Any]) -> list[dict[str, Any]]:
    """A checked form as a list to read over: ``{label, value, brief}``. What was left empty is left out. One query.

    ``brief`` are those for a receipt: one line each, and nobody's name or number, for it is printed and shown at counters.
    """
    named = [code for code in (data.get("unit_code"), data.get("about_unit_code")) if code]
    names = dict(Unit.objects.filter(code__in=named).values_list("code", "name"))
    about = " ".join(part for part in (names.get(data.get("about_unit_code") or ""), data.get("about_person")) if part)
    behalf = data.get("on_behalf_of") or {}
    unit = names.get(data.get("unit_code") or "", _("Not sure: the petition office decides"))
    brief = [
        (_("Kind"), str(PetitionKind(data["kind"]).label)),
        (_("Title"), data["title"]),
        (_("Place"), data.get("place")),
        (_("Unit that should handle it"), unit),
        (_("Files"), _(", ").join(one.name for one in data.get("attachments") or [])),
        (_("Urgent"), _("Yes") if data.get("urgent") else ""),
        (_("Your identity"), _withheld(data)),
        (_("Publication"), _published(data)),
    ]
    more = [
        (_("Text"), data["body"]),
        (_("Complaint about"), about),
        (_("Your name"), data.get("name")),
        (_("Your phone number"), data.get("phone")),
        (_("Your e-mail address"), data.get("email")),
        (_("Writing together with you"), _(", ").join(one["name"] for one in data.get("representatives") or [])),
        (_("You write for"), f"{behalf['name']} ({behalf['relation']})" if behalf else ""),
    ]
    shown = [(row, True) for row in brief] + [(row, False) for row in more]
    return [{"label": label, "value": value, "brief": is_brief} for (label, value), is_brief in shown if value]


def _withheld(data: dict[str, Any]) -> str:
    hidden = data.get("withhold_identity") or data["kind"] == PetitionKind.REPORT
    return _("The handling unit does not see it") if hidden else _("The handling unit can see it")


def _published(data: dict[str, Any]) -> str:
    if data["kind"] == PetitionKind.REPORT:
        return _("A report is never published")
    return _("The reply may be published") if data.get("allow_publication") else _("Nothing is published")
