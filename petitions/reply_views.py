"""Published replies: the list, and one reply. Public, without form and without session."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View
from django.views.generic import TemplateView

from petitions.models import PublishedReply, Unit
from petitions.reply_presenters import present_replies, present_reply


class ReplyListView(TemplateView):
    """What others asked and were answered, narrowed as the address says."""

    template_name = "petitions/replies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **present_replies(self.request.GET))


class ReplyView(View):
    """One reply. A withdrawn one is answered with 410, for good."""

    def get(self, request: HttpRequest, reply_id: uuid.UUID) -> HttpResponse:
        reply = get_object_or_404(PublishedReply, uid=reply_id)
        if reply.is_withdrawn:
            return render(request, "petitions/reply_gone.html", {"reply": reply}, status=410)
        unit = Unit.objects.filter(code=reply.unit_code).first()
        return render(request, "petitions/reply.html", {"reply": present_reply(reply), "unit": unit})
