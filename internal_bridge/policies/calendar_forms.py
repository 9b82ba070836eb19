"""Forms about the work calendar."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.workdays import YearNotice
from internal_bridge.org.forms.fields import DayField, VersionedForm
from internal_bridge.policies.announcements import LONGEST_TEXT, read_notice
from internal_bridge.policies.models import LONGEST_REASON
from internal_bridge.policies.services.calendar import check_year


class ReasonForm(VersionedForm):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class SetDayForm(VersionedForm):
    """A day, what it is to be, and why."""

    day = DayField(label=_("Day"))
    works = forms.TypedChoiceField(
        label=_("What it is to be"),
        choices=[("", "—"), ("off", _("A day off")), ("working", _("A working day"))],
        coerce=lambda chosen: chosen == "working",
        empty_value=None,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, help_text=_("Everybody who works here can read it beside the day.")
    )


class EnterYearForm(VersionedForm):
    """A year's notice, pasted."""

    year = forms.IntegerField(label=_("Year"), min_value=1, max_value=9999)
    notice = forms.CharField(label=_("Number of the notice"), max_length=60, help_text=_("For example 国办发明电〔2025〕7号."))
    text = forms.CharField(
        label=_("Holidays and make-up days"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text=_("Paste the notice's list as it stands, a holiday a line: 元旦：1月1日至3日放假，共3天。1月9日上班。"),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["text"].widget.attrs["rows"] = 9

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "year" in cleaned and "text" in cleaned:
            try:
                check_year(self.said(cleaned))
            except ValidationError as error:
                if not hasattr(error, "error_dict"):
                    error = ValidationError({"text": error.messages})
                self.add_error(None, error)
        return cleaned

    @staticmethod
    def said(data: dict[str, Any]) -> YearNotice:
        """What the text says of the year. Raises ``ValidationError``."""
        return read_notice(data["text"], data["year"])
