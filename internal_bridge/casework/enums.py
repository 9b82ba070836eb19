"""States of a case, what is done with it, and the words of its parts (11, the table of actions)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.enums import PetitionStatus


class CaseState(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", pgettext_lazy("case", "Refused")
    REDIRECTED = "redirected", _("Redirected")
    DISPATCHED = "dispatched", _("Dispatched")
    RETURNING = "returning", _("Return asked for")
    IN_PROGRESS = "in_progress", _("Being handled")
    DRAFTED = "drafted", _("Reply under review")
    CHECKING = "checking", _("Reply being checked")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A case has been answered, and so has the time of its answer.
AFTER_ANSWER = frozenset({CaseState.ANSWERED, CaseState.CLOSED})
# Nothing is done any more.
ENDED = frozenset({CaseState.REFUSED, CaseState.REDIRECTED, CaseState.CLOSED, CaseState.WITHDRAWN})
# The clock of the answer runs.
OPEN = frozenset(CaseState) - ENDED - AFTER_ANSWER
# A unit has it.
WITH_UNIT = frozenset({CaseState.DISPATCHED, CaseState.RETURNING, CaseState.IN_PROGRESS, CaseState.DRAFTED, CaseState.CHECKING})

# What a citizen is told of a state (04 "States").
PUBLIC_STATUS = {
    CaseState.REGISTERED: PetitionStatus.RECEIVED,
    CaseState.ACCEPTED: PetitionStatus.ACCEPTED,
    CaseState.REFUSED: PetitionStatus.REFUSED,
    CaseState.REDIRECTED: PetitionStatus.REDIRECTED,
    CaseState.DISPATCHED: PetitionStatus.IN_PROGRESS,
    CaseState.RETURNING: PetitionStatus.IN_PROGRESS,
    CaseState.IN_PROGRESS: PetitionStatus.IN_PROGRESS,
    CaseState.DRAFTED: PetitionStatus.IN_PROGRESS,
    CaseState.CHECKING: PetitionStatus.IN_PROGRESS,
    CaseState.ANSWERED: PetitionStatus.ANSWERED,
    CaseState.CLOSED: PetitionStatus.CLOSED,
    CaseState.WITHDRAWN: PetitionStatus.WITHDRAWN,
}


class CaseChannel(models.TextChoices):
    """By which way a petition reached the office."""

    PORTAL = "portal", pgettext_lazy("channel", "Portal")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    COUNTER = "counter", pgettext_lazy("channel", "Counter")


# Somebody of the office wrote it down.
TAKEN_DOWN = (CaseChannel.PHONE, CaseChannel.COUNTER)


class Action(models.TextChoices):
    """What is done with a case, in the words of a button."""

    ACCEPT = "accept", _("Accept")
    RECLASSIFY = "reclassify", _("Classify anew")
    REFUSE = "refuse", _("Refuse")
    REDIRECT = "redirect", _("Point to another way")
    DISPATCH = "dispatch", _("Dispatch to a unit")
    AUTO_DISPATCH = "auto_dispatch", _("Dispatch by rule")
    RECALL = "recall", _("Recall")
    SIGN = "sign", _("Sign for it")
    RETURN = "return", _("Ask to return it")
    AGREE_RETURN = "agree_return", _("Agree to the return")
    DECLINE_RETURN = "decline_return", _("Decline the return")
    REQUEST_EXTENSION = "request_extension", _("Ask for an extension")
    GRANT_EXTENSION = "grant_extension", _("Grant the extension")
    REFUSE_EXTENSION = "refuse_extension", _("Refuse the extension")
    ASK_PETITIONER = "ask_petitioner", _("Ask the petitioner")
    GIVE_OPINION = "give_opinion", _("Give the opinion")
    PAUSE = "pause", _("Pause the clock")
    RESUME = "resume", _("Resume")
    DRAFT_REPLY = "draft_reply", _("Submit the reply for review")
    APPROVE = "approve", _("Approve the reply")
    REJECT = "reject", _("Return the reply to the handler")
    PUBLISH = "publish", _("Answer and publish")
    ANSWER_PRIVATELY = "answer_privately", _("Answer without publishing")
    SEND_BACK = "send_back", _("Send the reply back to the unit")
    AGREE_WITHDRAWAL = "agree_withdrawal", _("Agree to the withdrawal")
    DECLINE_WITHDRAWAL = "decline_withdrawal", _("Decline the withdrawal")
    REVISE_PUBLICATION = "revise_publication", _("Correct the published reply")
    WITHDRAW_PUBLICATION = "withdraw_publication", _("Withdraw the published reply")
    REHANDLE = "rehandle", _("Handle again")
    ANSWER_REQUEST = "answer_request", _("Answer the petitioner's request")
    CLOSE = "close", pgettext_lazy("case", "Close")


class Actor(models.TextChoices):
    """As whom somebody acts on a case. Who is which is asked in ``permissions``."""

    DISPATCHER = "dispatcher", _("Dispatcher")
    HANDLER = "handler", _("Handler of the lead unit")
    HEAD = "head", _("Head of the lead unit")
    ASSISTING_HANDLER = "assisting_handler", _("Handler of an assisting unit")
    ASSISTING_HEAD = "assisting_head", _("Head of an assisting unit")
    SYSTEM = "system", _("The system")
    CLOCK = "clock", _("The clock")


class Part(models.TextChoices):
    LEAD = "lead", pgettext_lazy("part of a unit", "Lead")
    ASSISTING = "assisting", pgettext_lazy("part of a unit", "Assisting")


class AssignmentState(models.TextChoices):
    WAITING = "waiting", _("To be signed for")
    SIGNED = "signed", _("Signed for")
    RETURNING = "returning", pgettext_lazy("assignment", "Return asked for")
    DONE = "done", pgettext_lazy("assignment", "Done")
    RETURNED = "returned", _("Returned")
    RECALLED = "recalled", _("Recalled")


# A unit that has a case in one of these may know of it.
PRESENT = frozenset({AssignmentState.WAITING, AssignmentState.SIGNED, AssignmentState.RETURNING, AssignmentState.DONE})


class Step(models.TextChoices):
    """What a work item asks for."""

    DECIDE = "decide", _("Accept or refuse")
    DISPATCH = "dispatch", pgettext_lazy("step", "Dispatch")
    DECIDE_RETURN = "decide_return", _("Decide on a return")
    SIGN = "sign", pgettext_lazy("step", "Sign for it")
    HANDLE = "handle", _("Handle and draft the reply")
    GIVE_OPINION = "give_opinion", pgettext_lazy("step", "Give an opinion")
    DECIDE_EXTENSION = "decide_extension", _("Decide on an extension")
    REVIEW = "review", _("Review the reply")
    CHECK = "check", _("Check the reply")
    DECIDE_WITHDRAWAL = "decide_withdrawal", _("Decide on a withdrawal")
    DECIDE_REVIEW = "decide_review", _("Review asked for: handle it again or answer")
    DECIDE_REHANDLING = "decide_rehandling", _("Not satisfied: handle it again or answer")
    # To be read.
    ARRIVED = "arrived", _("A new case for the unit")
    ADDED = "added", _("The petitioner has written")
    OPINION = "opinion", _("An assisting unit's opinion")
    DECIDED = "decided", _("A decision on your request")
    TAKEN = "taken", _("The case was taken back")
    ANSWERED = "answered", _("The case was answered")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent taken back: the published reply is withdrawn")
    # To be read, and by the clock: each goes when its limit is met or has another date.
    LIMIT_NEAR = "limit_near", _("The answer is due soon")
    LIMIT_PASSED = "limit_passed", _("The answer is overdue")
    DISPATCH_LATE = "dispatch_late", _("The dispatch is overdue")
    SIGN_LATE = "sign_late", _("Nobody has signed for it in time")
    OPINION_LATE = "opinion_late", _("The opinion is overdue")
    REVIEW_LATE = "review_late", _("The review is overdue")
    FOLLOW_UP = "follow_up", _("Ask the petitioner about the answer")


# What the clock lays before people.
BY_CLOCK = frozenset(
    {
        *(Step.LIMIT_NEAR, Step.LIMIT_PASSED, Step.DISPATCH_LATE, Step.SIGN_LATE, Step.OPINION_LATE, Step.REVIEW_LATE),
        Step.FOLLOW_UP,
    }
)


class NoticeKind(models.TextChoices):
    """What the clock says of a limit."""

    REMINDER = "reminder", _("Reminder, one working day before")
    URGING = "urging", _("Urging, the day after")
    FOLLOW_UP = "follow_up", _("Follow-up, on the day")


class EntryKind(models.TextChoices):
    """What somebody wrote about a case."""

    NOTE = "note", pgettext_lazy("entry", "Note")
    CONTACT = "contact", _("Contact with the petitioner")
    DISPATCH = "dispatch", _("Dispatch note")
    RECLASSIFICATION = "reclassification", _("Why it was classified anew")
    REFUSAL = "refusal", _("Why it was refused")
    REDIRECTION = "redirection", _("Which way to take")
    RECALL = "recall", _("Why it was recalled")
    RETURN = "return", _("Why it should be returned")
    RETURN_DECISION = "return_decision", _("Decision on the return")
    EXTENSION = "extension", _("Why more time is needed")
    EXTENSION_DECISION = "extension_decision", _("Decision on the extension")
    PAUSE = "pause", _("Why the clock is paused")
    QUESTION = "question", _("Question to the petitioner")
    ANSWER = "answer", _("Answer of the petitioner")
    SUPPLEMENT = "supplement", _("Supplement of the petitioner")
    OPINION = "opinion", _("Opinion of an assisting unit")
    REVIEW = "review", _("Opinion of the head")
    CHECK = "check", _("Why the reply was sent back")
    WITHDRAWAL = "withdrawal", _("Petitioner's request to withdraw")
    WITHDRAWAL_DECISION = "withdrawal_decision", _("Decision on the withdrawal")
    CORRECTION = "correction", _("Why the published reply was changed")
    REHANDLING = "rehandling", _("Why it is handled again")
    REVIEW_REQUEST = "review_request", _("Petitioner's request for a review")
    REQUEST_ANSWER = "request_answer", _("Answer to the petitioner's request")
    IDENTITY = "identity", _("Why the identity was opened")
    EXCLUSION = "exclusion", _("Why somebody keeps out of the case")


class Said(models.TextChoices):
    """Between whom an entry passed."""

    INTERNAL = "internal", _("Internal")
    TO_PETITIONER = "to_petitioner", _("To the petitioner")
    BY_PETITIONER = "by_petitioner", _("By the petitioner")


class RatedBy(models.TextChoices):
    """With what somebody rated an answer."""

    CODE = "code", pgettext_lazy("rated with", "Receipt code")
    TOKEN = "token", pgettext_lazy("rated with", "Link")


class NoticeChannel(models.TextChoices):
    """By which way the office lets a petitioner know that there is news."""

    SMS = "sms", pgettext_lazy("notice", "Text message")
    EMAIL = "email", pgettext_lazy("notice", "E-mail")


class NoticeState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("notice", "Waiting")
    SENDING = "sending", pgettext_lazy("notice", "Being sent")
    SENT = "sent", pgettext_lazy("notice", "Sent")
    # The petitioner left no number, or no address.
    NO_ADDRESS = "no_address", pgettext_lazy("notice", "No address")
    # Nobody knows whether it left: it is not sent a second time.
    UNKNOWN = "unknown", pgettext_lazy("notice", "Outcome unknown")
    FAILED = "failed", pgettext_lazy("notice", "Given up")


# From here down a petitioner is not content, from there up content (04 "Figures and limits of supervision").
LOW_SCORE, GOOD_SCORE = 2, 4


class RefusalReason(models.TextChoices):
    """Why a petition is not accepted (信访工作条例 2022, §§ 22, 31, 36)."""

    NOT_COMPETENT = "not_competent", _("Not a matter of this city's administration")
    LEGAL_CHANNEL = "legal_channel", _("Courts, arbitration or administrative review decide on it")
    IN_HAND = "in_hand", _("The same matter is being handled already")
    TERMINATED = "terminated", _("The second review has ended the matter")
    UNCLEAR = "unclear", _("It cannot be understood what is asked for")


class PauseReason(models.TextChoices):
    WAITING_FOR_PETITIONER = "waiting_for_petitioner", _("The petitioner has to add something")
    EXPERT_OPINION = "expert_opinion", _("An inspection or expert opinion is under way")
    LEGAL_PROCEEDINGS = "legal_proceedings", _("Proceedings elsewhere decide first")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


# 暂停以等待来件人补充材料的，最长 15 日: nobody's limit may hang on papers that never come. The others end with their cause.
LONGEST_PAUSE = {PauseReason.WAITING_FOR_PETITIONER: 15}


class ExtensionState(models.TextChoices):
    PENDING = "pending", _("Asked for")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", pgettext_lazy("extension", "Refused")
    LAPSED = "lapsed", _("Not decided")


class BulkAction(models.TextChoices):
    """What is done to many cases at once."""

    DISPATCH = "dispatch", pgettext_lazy("bulk", "Dispatch")
    URGE = "urge", pgettext_lazy("bulk", "Urge")
    CLAIM = "claim", pgettext_lazy("bulk", "Claim")
    RELEASE = "release", pgettext_lazy("bulk", "Give back")


class BulkState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("bulk", "Waiting")
    RUNNING = "running", pgettext_lazy("bulk", "Under way")
    DONE = "done", pgettext_lazy("bulk", "Done")


class BulkResult(models.TextChoices):
    PENDING = "pending", pgettext_lazy("bulk", "Not yet")
    DONE = "done", pgettext_lazy("bulk", "Done")
    REFUSED = "refused", pgettext_lazy("bulk", "Not done")


class TemplatePurpose(models.TextChoices):
    """What a template's words begin."""

    DISPATCH = "dispatch", pgettext_lazy("template", "Dispatch note")
    REPLY = "reply", pgettext_lazy("template", "Reply")


class DraftPurpose(models.TextChoices):
    """What is being written before it is submitted."""

    REPLY = "reply", pgettext_lazy("draft", "Reply")
    PUBLICATION = "publication", pgettext_lazy("draft", "Publication")
    CORRECTION = "correction", pgettext_lazy("draft", "Correction of a publication")


class RedactionField(models.TextChoices):
    """A text that everybody may read once it is published."""

    PUBLIC_TITLE = "public_title", _("Public title")
    PUBLIC_QUESTION = "public_question", _("What was asked")
    PUBLIC_TEXT = "public_text", _("Public text")


class RedactionChoice(models.TextChoices):
    """What becomes of personal data that was found."""

    ACCEPT = "accept", _("Replace as proposed")
    REWRITE = "rewrite", _("Replace by other words")
    KEEP = "keep", _("Keep it")
