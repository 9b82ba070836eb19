"""What the office keeps of a case."""

from internal_bridge.casework.models.avoidance import CaseExclusion
from internal_bridge.casework.models.case import Case, CaseAttachment, CaseIdentity, IdentityIndex, Register
from internal_bridge.casework.models.drafting import DraftInProgress, RedactionDecision, ReplyTemplate
from internal_bridge.casework.models.figures import ToldDay
from internal_bridge.casework.models.handling import CaseAssignment, CaseClock, CaseExtension
from internal_bridge.casework.models.notices import Notice
from internal_bridge.casework.models.queue import BulkOutcome, BulkRun, SavedView
from internal_bridge.casework.models.ratings import Rating, RatingOffer
from internal_bridge.casework.models.timing import CalendarRecount, CasePause, ClockNotice
from internal_bridge.casework.models.words import CaseEntry, CaseReply, PublicWording, PublishedReply, ReplyDraft

__all__ = [
    "BulkOutcome",
    "BulkRun",
    "CalendarRecount",
    "Case",
    "CaseAssignment",
    "CaseAttachment",
    "CaseClock",
    "CaseEntry",
    "CaseExclusion",
    "CaseExtension",
    "CaseIdentity",
    "CasePause",
    "CaseReply",
    "ClockNotice",
    "DraftInProgress",
    "IdentityIndex",
    "Notice",
    "PublicWording",
    "PublishedReply",
    "Rating",
    "RatingOffer",
    "RedactionDecision",
    "Register",
    "ReplyDraft",
    "ReplyTemplate",
    "SavedView",
    "ToldDay",
]
