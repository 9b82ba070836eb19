"""Rules of passwords whose words are ours: Django's own are left in English on a Chinese page, or name a column."""

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext as _


class MinimumLengthValidator(rules.MinimumLengthValidator):
    """Django's, whose words its Chinese catalogue no longer knows since 5.2."""

    def get_error_message(self) -> str:
        return _("The new password needs at least %(n)d characters.") % {"n": self.min_length}


class UserAttributeSimilarityValidator(rules.UserAttributeSimilarityValidator):
    """Django's, in the words of the rule above the form."""

    def get_error_message(self) -> str:
        return _("The new password resembles your name or account.")
