"""Addresses of cases, below /cases/."""

from django.urls import path, register_converter

from core.identifiers import NUMBER_PATTERN
from internal_bridge.casework.views import (
    actions,
    bulk,
    case,
    checking,
    dispatching,
    drafting,
    exclusions,
    exports,
    identity,
    intake,
    notes,
    own_views,
    prints,
    queue,
    reviewing,
    templates,
    urging,
)

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
    path("templates/", templates.template_list, name="templates"),
    path("templates/new/", templates.new_template, name="new_template"),
    path("templates/<int:template_id>/", templates.change_template, name="template"),
    path("<petition_number:number>/", case.case_detail, name="detail"),
    path("<petition_number:number>/print/", prints.case_print, name="print"),
    path("<petition_number:number>/reply/print/", prints.reply_print, name="print_reply"),
    path("<petition_number:number>/notes/", notes.case_note, name="note"),
    path("<petition_number:number>/urge/", urging.case_urge, name="urge"),
    path("<petition_number:number>/identity/", identity.case_identity, name="identity"),
    path("<petition_number:number>/exclusions/", exclusions.case_exclusions, name="exclusions"),
    path("<petition_number:number>/review/", reviewing.case_review, name="review"),
    path("<petition_number:number>/check/", checking.case_check, name="check"),
    # These actions take more than a form: their pages stand at the action's own address.
    path("<petition_number:number>/actions/dispatch/", dispatching.dispatch_case, name="dispatch"),
    path("<petition_number:number>/actions/draft_reply/", drafting.case_reply, name="reply"),
    path("<petition_number:number>/actions/revise_publication/", checking.case_correction, name="correction"),
    path("<petition_number:number>/actions/<slug:action>/", actions.case_action, name="action"),
    path("<petition_number:number>/attachments/<int:attachment_id>/", case.case_attachment, name="attachment"),
]
