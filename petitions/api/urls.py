from django.urls import path

from petitions.api import later_views, reply_views, request_views, statistics_views, views

urlpatterns = [
    path("units/", views.UnitsView.as_view()),
    path("petitions/", views.PetitionsView.as_view()),
    path("petitions/<str:number>/", views.PetitionView.as_view()),
    path("petitions/<str:number>/file/", views.OwnFileView.as_view()),
    path("petitions/<str:number>/supplements/", request_views.SupplementsView.as_view()),
    path("petitions/<str:number>/withdrawal/", request_views.WithdrawalView.as_view()),
    path("petitions/<str:number>/rating/", later_views.RatingView.as_view()),
    path("petitions/<str:number>/review-request/", later_views.ReviewRequestView.as_view()),
    path("petitions/<str:number>/consent-withdrawal/", later_views.ConsentWithdrawalView.as_view()),
    path("ratings/<str:token>/", later_views.RatingByLinkView.as_view()),
    path("statistics/", statistics_views.StatisticsView.as_view()),
    path("replies/", reply_views.RepliesView.as_view()),
    path("replies/<str:reply_id>/", reply_views.ReplyView.as_view()),
]
