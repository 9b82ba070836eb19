from django.urls import path

from internal_bridge.exchange.api import files, views

urlpatterns = [
    path("challenge/", views.ChallengeView.as_view()),
    path("pull/", views.PullView.as_view()),
    path("messages/", views.PushView.as_view()),
    path("receipts/", views.ReceiptsView.as_view()),
    path("files/fetched/", files.FetchedView.as_view()),
    path("files/<str:digest>/", files.FileView.as_view()),
]
