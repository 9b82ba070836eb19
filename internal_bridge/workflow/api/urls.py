"""Addresses of the API of work items, below /api/v1/."""

from django.urls import path

from internal_bridge.workflow.api.views import WorkItemsView

urlpatterns = [path("work-items/", WorkItemsView.as_view(), name="work_items")]
