"""The public door of work items: open and close them, take, urge and read them, stand in for somebody."""

from internal_bridge.workflow.errors import AlreadyClaimed, Conflict, StaleVersion, TooSoon
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.services.claims import claim_item, release_item
from internal_bridge.workflow.services.items import (
    NewItem,
    Source,
    ToPerson,
    ToPost,
    ToRole,
    change_due,
    close_items,
    free_items,
    open_item,
    open_items,
    open_items_of,
)
from internal_bridge.workflow.services.reading import mark_read, note_opening
from internal_bridge.workflow.services.substitution import end_substitution, principals_of, substitute
from internal_bridge.workflow.services.urging import URGE_LENGTH, urge_items

__all__ = [
    "URGE_LENGTH",
    "AlreadyClaimed",
    "Conflict",
    "NewItem",
    "Source",
    "StaleVersion",
    "ToPerson",
    "ToPost",
    "ToRole",
    "TooSoon",
    "WorkItem",
    "change_due",
    "claim_item",
    "close_items",
    "end_substitution",
    "free_items",
    "mark_read",
    "note_opening",
    "open_item",
    "open_items",
    "open_items_of",
    "principals_of",
    "release_item",
    "substitute",
    "urge_items",
]
