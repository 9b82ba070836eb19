from django.urls import path

from petitions.api import reply_views, request_views, views

urlpatterns = [
    path("units/", views.UnitsView.as_view()),
    path("petitions/", views.PetitionsView.as_view()),
    path("petitions/<str:number>/", views.PetitionView.as_view()),
    path("petitions/<str:number>/file/", views.OwnFileView.as_view()),
    path("petitions/<str:number>/supplements/", request_views.SupplementsView.as_view()),
    path("petitions/<str:number>/withdrawal/", request_views.WithdrawalView.as_view()),
    path("replies/", reply_views.RepliesView.as_view()),
    path("replies/<str:reply_id>/", reply_views.ReplyView.as_view()),
]
