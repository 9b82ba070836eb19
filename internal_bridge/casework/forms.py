"""Forms of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import IdempotencyField, LetterField
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import REPLY_LENGTH


class AnswerForm(forms.Form):
    """The answer to a petitioner. ``version`` says which state of the case its writer had read."""

    use_required_attribute = False

    text = LetterField(
        label=_("Your answer"),
        min_length=REPLY_LENGTH[0],
        max_length=REPLY_LENGTH[1],
        error_messages={
            "required": _("Write the answer."),
            "min_length": _("The answer needs at least 5 characters."),
            "max_length": _("The answer is longer than 5,000 characters. Shorten it."),
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    idempotency_key = IdempotencyField()

    @classmethod
    def blank(cls, case: Case, *, text: str = "") -> "AnswerForm":
        """A form not yet sent, for the case as it is now; with ``text`` when somebody has to send it a second time."""
        return cls(initial={"text": text, "version": case.version})

    @property
    def typed(self) -> str:
        """What was written, valid or not."""
        return self.data.get("text", "")

    @property
    def is_damaged(self) -> bool:
        """Whether its hidden fields are missing or malformed: nobody can mend that but a fresh form."""
        return "version" in self.errors or "idempotency_key" in self.errors
