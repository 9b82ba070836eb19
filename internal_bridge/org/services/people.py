"""People: made, changed, appointed, given a login, seen off."""

import datetime
import secrets
import uuid
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import User
from core.sessions import end_sessions
from core.text import pinyin_of
from internal_bridge.org.enums import SEPARATED_ROLES
from internal_bridge.org.errors import Conflict
from internal_bridge.org.models import Appointment, Grant, Person
from internal_bridge.org.querysets import lasting, today
from internal_bridge.org.services.changes import (
    assign,
    check_fields,
    check_last_day,
    locked_person,
    locked_post,
    note,
    refuse,
    require_administrator,
)
from internal_bridge.org.services.grants import keep_an_administrator

__all__ = [
    "appoint_person",
    "change_person",
    "create_person",
    "end_appointment",
    "give_login",
    "let_person_leave",
    "reset_password",
]

CHANGEABLE = {"staff_number", "name", "office_phone", "mobile", "email", "place", "joined_on"}


def create_person(*, by: User, staff_number: str, name: str, **others: Any) -> Person:
    """A new person; ``others`` are office_phone, mobile, email, place and joined_on. No login yet.

    Raises ``PermissionDenied``, ``ValidationError``.
    """
    require_administrator(by)
    with transaction.atomic():
        person = Person()
        assign(person, {"staff_number": staff_number, "name": name, **others}, CHANGEABLE)
        check_person(person)
        person.save(force_insert=True)
        note(subject=person.subject, action="person.created", by=by)
    return person


def change_person(*, by: User, uid: uuid.UUID, version: int, changes: dict[str, Any]) -> Person:
    """Change staff number, name, phones, e-mail, place or first day; a login follows the name.

    Raises ``PermissionDenied``, ``Person.DoesNotExist``, ``Conflict`` for who has left, ``StaleVersion``, ``ValidationError``.
    """
    require_administrator(by)
    with transaction.atomic():
        person = locked_person(uid, version)
        if differing := assign(person, changes, CHANGEABLE):
            check_person(person)
            person.version += 1
            person.save()
            if person.user and "name" in differing:
                User.objects.filter(pk=person.user.pk).update(display_name=person.name)
            note(subject=person.subject, action="person.changed", by=by, params={"fields": differing})
    return person


def check_person(person: Person) -> None:
    """Set the reading of the name; raise ``ValidationError`` by field for what the row could not hold."""
    person.pinyin, person.initials = pinyin_of(person.name)
    check_fields(person, *CHANGEABLE)
    if Person.objects.filter(staff_number=person.staff_number).exclude(pk=person.pk).exists():
        raise refuse("staff_number", "taken", _("Somebody else has this staff number."))


def appoint_person(
    *,
    by: User,
    uid: uuid.UUID,
    post_id: int,
    main: bool = False,
    duties: str = "",
    valid_from: datetime.date | None = None,
) -> Appointment:
    """Give a person a post from ``valid_from`` (today). A new main post takes the place of the one before, which stays as a
    further one; the only post is the main one.

    Raises ``PermissionDenied``, ``DoesNotExist``, ``Conflict``, ``ValidationError`` for a post that the person holds.
    """
    require_administrator(by)
    with transaction.atomic():
        person, post = locked_person(uid), locked_post(post_id)
        held = Appointment.objects.filter(person=person, valid_to=None)
        if held.filter(post=post).exists():
            raise refuse("post", "held", _("The person holds this post already."))
        if main:
            held.filter(main=True).update(main=False)
        main = main or not held.filter(main=True).exists()
        appointment = Appointment(person=person, post=post, main=main, duties=duties, valid_from=valid_from or today())
        check_fields(appointment, "duties")
        appointment.save(force_insert=True)
        _note_place(appointment, "person.appointed", by)
    return appointment


def end_appointment(*, by: User, appointment_id: int, valid_to: datetime.date | None = None) -> Appointment:
    """End an appointment after ``valid_to`` (today); the grants that hang on it stop counting with it.

    Raises ``PermissionDenied``, ``Appointment.DoesNotExist``, ``Conflict`` when it has ended or was the last system
    administrator's, ``ValidationError``.
    """
    require_administrator(by)
    with transaction.atomic():
        rows = Appointment.objects.select_for_update(of=("self",)).select_related("person")
        appointment = rows.with_places().get(pk=appointment_id)
        if appointment.valid_to is not None:
            raise Conflict("ended")
        last = valid_to or today()
        check_last_day(appointment.valid_from, last)
        keep_an_administrator(without=Grant.objects.filter(appointment=appointment))
        appointment.valid_to = last
        appointment.save(update_fields=["valid_to"])
        _note_place(appointment, "person.appointment_ended", by)
    return appointment


def let_person_leave(*, by: User, uid: uuid.UUID, version: int, left_on: datetime.date | None = None) -> Person:
    """A person leaves; ``left_on`` is the last day, today or before. Appointments and grants end, the login is shut and its
    sessions with it, at once.

    Raises ``PermissionDenied``, ``Person.DoesNotExist``, ``Conflict``, ``StaleVersion``, ``ValidationError``.
    """
    require_administrator(by)
    last = left_on or today()
    if last > today():
        raise refuse("left_on", "future", _("The last day is today or before."))
    with transaction.atomic():
        person = locked_person(uid, version)
        if person.user_id == by.pk:
            raise Conflict("own_rights")
        check_last_day(person.joined_on or last, last, "left_on")
        keep_an_administrator(without=Grant.objects.filter(person=person))
        _end_all(person, last)
        person.left_on, person.version = last, person.version + 1
        person.save(update_fields=["left_on", "version"])
        if person.user:
            shut_login(person.user, by)
        note(subject=person.subject, action="person.left", by=by, params={"left_on": last.isoformat()})
    return person


def _end_all(person: Person, last: datetime.date) -> None:
    for rows in (person.appointments, person.grants):
        # What was to begin later ends on the day on which it would have begun: it never counts, for the person has left.
        rows.filter(valid_to=None, valid_from__gt=last).update(valid_to=F("valid_from"))
        rows.filter(valid_to=None).update(valid_to=last)
    person.grants.filter(ended_at=None).update(ended_at=timezone.now())


def shut_login(user: User, by: User) -> None:
    """Let nobody log in with this account any more; its sessions and tokens end."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user, by=by, reason="left")


def give_login(*, by: User, uid: uuid.UUID, username: str) -> tuple[Person, str]:
    """Make a login for a person; returns the one-time password, which is shown once and kept nowhere.

    Raises ``PermissionDenied``, ``Person.DoesNotExist``, ``Conflict`` for who has one, ``ValidationError`` for the user name.
    """
    require_administrator(by)
    password, hashed = _one_time_password()
    with transaction.atomic():
        person = locked_person(uid)
        if person.user is not None:
            raise Conflict("has_login")
        user = User(username=username.strip(), display_name=person.name, password=hashed, must_change_password=True)
        check_username(user)
        user.save(force_insert=True)
        person.user = user
        person.version += 1
        person.save(update_fields=["user", "version"])
        note(subject=person.subject, action="login.given", by=by, params={"user": str(user.uid)})
    return person, password


def reset_password(*, by: User, uid: uuid.UUID) -> tuple[Person, str]:
    """Give a person's login a new one-time password, which is shown once; its sessions and tokens end.

    Raises ``PermissionDenied``, ``Person.DoesNotExist``, and ``Conflict``: for who has no login, for oneself, and for the three
    administrators, whose work the system administrator must not be able to take over (they use the server's console).
    """
    require_administrator(by)
    password, hashed = _one_time_password()
    with transaction.atomic():
        person = locked_person(uid)
        if person.user is None:
            raise Conflict("no_login")
        if person.user_id == by.pk:
            raise Conflict("own_rights")
        if person.grants.filter(lasting(today()), ended_at=None, role__in=SEPARATED_ROLES).exists():
            raise Conflict("protected_login")
        person.user.password, person.user.must_change_password = hashed, True
        person.user.save(update_fields=["password", "must_change_password"])
        end_sessions(person.user, by=by, reason="password_reset")
        note(subject=person.subject, action="login.password_reset", by=by, params={"user": str(person.user.uid)})
    return person, password


def _one_time_password() -> tuple[str, str]:
    """A password and its hash; slow on purpose, so made before the transaction."""
    password = secrets.token_urlsafe(12)
    return password, make_password(password)


def check_username(user: User) -> None:
    """Raise ``ValidationError`` for a user name that has not the form or is taken."""
    try:
        check_fields(user, "username")
    except ValidationError as error:
        raise ValidationError({"username": error.message_dict["username"]}) from error
    if User.objects.filter(username__iexact=user.username).exists():
        raise refuse("username", "taken", _("This user name is taken."))


def _note_place(appointment: Appointment, action: str, by: User) -> None:
    params = {"post": appointment.post_id, "unit": appointment.post.department.unit.code, "main": appointment.main}
    note(subject=appointment.person.subject, action=action, by=by, params=params)
