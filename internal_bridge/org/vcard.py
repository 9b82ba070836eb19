"""Business cards as files: vCard 4.0 (RFC 6350)."""

from collections.abc import Iterable

from internal_bridge.org.models import Appointment, Person

# Lines are folded after 75 octets (RFC 6350, 3.2), never within a character.
WIDTH = 75


def cards(people: Iterable[Person]) -> str:
    """One card each; ``people`` come with ``present`` appointments and ``mobile_shown``."""
    return "".join(_card(person) for person in people)


def _card(person: Person) -> str:
    present: list[Appointment] = person.present  # type: ignore[attr-defined]
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:urn:uuid:{person.uid}", f"FN:{_text(person.name)}"]
    for appointment in present[:1]:
        department = appointment.post.department
        lines.append(f"ORG:{_text(department.unit.name)};{_text(department.name)}")
        lines.append(f"TITLE:{_text(appointment.post.name)}")
    if person.office_phone:
        lines.append(f"TEL;TYPE=work,voice:{_text(person.office_phone)}")
    if person.mobile and person.mobile_shown:  # type: ignore[attr-defined]
        lines.append(f"TEL;TYPE=work,cell:{_text(person.mobile)}")
    if person.email:
        lines.append(f"EMAIL;TYPE=work:{_text(person.email)}")
    if person.place:
        lines.append(f"ADR;TYPE=work:;;{_text(person.place)};;;;")
    return "".join(_folded(line) for line in [*lines, "END:VCARD"])


def _text(value: str) -> str:
    """Escaped as RFC 6350, 3.4 wants it."""
    escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    parts, part, octets = [], "", 0
    for character in line:
        width = len(character.encode())
        if octets + width > WIDTH:
            parts.append(part)
            # The space that marks a continued line counts too.
            part, octets = " ", 1
        part += character
        octets += width
    return "\r\n".join([*parts, part]) + "\r\n"
