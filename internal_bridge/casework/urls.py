"""Addresses of cases, below /cases/."""

from django.urls import path, register_converter

from core.identifiers import NUMBER_PATTERN
from internal_bridge.casework import views

app_name = "casework"


class NumberConverter:
    """A petition's number as it is printed on the receipt."""

    regex = NUMBER_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "petition_number")

urlpatterns = [
    path("", views.case_list, name="list"),
    path("<petition_number:number>/", views.case_detail, name="detail"),
    path("<petition_number:number>/answer/", views.case_answer, name="answer"),
    path("<petition_number:number>/attachments/<int:attachment_id>/", views.case_attachment, name="attachment"),
]
