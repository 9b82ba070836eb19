"""Under which of their posts somebody acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internal_bridge.org.models import Appointment
from internal_bridge.org.services import choose_post, post_label
from internal_bridge.org.views.answers import private, see_other


@require_http_methods(["GET", "HEAD", "POST"])
@private
def choose(request: HttpRequest) -> HttpResponse:
    """Act under ``appointment`` until the session ends, and go back to ``next``. Repeated, it changes nothing more."""
    if request.method != "POST":
        return redirect("org:directory")
    text = request.POST.get("appointment", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    try:
        chosen = choose_post(request, appointment_id=int(text))
    except Appointment.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("You now act as %(post)s.") % {"post": post_label(chosen)})
    address = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return see_other(address if own else "/")
