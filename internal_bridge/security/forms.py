"""Why something is ended."""

from django import forms
from django.utils.translation import gettext_lazy as _

from internal_bridge.security.services import REASON_LENGTH


class ReasonForm(forms.Form):
    """What is done twice is done once: no idempotency key is needed to end what has ended."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        min_length=REASON_LENGTH[0],
        max_length=REASON_LENGTH[1],
        error_messages={
            "required": _("Write the reason."),
            "min_length": _("The reason needs at least 2 characters."),
            "max_length": _("The reason is longer than 200 characters. Shorten it."),
        },
    )


class SearchForm(forms.Form):
    """Whose; nothing that is typed there is an error."""

    q = forms.CharField(label=_("Name or account"), required=False, max_length=60)
