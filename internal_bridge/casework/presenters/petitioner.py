"""Who wrote, as far as a case shows it to whoever may see it: masked, so that a handler sees that there is somebody to call."""

from dataclasses import dataclass

from internal_bridge.casework.models import Case, CaseIdentity
from internal_bridge.casework.services import identity_of

STARS = "*"
HEAD_OF_PHONE, TAIL_OF_PHONE = 3, 4
LONGEST_NAME_SHOWN = 4


@dataclass(frozen=True)
class MaskedPetitioner:
    """All is None where the petitioner withholds the identity; ``opened`` only by a reason (``services.open_identity``)."""

    withheld: bool
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    representatives: int | None = None

    @classmethod
    def of(cls, case: Case) -> "MaskedPetitioner":
        """Decrypts the identity, gives out no more of it than its outline. Raises as the keyring does."""
        if case.withhold_identity:
            return cls(withheld=True)
        try:
            plain = identity_of(case)
        except CaseIdentity.DoesNotExist:
            return cls(withheld=False)
        return cls(
            withheld=False,
            name=mask_name(plain["name"]) or None,
            phone=mask_number(plain["phone"]) or None,
            email=mask_email(plain["email"]) or None,
            representatives=len(plain["representatives"]),
        )


def mask_name(name: str) -> str:
    """韦国强 → 韦**. No more stars than a name has characters, and at most three."""
    return name[:1] + STARS * (min(len(name), LONGEST_NAME_SHOWN) - 1) if name else ""


def mask_number(number: str) -> str:
    """13700003518 → 137****3518. A short one shows its last two digits alone."""
    hidden = len(number) - HEAD_OF_PHONE - TAIL_OF_PHONE
    if hidden < 2:
        return STARS * max(len(number) - 2, 0) + number[-2:] if len(number) > 2 else STARS * len(number)
    return number[:HEAD_OF_PHONE] + STARS * hidden + number[-TAIL_OF_PHONE:]


def mask_email(address: str) -> str:
    """wei@example.cn → w***@example.cn."""
    box, at, host = address.rpartition("@")
    return f"{box[:1]}***@{host}" if at else ""
