"""Forms for what a citizen asks of the office once there is an answer."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext_lazy as _

from core.forms import IdempotencyField, LetterField
from petitions import rules
from petitions.enums import Score


class RatingForm(forms.Form):
    """How satisfied somebody is with an answer. Who is not is asked once more why, and may leave it open."""

    score = forms.TypedChoiceField(
        label=_("How satisfied are you with the answer?"),
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how satisfied you are."), "invalid_choice": _("Choose one of the five.")},
    )
    comment = LetterField(
        label=_("What would you like to say about it?"),
        required=False,
        help_text=_("Up to 500 characters. The handling unit reads it and is not told who wrote it; do not name yourself."),
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxLengthValidator(rules.COMMENT_LENGTH)],
    )
    # Whether it has been asked why.
    why_asked = forms.BooleanField(required=False, widget=forms.HiddenInput)
    idempotency_key = IdempotencyField()

    def __init__(self, *args: Any, asks_why: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_why = asks_why
        if asks_why:
            self.fields["comment"].label = _("What was not good?")

    @property
    def wants_why(self) -> bool:
        """Whether a valid form is dissatisfied, says nothing, and has not been asked."""
        given = self.cleaned_data
        return given["score"] <= rules.LOW_SCORE and not given["comment"] and not given["why_asked"]

    def asking_why(self) -> "RatingForm":
        """The same once more, asking what was not good."""
        return RatingForm(initial={"score": self.cleaned_data["score"], "why_asked": True}, asks_why=True)


class ReviewForm(forms.Form):
    """Ask for a review of an answer."""

    reason = LetterField(
        label=_("Why do you not accept the answer?"),
        help_text=_("5 to 2,000 characters. Do not enter ID or bank card numbers."),
        widget=forms.Textarea(attrs={"rows": 7}),
        validators=[MinLengthValidator(rules.REVIEW_LENGTH[0]), MaxLengthValidator(rules.REVIEW_LENGTH[1])],
        error_messages={"required": _("Say why you do not accept the answer.")},
    )
    idempotency_key = IdempotencyField()


class ConsentForm(forms.Form):
    """Take the consent to publication back: nothing to fill in."""

    idempotency_key = IdempotencyField()
