"""Addresses below /api/v1/."""

from django.urls import path

from internal_bridge.casework.api import acting, cases, views

urlpatterns = [
    path("cases/", cases.CasesView.as_view(), name="case_list"),
    path("cases/<str:number>/", cases.CaseDetailView.as_view(), name="case_read"),
    path("cases/<str:number>/actions/<str:action>/", acting.CaseActionView.as_view(), name="case_act"),
    path("cases/<str:number>/identity/", acting.CaseIdentityView.as_view(), name="case_identity"),
    path("cases/<str:number>/notes/", acting.CaseNotesView.as_view(), name="case_note"),
    path("cases/<str:number>/attachments/<str:attachment_id>/", cases.CaseAttachmentView.as_view(), name="case_attachment"),
    path("redaction/propose/", views.ProposeRedactionView.as_view(), name="redaction_propose"),
]
