"""What pages show of work items, in the reader's words."""

from internal_bridge.workflow.presenters.boxes import PRESSING, Group, InboxPage, Query, Tab, box_of, due_groups, todo_count
from internal_bridge.workflow.presenters.items import ItemRow, Reader, item_rows, reader_of
from internal_bridge.workflow.presenters.substitutions import SubstitutionRow, substitution_page, substitution_words

__all__ = [
    "PRESSING",
    "Group",
    "InboxPage",
    "ItemRow",
    "Query",
    "Reader",
    "SubstitutionRow",
    "Tab",
    "box_of",
    "due_groups",
    "item_rows",
    "reader_of",
    "substitution_page",
    "substitution_words",
    "todo_count",
]
