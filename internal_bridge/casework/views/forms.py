"""What every form about a case carries beside its own fields."""

from django import forms

from core.forms import IdempotencyField
from internal_bridge.casework.models import Case
from internal_bridge.casework.presenters.changes import last_seen


class HiddenFields(forms.Form):
    """The version that the person saw, the last event that was there then, and the nonce of the form."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    idempotency_key = IdempotencyField()

    @classmethod
    def of(cls, case: Case) -> "HiddenFields":
        """For the case as it is now."""
        return cls(initial={"version": case.version, "seen": last_seen(case)})
