"""Why a line cannot be imported, in the reader's words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

__all__ = ["error_text"]

WORDS = {
    "encoding": gettext_lazy("The file is neither UTF-8 nor GB 18030 text."),
    "not_csv": gettext_lazy("The file is no CSV."),
    "empty": gettext_lazy("The file is empty."),
    "cells": gettext_lazy("The line has %(found)s cells, the heading %(wanted)s."),
    "required": gettext_lazy("This must be filled in."),
    "too_long": gettext_lazy("At most %(longest)s characters."),
    "not_printable": gettext_lazy("This has line breaks or characters that cannot be printed."),
    "not_boolean": gettext_lazy("Say true or false."),
    "not_number": gettext_lazy("A whole number from 0 to %(highest)s."),
    "not_email": gettext_lazy("This is no e-mail address."),
    "not_code": gettext_lazy("A code has 2 to 32 of the characters a–z, 0–9 and the hyphen."),
    "not_username": gettext_lazy("A user name has letters, digits and @ . + - _ only."),
    "unknown_kind": gettext_lazy("There is no such kind of unit."),
    "unknown_unit": gettext_lazy("There is no open unit with this code."),
    "unknown_post": gettext_lazy("This unit has no such department with such a post."),
    "circle": gettext_lazy("The superior units lead in a circle."),
    "closed": gettext_lazy("This unit has been closed. Codes are never given again."),
    "twice": gettext_lazy("This is in line %(line)s already."),
    "twice_held": gettext_lazy("An earlier line gives this person the same post."),
    "two_main": gettext_lazy("An earlier line gives this person another main post."),
    "differs": gettext_lazy("An earlier line says otherwise of the same person."),
    "left": gettext_lazy("This person has left."),
    "has_login": gettext_lazy("This person has a login of another name."),
    "taken": gettext_lazy("This user name is taken."),
    "changed_meanwhile": gettext_lazy("The directory has changed meanwhile. Nothing was written: check the file again."),
    "no_right": gettext_lazy("Whoever started this import is no longer system administrator. Nothing was written."),
}


def error_text(error: dict[str, Any]) -> str:
    """The sentence for one of ``ImportRun.errors``: ``{line, column, reason, params}``."""
    params = error["params"]
    if error["reason"] == "columns":
        missing, unknown = ", ".join(params["missing"]), ", ".join(params["unknown"])
        if missing:
            return _("Columns are missing: %(names)s.") % {"names": missing}
        if unknown:
            return _("Unknown columns: %(names)s.") % {"names": unknown}
        return _("A column is there twice.")
    return str(WORDS[error["reason"]]) % params
