"""People, one line for each post that they hold. Posts that a file does not mention stay as they are."""

import dataclasses
import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from core.events import NewEvent, record_events
from core.models import User
from core.text import pinyin_of
from internal_bridge.org.importing.lines import Cells, Judgement, Line, Progress, counted
from internal_bridge.org.importing.posts import open_posts
from internal_bridge.org.models import Appointment, Person, Post
from internal_bridge.org.querysets import today

COLUMNS = [
    *("staff_number", "name", "unit_code", "department", "post", "main", "duties"),
    *("office_phone", "mobile", "email", "place", "username"),
]
OWN = ["name", "office_phone", "mobile", "email", "place"]
LENGTHS = {
    **{"staff_number": 20, "name": 60, "duties": 200, "office_phone": 40, "mobile": 40},
    **{"email": 254, "place": 100, "username": 150},
}
BATCH = 500
valid_username = UnicodeUsernameValidator()


@dataclasses.dataclass
class Wanted:
    """A person as the file wants them: the first line's own fields, and the posts of all lines."""

    staff_number: str
    values: dict[str, str]
    username: str
    main: int | None = None
    # Duties by post.
    posts: dict[int, str] = dataclasses.field(default_factory=dict)


class PeopleImport:
    """Judges and writes lines of people. Inside one transaction, ``judge`` comes before ``write``."""

    columns = COLUMNS

    def __init__(
        self,
        lines: list[Line],
        *,
        by: User | None,
        passwords: dict[str, str] | None = None,
        since: datetime.date | None = None,
    ) -> None:
        """``passwords`` are hashes by user name, for demo data; others get a login without a usable password. Appointments
        begin on ``since`` (today).
        """
        self.lines, self.by, self.passwords, self.since = lines, by, passwords or {}, since
        self.wanted: dict[str, Wanted] = {}

    def judge(self, progress: Progress | None = None) -> Judgement:
        """What the lines would do to the directory as it is."""
        self.posts: dict[tuple[str, str, str], Post] = open_posts()
        self.people = {person.staff_number: person for person in Person.objects.select_related("user")}
        self.usernames = {name.lower() for name in User.objects.values_list("username", flat=True)}
        self.held: dict[tuple[int, int], Appointment] = {
            (held.person_id, held.post_id): held for held in Appointment.objects.filter(valid_to=None)
        }
        self.owners: dict[str, str] = {}
        judgement = Judgement()
        for line in counted(self.lines, progress):
            cells = Cells(line)
            post = self._read(line, cells)
            self._gather(line, cells, post, judgement)
            judgement.errors += cells.errors
        return judgement

    def _read(self, line: Line, cells: Cells) -> Post | None:
        cells.need("staff_number", "name")
        cells.limit(LENGTHS)
        cells.email("email")
        person = self.people.get(line["staff_number"])
        if person is not None and person.left_on is not None:
            cells.fail("staff_number", "left")
        self._judge_username(line, cells, person)
        place = (line["unit_code"], line["department"], line["post"])
        post = self.posts.get(place)
        if post is None and any(place):
            cells.fail("post", "unknown_post")
        return post

    def _judge_username(self, line: Line, cells: Cells, person: Person | None) -> None:
        username = line["username"]
        if not username:
            return
        if person is not None and person.user is not None:
            if person.user.username != username:
                cells.fail("username", "has_login")
            return
        try:
            valid_username(username)
        except ValidationError:
            cells.fail("username", "not_username")
        if (
            username.lower() in self.usernames
            or self.owners.get(username.lower(), line["staff_number"]) != line["staff_number"]
        ):
            cells.fail("username", "taken")

    def _gather(self, line: Line, cells: Cells, post: Post | None, judgement: Judgement) -> None:
        main = cells.boolean("main")
        number = line["staff_number"]
        wanted = self.wanted.get(number)
        if wanted is not None:
            differing = [name for name in OWN if wanted.values[name] != line[name]]
            differing += ["username"] if wanted.username != line["username"] else []
            for name in differing:
                cells.fail(name, "differs")
            if post is not None and post.pk in wanted.posts:
                cells.fail("post", "twice_held")
            if main and wanted.main is not None:
                cells.fail("main", "two_main")
        if cells.errors:
            return
        kind = self._kind(line, post, main, wanted)
        setattr(judgement, kind, getattr(judgement, kind) + 1)
        if wanted is None:
            wanted = self.wanted[number] = Wanted(number, {name: line[name] for name in OWN}, line["username"])
            if line["username"]:
                self.owners[line["username"].lower()] = number
        if post is not None:
            wanted.posts[post.pk] = line["duties"]
            wanted.main = post.pk if main else wanted.main

    def _kind(self, line: Line, post: Post | None, main: bool, earlier: Wanted | None) -> str:
        """'created' for a line that brings a person or a post, 'changed' for one that changes either, else 'unchanged'."""
        person = self.people.get(line["staff_number"])
        if person is None or (post is not None and (person.pk, post.pk) not in self.held):
            return "created"
        changed = earlier is None and self._differs(person, line)
        if post is not None:
            held = self.held[person.pk, post.pk]
            changed = changed or held.duties != line["duties"] or (main and not held.main)
        return "changed" if changed else "unchanged"

    def _differs(self, person: Person, line: Line) -> bool:
        return any(getattr(person, name) != line[name] for name in OWN) or bool(line["username"] and person.user is None)

    def write(self) -> None:
        """Write what was judged sound, with an event for each person who is new or changed."""
        logins = self._make_logins()
        events = self._make_people(logins)
        events += self._change_people(logins)
        self._appoint()
        record_events(events)

    def _make_logins(self) -> dict[str, User]:
        wanted = [
            row
            for row in self.wanted.values()
            if row.username and ((person := self.people.get(row.staff_number)) is None or person.user is None)
        ]
        users = User.objects.bulk_create(
            (
                User(
                    username=row.username,
                    display_name=row.values["name"],
                    password=self.passwords.get(row.username) or make_password(None),
                )
                for row in wanted
            ),
            batch_size=BATCH,
        )
        return {row.staff_number: user for row, user in zip(wanted, users, strict=True)}

    def _make_people(self, logins: dict[str, User]) -> list[NewEvent]:
        rows = [
            Person(
                staff_number=row.staff_number, user=logins.get(row.staff_number), **row.values, **_reading(row.values["name"])
            )
            for row in self.wanted.values()
            if row.staff_number not in self.people
        ]
        made = Person.objects.bulk_create(rows, batch_size=BATCH)
        self.people |= {person.staff_number: person for person in made}
        return [self._event(person, "created", {}) for person in made]

    def _change_people(self, logins: dict[str, User]) -> list[NewEvent]:
        rows, events = [], []
        for wanted in self.wanted.values():
            person = self.people[wanted.staff_number]
            fields = sorted(name for name in OWN if getattr(person, name) != wanted.values[name])
            login = logins.get(wanted.staff_number) if person.user is None else None
            if not fields and login is None:
                continue
            for name in fields:
                setattr(person, name, wanted.values[name])
            if "name" in fields:
                person.pinyin, person.initials = pinyin_of(person.name)
                if person.user:
                    User.objects.filter(pk=person.user.pk).update(display_name=person.name)
            person.user = login or person.user
            person.version += 1
            rows.append(person)
            events.append(self._event(person, "changed", {"fields": fields + (["login"] if login else [])}))
        Person.objects.bulk_update(rows, [*OWN, "pinyin", "initials", "user", "version"], batch_size=BATCH)
        return events

    def _appoint(self) -> None:
        day = self.since or today()
        main_of = {row.person_id: row.post_id for row in self.held.values() if row.main}
        new, changed, switching = [], [], []
        for wanted in self.wanted.values():
            person = self.people[wanted.staff_number]
            before = main_of.get(person.pk)
            # Whoever has posts has a main one.
            main = wanted.main or before or next(iter(wanted.posts), None)
            if before not in (None, main):
                switching.append(person.pk)
            for post, duties in wanted.posts.items():
                held = self.held.get((person.pk, post))
                if held is None:
                    row = Appointment(person=person, post_id=post, main=post == main, duties=duties, valid_from=day)
                    new.append(row)
                elif (held.duties, held.main) != (duties, post == main):
                    held.duties, held.main = duties, post == main
                    changed.append(held)
        for start in range(0, len(switching), BATCH):
            # First: nobody has two main posts at any moment.
            people = switching[start : start + BATCH]
            Appointment.objects.filter(person__in=people, main=True, valid_to=None).update(main=False)
        Appointment.objects.bulk_update(changed, ["duties", "main"], batch_size=BATCH)
        Appointment.objects.bulk_create(new, batch_size=BATCH)

    def _event(self, person: Person, name: str, params: dict[str, Any]) -> NewEvent:
        return NewEvent(subject=person.subject, name=name, actor=self.by, params=params)


def _reading(name: str) -> dict[str, str]:
    pinyin, initials = pinyin_of(name)
    return {"pinyin": pinyin, "initials": initials}
