"""The directory's public door: what is done with units, posts, people and rights. Every verb wants a system administrator."""

from internal_bridge.org.errors import Conflict, StaleVersion
from internal_bridge.org.models import Person, Post, Unit
from internal_bridge.org.services.acting import acting_appointment, choose_post, own_appointments, post_label
from internal_bridge.org.services.directory import (
    Belonging,
    all_people,
    all_units,
    belonging_of,
    find_open_units,
    find_unit,
    home_units,
    person_of,
    root_unit,
    units_with,
)
from internal_bridge.org.services.grants import end_grant, give_grant
from internal_bridge.org.services.mergers import merge_units
from internal_bridge.org.services.people import (
    appoint_person,
    change_person,
    create_person,
    end_appointment,
    give_login,
    let_person_leave,
    reset_password,
)
from internal_bridge.org.services.structure import (
    change_post,
    close_department,
    close_post,
    create_post,
    open_department,
    rename_department,
)
from internal_bridge.org.services.units import change_unit, close_unit, create_unit, move_unit, rename_unit

__all__ = [
    "Belonging",
    "Conflict",
    "Person",
    "Post",
    "StaleVersion",
    "Unit",
    "acting_appointment",
    "all_people",
    "all_units",
    "appoint_person",
    "belonging_of",
    "change_person",
    "change_post",
    "change_unit",
    "choose_post",
    "close_department",
    "close_post",
    "close_unit",
    "create_person",
    "create_post",
    "create_unit",
    "end_appointment",
    "end_grant",
    "find_open_units",
    "find_unit",
    "give_grant",
    "give_login",
    "home_units",
    "let_person_leave",
    "merge_units",
    "move_unit",
    "open_department",
    "own_appointments",
    "person_of",
    "post_label",
    "rename_department",
    "rename_unit",
    "reset_password",
    "root_unit",
    "units_with",
]
