"""The public door of casework: a case is registered, read, acted on, and what the petitioner adds is taken to it."""

from internal_bridge.casework.life.act import InvalidFields, Refused, StaleVersion, WrongState
from internal_bridge.casework.life.engine import Offer, action_form, offers, perform_action
from internal_bridge.casework.services.after_answer import ask_review, withdraw_consent
from internal_bridge.casework.services.avoidance import add_exclusion, lift_exclusion
from internal_bridge.casework.services.drafting import Choice, attach_decisions, confirmed_texts, draft_texts, save_draft
from internal_bridge.casework.services.intake import Receipt, intake_case
from internal_bridge.casework.services.notes import NOTE_LENGTH, add_note
from internal_bridge.casework.services.petitioner import ask_withdrawal, supplement_case
from internal_bridge.casework.services.printing import print_case, print_reply
from internal_bridge.casework.services.ratings import NoSuchAnswer, take_rating
from internal_bridge.casework.services.reading import (
    count_earlier_cases,
    identity_of,
    open_attachment,
    open_case,
    open_identity,
)
from internal_bridge.casework.services.registration import enter_case, next_register_number, register_case
from internal_bridge.casework.services.templates import can_keep_templates, keep_template, template_units
from internal_bridge.casework.services.urging import urge_case, waits_for_units

__all__ = [
    "NOTE_LENGTH",
    "Choice",
    "InvalidFields",
    "NoSuchAnswer",
    "Offer",
    "Receipt",
    "Refused",
    "StaleVersion",
    "WrongState",
    "action_form",
    "add_exclusion",
    "add_note",
    "ask_review",
    "ask_withdrawal",
    "attach_decisions",
    "can_keep_templates",
    "confirmed_texts",
    "count_earlier_cases",
    "draft_texts",
    "enter_case",
    "identity_of",
    "intake_case",
    "keep_template",
    "lift_exclusion",
    "next_register_number",
    "offers",
    "open_attachment",
    "open_case",
    "open_identity",
    "perform_action",
    "print_case",
    "print_reply",
    "register_case",
    "save_draft",
    "supplement_case",
    "take_rating",
    "template_units",
    "urge_case",
    "waits_for_units",
    "withdraw_consent",
]
