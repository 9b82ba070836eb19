"""Imports of units, posts and people: a file is kept, checked in the background, shown, and then applied or left."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.models import User
from internal_bridge.org.enums import ImportKind, ImportMode, ImportState
from internal_bridge.org.errors import Conflict
from internal_bridge.org.importing.lines import Judgement, Line, LineError, Progress, UnreadableFile, decode, read_lines
from internal_bridge.org.importing.people import PeopleImport
from internal_bridge.org.importing.posts import PostImport
from internal_bridge.org.importing.units import UnitImport
from internal_bridge.org.models import ImportRun
from internal_bridge.org.permissions import can_administer_directory
from internal_bridge.org.services.changes import refuse, require_administrator
from internal_bridge.org.tasks import apply_import_run, check_import_run

__all__ = ["COLUMNS", "LARGEST_FILE", "apply_import", "check_import", "confirm_import", "resume_imports", "start_import"]

IMPORTERS: dict[str, type[UnitImport] | type[PostImport] | type[PeopleImport]] = {
    ImportKind.UNITS: UnitImport,
    ImportKind.POSTS: PostImport,
    ImportKind.PEOPLE: PeopleImport,
}
COLUMNS = {kind: importer.columns for kind, importer in IMPORTERS.items()}
LARGEST_FILE = 10 * 1024 * 1024
# What is kept of a file that is wrong throughout.
MOST_ERRORS = 1_000
# A run that has said nothing for so long was left behind by a worker that ended.
FORGOTTEN = datetime.timedelta(minutes=5)


def start_import(*, by: User, kind: str, mode: str, content: bytes, file_name: str = "") -> ImportRun:
    """Keep a file and have it checked in the background. Nothing of the directory changes before ``confirm_import``.

    Raises ``PermissionDenied``; ``ValidationError`` of the field ``file`` for what is too large or is no text.
    """
    require_administrator(by)
    if len(content) > LARGEST_FILE:
        raise refuse("file", "too_large", _("The file is larger than 10 MB."))
    try:
        text = decode(content)
    except UnreadableFile as error:
        raise refuse("file", error.code, _("The file is neither UTF-8 nor GB 18030 text.")) from error
    with transaction.atomic():
        run = ImportRun(kind=kind, mode=mode, content=text, started_by=by, file_name=file_name[-200:])
        _check_choice(run)
        run.save(force_insert=True)
        transaction.on_commit(lambda: check_import_run.delay(run.pk), robust=True)
    return run


def _check_choice(run: ImportRun) -> None:
    if run.kind not in ImportKind.values or run.mode not in ImportMode.values:
        raise ValidationError({"kind": _("There is no such import.")})


def check_import(run: ImportRun) -> ImportRun:
    """Judge the lines of a run that is being checked, with progress; a run in another state stays as it is."""
    if run.state != ImportState.CHECKING:
        return run
    try:
        lines, broken = _lines(run)
    except UnreadableFile as error:
        errors = [LineError(1, "", error.code, error.params)]
        return _finish(run, ImportState.FAILED, Judgement(errors=errors))
    run.total = len(lines) + len(broken)
    _write(run, total=run.total, done=0)
    judgement = IMPORTERS[run.kind](lines, by=run.started_by).judge(_progress(run))
    judgement.errors = sorted(broken + judgement.errors, key=lambda error: error.line)
    return _finish(run, ImportState.CHECKED, judgement)


def confirm_import(*, by: User, run: ImportRun, mode: str | None = None) -> ImportRun:
    """Have a checked run applied in the background, as ``mode`` says, by default as it was started.

    Raises ``PermissionDenied``; ``Conflict`` when it is not checked or was applied already, and for all or nothing when lines
    are bad.
    """
    require_administrator(by)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state != ImportState.CHECKED:
            raise Conflict("not_checked")
        run.mode = mode or run.mode
        _check_choice(run)
        if run.errors and run.mode == ImportMode.ALL_OR_NOTHING:
            raise Conflict("invalid_lines")
        run.state, run.done = ImportState.APPLYING, 0
        run.save(update_fields=["mode", "state", "done"])
        transaction.on_commit(lambda: apply_import_run.delay(run.pk), robust=True)
    return run


def apply_import(run: ImportRun) -> ImportRun:
    """Write what the lines of a confirmed run want, in one transaction; a run in another state stays as it is.

    The lines are judged again, for the directory may have changed. All or nothing writes nothing when one line is bad; the
    other mode leaves bad lines out. Progress is told before the transaction, which would hide it. Whoever started the import
    must still be system administrator.
    """
    if run.state != ImportState.APPLYING:
        return run
    lines, broken = _lines(run)
    IMPORTERS[run.kind](lines, by=run.started_by).judge(_progress(run, share=0.5))
    try:
        with transaction.atomic():
            return _apply(run, lines, broken)
    except (IntegrityError, PermissionDenied) as error:
        reason = "no_right" if isinstance(error, PermissionDenied) else "changed_meanwhile"
        return _finish(run, ImportState.FAILED, Judgement(errors=[LineError(1, "", reason)]))


def _apply(run: ImportRun, lines: list[Line], broken: list[LineError]) -> ImportRun:
    # One import at a time: both would make the same people. And a repeated task finds the state changed.
    rows = {row.pk: row for row in _applying().select_for_update().select_related(None)}
    if run.pk not in rows:
        run.refresh_from_db()
        return run
    if not can_administer_directory(run.started_by):
        raise PermissionDenied
    importer = IMPORTERS[run.kind](lines, by=run.started_by)
    judgement = importer.judge()
    judgement.errors = sorted(broken + judgement.errors, key=lambda error: error.line)
    if judgement.errors and run.mode == ImportMode.ALL_OR_NOTHING:
        return _finish(run, ImportState.FAILED, judgement)
    importer.write()
    _finish(run, ImportState.DONE, judgement)
    record_audit(action="directory.imported", subject=run.subject, actor=run.started_by, params=_counts(run))
    return run


def _applying() -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(state=ImportState.APPLYING).order_by("pk")


def resume_imports() -> int:
    """Hand over the runs that a worker has left behind; returns how many. The broker's messages are only hints."""
    old = timezone.now() - FORGOTTEN
    waiting = ImportRun.objects.filter(state__in=[ImportState.CHECKING, ImportState.APPLYING], created_at__lt=old)
    rows = list(waiting.values_list("pk", "state"))
    for pk, state in rows:
        (check_import_run if state == ImportState.CHECKING else apply_import_run).delay(pk)
    return len(rows)


def _lines(run: ImportRun) -> tuple[list[Line], list[LineError]]:
    return read_lines(run.content, COLUMNS[run.kind])


def _progress(run: ImportRun, share: float = 1.0) -> Progress:
    def tell(done: int) -> None:
        _write(run, done=int(done * share))

    return tell


def _counts(run: ImportRun) -> dict[str, Any]:
    names = ("kind", "mode", "total", "created", "changed", "unchanged")
    return {name: getattr(run, name) for name in names} | {"errors": len(run.errors)}


def _finish(run: ImportRun, state: ImportState, judgement: Judgement) -> ImportRun:
    ended = timezone.now() if state in (ImportState.DONE, ImportState.FAILED) else None
    _write(
        run,
        state=state,
        done=run.total,
        created=judgement.created,
        changed=judgement.changed,
        unchanged=judgement.unchanged,
        errors=[error.as_json() for error in judgement.errors[:MOST_ERRORS]],
        finished_at=ended,
    )
    return run


def _write(run: ImportRun, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(run, name, value)
    ImportRun.objects.filter(pk=run.pk).update(**fields)
