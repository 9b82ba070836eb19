"""Forms of one's own account, on both sites."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class OwnPasswordForm(ChangePasswordForm):
    """The old password counts as one that is tried at the login: whoever finds an open desk cannot try them all."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = {"oldpassword": _("Current password"), "password1": _("New password"), "password2": _("New password, again")}
        missing = {
            "oldpassword": _("Enter your current password."),
            "password1": _("Enter a new password."),
            "password2": _("Enter the new password again."),
        }
        for name, label in labels.items():
            field: forms.Field = self.fields[name]
            field.label, field.help_text = label, ""
            field.error_messages["required"] = missing[name]
            field.widget.attrs.pop("placeholder", None)

    @property
    def rules(self) -> list[str]:
        """What a password must be like, a sentence each."""
        return [
            gettext("At least %(n)d characters") % {"n": settings.PASSWORD_MIN_LENGTH},
            gettext("Nothing that resembles your name or account"),
            gettext("None of the passwords that many people use"),
        ]

    def clean_oldpassword(self) -> str:
        typed: str = self.cleaned_data["oldpassword"]
        adapter = get_adapter()
        if adapter.authenticate(context.request, username=self.user.get_username(), password=typed) is None:
            raise adapter.validation_error("enter_current_password")
        return typed

    def clean_password1(self) -> str:
        typed: str = self.cleaned_data["password1"]
        if typed == self.data.get("oldpassword"):
            raise ValidationError(gettext("The new password has to be another one."), code="same")
        return typed
