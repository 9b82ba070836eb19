"""An undefined variable in a template of ours fails the test; Wagtail's and allauth's own templates stay as they are."""

import sys
from pathlib import Path

OURS = Path(__file__).resolve().parents[1]
NOT_OURS = ("site-packages", "node_modules")


class UndefinedVariable(Exception):
    """A template of ours shows a variable that its view does not supply."""


def current_template() -> str:
    """The file of the template that is being rendered, found on the stack."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "render_annotated":
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            return str(getattr(origin, "name", ""))
        frame = frame.f_back  # type: ignore[assignment]
    return ""


class Undefined(str):
    """Django asks ``string_if_invalid`` whether it is true, then whether it holds ``%s``, then formats the variable's name."""

    def __bool__(self) -> bool:
        path = Path(current_template())
        return path.is_absolute() and path.is_relative_to(OURS) and not set(NOT_OURS) & set(path.parts)

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariable(f"{variable} in {current_template()}")
