"""Who asks: each role at unit A, the same at unit B, superiors, and those who have no right any more or never had one.

A and B are sisters below ``over``. ``handler@a`` is somebody with a post at A and the role over A alone.
"""

from internal_bridge.org.enums import Role

Actors = frozenset[str]

ROLES = [role.value for role in Role]
AT_A: Actors = frozenset(f"{role}@a" for role in ROLES)
AT_B: Actors = frozenset(f"{role}@b" for role in ROLES)
# Their grants reach what lies below: ``over`` is the superior of A and B, ``city`` of everything.
SUPERIORS: Actors = frozenset({"leader@over", "head@over", "dispatcher@over", "dispatcher@city"})
# ``ended`` held every role at A by an appointment that is over; ``nobody`` has a post at B and no role; ``bare`` is a login
# without a person; ``superuser`` is one as Django makes it.
POWERLESS: Actors = frozenset({"ended", "nobody", "bare", "superuser"})
OFFICIALS: Actors = AT_A | AT_B | SUPERIORS | POWERLESS
# Whoever may not know of anything at A by being there or above.
STRANGERS_TO_A: Actors = AT_B | POWERLESS
ANYBODY: Actors = OFFICIALS | {"anonymous"}
NOBODY: Actors = frozenset()


def holders(*roles: str) -> Actors:
    """All who hold one of ``roles``, wherever."""
    return frozenset(name for name in OFFICIALS if name.partition("@")[0] in roles)


def dispatchers(*places: str) -> Actors:
    return frozenset(f"dispatcher@{place}" for place in places)


SYSADMINS = holders("sysadmin")
SECADMINS = holders("secadmin")
AUDITORS = holders("auditor")
OPERATORS = SYSADMINS | SECADMINS
# Who may have a text looked through for personal data.
PROPOSERS = holders("handler", "dispatcher")
# Whom the cases of A concern, and those of B.
DISPATCHERS_OF_CASE_A = dispatchers("a", "over", "city")
OF_CASE_A = DISPATCHERS_OF_CASE_A | {"inspector@a"}
OF_CASE_B = dispatchers("b", "over", "city") | {"inspector@b"}
# Who may read the mobile number of somebody at A: colleagues, superiors, and the system administrator.
OF_MOBILE_A = AT_A | {"leader@over", "head@over"} | SYSADMINS
OF_MOBILE_B = AT_B | {"leader@over", "head@over", "nobody"} | SYSADMINS
