"""What pages show of an import."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internal_bridge.org.enums import ImportKind, ImportMode, ImportState
from internal_bridge.org.importing.wording import error_text
from internal_bridge.org.models import ImportRun
from internal_bridge.org.presenters.tree import number

ERRORS_SHOWN = 200
LOOKS = {ImportState.DONE: "done", ImportState.FAILED: "over", ImportState.CHECKED: "soon"}


@dataclass(frozen=True)
class RunView:
    """An import in words."""

    run: ImportRun

    @property
    def url(self) -> str:
        return reverse("org:import", args=[self.run.uid])

    @property
    def title(self) -> str:
        kind = str(ImportKind(self.run.kind).label)
        return f"{kind} · {self.run.file_name}" if self.run.file_name else kind

    @property
    def state(self) -> str:
        return str(ImportState(self.run.state).label)

    @property
    def mode(self) -> str:
        return str(ImportMode(self.run.mode).label)

    @property
    def look(self) -> str:
        return LOOKS.get(ImportState(self.run.state), "plan")

    @property
    def by(self) -> str:
        return self.run.started_by.get_full_name()

    @property
    def of(self) -> int:
        """The whole of the progress; before the lines are counted it is just begun."""
        return self.run.total or 1

    @property
    def running(self) -> bool:
        return self.run.state in (ImportState.CHECKING, ImportState.APPLYING)

    @property
    def checked(self) -> bool:
        return self.run.state == ImportState.CHECKED

    @property
    def done(self) -> bool:
        return self.run.state == ImportState.DONE

    @property
    def bad(self) -> str:
        """How many lines cannot be imported; several errors may stand in one."""
        return number(len({error["line"] for error in self.run.errors}))

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [
            {"line": error["line"], "column": error["column"], "text": error_text(error)}
            for error in self.run.errors[:ERRORS_SHOWN]
        ]

    @property
    def more_errors(self) -> bool:
        return len(self.run.errors) > ERRORS_SHOWN

    @property
    def appliable(self) -> bool:
        """Whether applying would write anything, by the mode that was chosen."""
        wanted = self.run.created + self.run.changed
        return bool(wanted) and (not self.run.errors or self.run.mode == ImportMode.VALID_LINES)

    @property
    def advice(self) -> str:
        if self.run.errors and self.run.mode == ImportMode.ALL_OR_NOTHING:
            return _("All lines or none was chosen, and some are bad: nothing can be applied.")
        if not self.appliable:
            return _("Nothing in the file differs from the directory.")
        wanted = self.run.created + self.run.changed
        words = ngettext("%(n)s line is going to be written.", "%(n)s lines are going to be written.", wanted)
        return words % {"n": number(wanted)}

    @property
    def figures(self) -> str:
        run = self.run
        words = {"total": run.total, "new": run.created, "changed": run.changed, "bad": self.bad}
        return _("%(total)s lines: %(new)s new, %(changed)s changed, %(bad)s bad") % words
