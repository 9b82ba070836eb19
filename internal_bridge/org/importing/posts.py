"""Posts, and the departments that they name."""

import dataclasses

from core.models import User
from internal_bridge.org.importing.lines import Cells, Judgement, Line, Progress, counted
from internal_bridge.org.models import Department, Post, Unit

COLUMNS = ["unit_code", "department", "post", "rank", "headcount"]
LENGTHS = {"department": 60, "post": 60, "rank": 40}
BATCH = 500

Key = tuple[str, str, str]


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A post as a line wants it."""

    key: Key
    rank: str
    headcount: int


class PostImport:
    """Judges and writes lines of posts. Inside one transaction, ``judge`` comes before ``write``."""

    columns = COLUMNS

    def __init__(self, lines: list[Line], *, by: User | None) -> None:
        self.lines, self.by = lines, by
        self.units: dict[str, Unit] = {}
        self.posts: dict[Key, Post] = {}
        self.new: list[Wanted] = []
        self.differing: list[Post] = []

    def judge(self, progress: Progress | None = None) -> Judgement:
        """What the lines would do to the directory as it is."""
        self.units = {unit.code: unit for unit in Unit.objects.filter(valid_to=None)}
        self.posts = open_posts()
        judgement = Judgement()
        seen: dict[Key, int] = {}
        for line in counted(self.lines, progress):
            cells = Cells(line)
            wanted = self._read(line, cells)
            if wanted.key in seen:
                cells.fail("post", "twice", line=seen[wanted.key])
            seen.setdefault(wanted.key, line.number)
            judgement.errors += cells.errors
            if not cells.errors:
                self._sort_in(wanted, judgement)
        return judgement

    def _read(self, line: Line, cells: Cells) -> Wanted:
        cells.need("unit_code", "department", "post")
        cells.limit(LENGTHS)
        if line["unit_code"] and line["unit_code"] not in self.units:
            cells.fail("unit_code", "unknown_unit")
        headcount = cells.number("headcount", highest=10_000, default=1)
        return Wanted((line["unit_code"], line["department"], line["post"]), line["rank"], headcount)

    def _sort_in(self, wanted: Wanted, judgement: Judgement) -> None:
        post = self.posts.get(wanted.key)
        if post is None:
            self.new.append(wanted)
            judgement.created += 1
        elif (post.rank, post.headcount) != (wanted.rank, wanted.headcount):
            post.rank, post.headcount = wanted.rank, wanted.headcount
            self.differing.append(post)
            judgement.changed += 1
        else:
            judgement.unchanged += 1

    def write(self) -> None:
        """Write what was judged sound."""
        departments = self._departments()
        positions: dict[int, int] = {}
        rows = []
        for wanted in self.new:
            department = departments[wanted.key[:2]]
            positions[department.pk] = positions.get(department.pk, -1) + 1
            rows.append(
                Post(
                    department=department,
                    name=wanted.key[2],
                    rank=wanted.rank,
                    headcount=wanted.headcount,
                    position=positions[department.pk],
                )
            )
        Post.objects.bulk_create(rows, batch_size=BATCH)
        Post.objects.bulk_update(self.differing, ["rank", "headcount"], batch_size=BATCH)

    def _departments(self) -> dict[tuple[str, ...], Department]:
        rows = Department.objects.filter(valid_to=None, unit__valid_to=None).select_related("unit")
        known: dict[tuple[str, ...], Department] = {(row.unit.code, row.name): row for row in rows}
        missing = dict.fromkeys(wanted.key[:2] for wanted in self.new if wanted.key[:2] not in known)
        positions: dict[str, int] = {}
        made = []
        for code, name in missing:
            positions[code] = positions.get(code, -1) + 1
            made.append(Department(unit=self.units[code], name=name, position=positions[code]))
        for department in Department.objects.bulk_create(made, batch_size=BATCH):
            known[department.unit.code, department.name] = department
        return known


def open_posts() -> dict[Key, Post]:
    """The open posts of open units by unit code, department and name."""
    rows = Post.objects.filter(valid_to=None, department__valid_to=None, department__unit__valid_to=None)
    return {
        (post.department.unit.code, post.department.name, post.name): post for post in rows.select_related("department__unit")
    }
