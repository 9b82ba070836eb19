"""The privacy notice in its versions. Each submission says which one its writer had before them, so none is ever changed."""

import dataclasses
import datetime

from petitions.rules import PRIVACY_VERSION


@dataclasses.dataclass(frozen=True)
class Notice:
    """A version of the notice; its words stand in the template of that name."""

    version: str
    since: datetime.date

    @property
    def template(self) -> str:
        return f"petitions/privacy/{self.version}.html"


# The newest first.
NOTICES = (Notice("2026-11", datetime.date(2026, 11, 1)),)
CURRENT = next(notice for notice in NOTICES if notice.version == PRIVACY_VERSION)


def notice(version: str) -> Notice | None:
    """The notice of that version; the one in force for an empty version."""
    return next((one for one in NOTICES if one.version == (version or PRIVACY_VERSION)), None)
