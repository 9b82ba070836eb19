"""Under which of their posts somebody acts: the one chosen for this session, else the main one."""

from django.http import HttpRequest

from internal_bridge.org.models import Appointment
from internal_bridge.org.querysets import AppointmentQuerySet

__all__ = ["acting_appointment", "choose_post", "own_appointments", "post_label"]

SESSION_KEY = "org_appointment"
CACHE = "_org_acting"


def own_appointments(request: HttpRequest) -> AppointmentQuerySet:
    """The present appointments of who is logged in, with their places, the main one first."""
    rows = Appointment.objects.counting().with_places().order_by("-main", "id")
    # DRF puts None in the place of whoever has no login.
    return rows.filter(person__user=request.user) if request.user and request.user.is_authenticated else rows.none()


def acting_appointment(request: HttpRequest) -> Appointment | None:
    """The appointment under which the person of this request acts; None for who has none. One query a request."""
    if not hasattr(request, CACHE):
        present = list(own_appointments(request))
        chosen = request.session.get(SESSION_KEY)
        setattr(request, CACHE, next((held for held in present if held.pk == chosen), present[0] if present else None))
    found: Appointment | None = getattr(request, CACHE)
    return found


def choose_post(request: HttpRequest, *, appointment_id: int) -> Appointment:
    """Act under this appointment until the session ends. Raises ``Appointment.DoesNotExist`` for one that is not one's own or
    has ended."""
    appointment = own_appointments(request).get(pk=appointment_id)
    request.session[SESSION_KEY] = appointment.pk
    setattr(request, CACHE, appointment)
    return appointment


def post_label(appointment: Appointment | None) -> str:
    """'市信访局 受理科 受理员', as the audit log keeps it; empty without an appointment."""
    if appointment is None:
        return ""
    department = appointment.post.department
    return f"{department.unit.short_name} {department.name} {appointment.post.name}"
