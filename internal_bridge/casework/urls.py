"""Addresses of cases, below /cases/."""

from django.urls import path, register_converter

from core.identifiers import NUMBER_PATTERN
from internal_bridge.casework.views import actions, bulk, case, exports, intake, own_views, prints, queue

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
    path("", queue.case_list, name="list"),
    path("new/", intake.NewCaseView.as_view(), name="new"),
    path("export/<slug:format>/", exports.export, name="export"),
    path("views/", own_views.save, name="save_view"),
    path("views/<int:view_id>/delete/", own_views.delete, name="delete_view"),
    path("views/<int:view_id>/restore/", own_views.restore, name="restore_view"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/<uuid:uid>/", bulk.bulk_run, name="bulk_run"),
    path("bulk/<uuid:uid>/undo/", bulk.bulk_undo, name="bulk_undo"),
    path("<petition_number:number>/", case.case_detail, name="detail"),
    path("<petition_number:number>/print/", prints.case_print, name="print"),
    path("<petition_number:number>/reply/print/", prints.reply_print, name="print_reply"),
    path("<petition_number:number>/actions/<slug:action>/", actions.case_action, name="action"),
    path("<petition_number:number>/attachments/<int:attachment_id>/", case.case_attachment, name="attachment"),
]
