from django.urls import path

from petitions import views

app_name = "petitions"

urlpatterns = [
    path("", views.LandingView.as_view(), name="landing"),
    path("new/", views.NewPetitionView.as_view(), name="new"),
    path("follow/", views.FollowView.as_view(), name="follow"),
    path("follow/file/", views.OwnFileView.as_view(), name="file"),
]
