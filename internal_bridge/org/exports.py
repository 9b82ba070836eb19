"""Units, posts and people as CSV, in the columns that an import takes; each export is recorded."""

from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.models import QuerySet

from core.audit import record_audit
from core.models import User
from core.sheets import BYTE_ORDER_MARK, sheet_line
from internal_bridge.org.enums import ImportKind
from internal_bridge.org.importing import people, posts, units
from internal_bridge.org.models import Person, Post, Unit
from internal_bridge.org.services.changes import require_administrator

__all__ = ["export_directory"]

CHUNK = 500
Row = list[str]


def export_directory(*, by: User, kind: str) -> Iterator[bytes]:
    """The open units, posts or people, line by line, in UTF-8 with a byte order mark, for spreadsheet programs.

    The export is recorded before the first byte. Raises ``PermissionDenied``, ``KeyError`` for an unknown kind.
    """
    require_administrator(by)
    columns, rows = EXPORTS[kind]
    with transaction.atomic():
        record_audit(action="directory.exported", subject="", actor=by, params={"kind": str(kind)})
    return _encoded(columns, rows)


def _encoded(columns: list[str], rows: Callable[[], Iterator[Row]]) -> Iterator[bytes]:
    yield (BYTE_ORDER_MARK + sheet_line(columns)).encode()
    batch: list[str] = []
    for row in rows():
        batch.append(sheet_line(row))
        if len(batch) == CHUNK:
            yield "".join(batch).encode()
            batch.clear()
    if batch:
        yield "".join(batch).encode()


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _units() -> Iterator[Row]:
    rows: QuerySet[Unit] = Unit.objects.open().select_related("parent").order_by("position", "code")
    for unit in rows.iterator(CHUNK):
        yield [
            *(unit.code, unit.name, unit.short_name, unit.parent.code if unit.parent else "", unit.kind, unit.duties),
            _boolean(unit.accepts_petitions),
        ]


def _posts() -> Iterator[Row]:
    rows = Post.objects.filter(valid_to=None, department__valid_to=None, department__unit__valid_to=None)
    order = ("department__unit__position", "department__unit__code", "department__position", "department_id", "position", "id")
    for post in rows.select_related("department__unit").order_by(*order).iterator(CHUNK):
        yield [post.department.unit.code, post.department.name, post.name, post.rank, str(post.headcount)]


def _people() -> Iterator[Row]:
    rows = Person.objects.in_office().select_related("user").with_appointments().order_by("staff_number")
    for person in rows.iterator(CHUNK):
        own = [person.office_phone, person.mobile, person.email, person.place, person.user.username if person.user else ""]
        held = person.present  # type: ignore[attr-defined]  # with_appointments
        for appointment in held:
            department = appointment.post.department
            place = [department.unit.code, department.name, appointment.post.name]
            yield [person.staff_number, person.name, *place, _boolean(appointment.main), appointment.duties, *own]
        if not held:
            yield [person.staff_number, person.name, "", "", "", "", "", *own]


EXPORTS: dict[str, tuple[list[str], Callable[[], Iterator[Row]]]] = {
    ImportKind.UNITS: (units.COLUMNS, _units),
    ImportKind.POSTS: (posts.COLUMNS, _posts),
    ImportKind.PEOPLE: (people.COLUMNS, _people),
}
