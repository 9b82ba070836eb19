"""How the operators' pages name parties, streams, types of messages and what went wrong."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from internal_bridge.exchange.envelopes import short_type
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.models import IncomingMessage

PARTIES = {"portal": gettext_lazy("Portal"), "office": gettext_lazy("Office")}

STREAMS = {
    "case": gettext_lazy("Case"),
    "reply": gettext_lazy("Published reply"),
    "directory": gettext_lazy("Directory"),
    "publication": gettext_lazy("Publishing"),
    "stats": gettext_lazy("Statistics"),
    "checkpoint": gettext_lazy("Checkpoint"),
}

TYPES = {
    "petition.submitted": gettext_lazy("New petition"),
    "petition.supplemented": gettext_lazy("Supplement"),
    "petition.withdrawal_requested": gettext_lazy("Wish to withdraw"),
    "petition.rated": gettext_lazy("Rating"),
    "petition.review_requested": gettext_lazy("Wish for a review"),
    "petition.consent_withdrawn": gettext_lazy("Consent withdrawn"),
    "publication.state": gettext_lazy("State of a publication"),
    "case.message": gettext_lazy("Message to the petitioner"),
    "case.opened": gettext_lazy("Case opened"),
    "case.key_replaced": gettext_lazy("New receipt code"),
    "case.status": gettext_lazy("State of a case"),
    "rating.offered": gettext_lazy("Offer to rate"),
    "reply.published": gettext_lazy("Reply published"),
    "reply.revised": gettext_lazy("Reply revised"),
    "reply.withdrawn": gettext_lazy("Reply withdrawn"),
    "directory.unit_changed": gettext_lazy("Unit changed"),
    "directory.unit_closed": gettext_lazy("Unit closed"),
    "statistics.daily": gettext_lazy("Daily statistics"),
    "publication.submitted": gettext_lazy("Text for publication"),
    "publication.withdrawn": gettext_lazy("Publication withdrawn"),
    "editor.granted": gettext_lazy("Editor appointed"),
    "editor.revoked": gettext_lazy("Editor dismissed"),
    "checkpoint": gettext_lazy("Checkpoint"),
}

# By the class of the error: its text is never kept, for it may quote the message.
ERRORS = {
    "PermanentError": gettext_lazy("Its content does not fit what its type allows"),
    "Refused": gettext_lazy("Its signature does not count any more"),
    "OperationalError": gettext_lazy("The database did not answer"),
    "MissingFiles": gettext_lazy("Its files are missing"),
}


def party_name(code: str) -> str:
    return str(PARTIES.get(code, code))


def type_name(full_type: str) -> str:
    """What a message is about; the bare type where this version has no word for it."""
    try:
        type, _version = short_type(full_type)
    except Refused:
        return full_type
    return str(TYPES.get(type, type))


def place(stream: str, seq: int) -> str:
    """A message's place: the stream, by the end of its uid alone, and the number in it."""
    kind, _colon, uid = stream.partition(":")
    name = str(STREAMS.get(kind, kind))
    if uid:
        name = f"{name} …{uid[-6:]}"
    return _("%(stream)s · no. %(seq)d") % {"stream": name, "seq": seq}


def error_words(error: str) -> str:
    """Why applying failed, from the class of the error."""
    return str(ERRORS.get(error) or _("Internal error: %(error)s") % {"error": error})


def waiting_words(message: IncomingMessage) -> str:
    """What a message that is not applied waits for. Its stream must be loaded."""
    following = message.stream.applied_seq + 1
    if message.seq > following:
        return _("Waits for no. %(seq)d") % {"seq": following}
    if message.missing_files:
        return _("Waits for %(count)d files") % {"count": len(message.missing_files)}
    if message.attempts:
        return _("Tried %(count)d times: %(error)s") % {"count": message.attempts, "error": error_words(message.error)}
    return _("Is being processed")


def skew_words(seconds: float) -> str:
    """By how much a clock is off, as a signed span."""
    sign = "−" if seconds < 0 else "+"
    if abs(seconds) < 120:
        return _("%(sign)s%(n).1f s") % {"sign": sign, "n": abs(seconds)}
    minutes = datetime.timedelta(seconds=abs(seconds)) // datetime.timedelta(minutes=1)
    return _("%(sign)s%(n)d min") % {"sign": sign, "n": minutes}


def delay_words(seconds: float) -> str:
    return _("under 0.1 s") if seconds < 0.1 else _("%(n).1f s") % {"n": seconds}
