from django.urls import path

from petitions import feeds, follow_views, later_views, rating_views, reply_views, statistics_views, views, writing_views

app_name = "petitions"

urlpatterns = [
    path("", views.LandingView.as_view(), name="landing"),
    path("new/", writing_views.NewPetitionView.as_view(), name="new"),
    path("similar/", writing_views.SimilarRepliesView.as_view(), name="similar"),
    path("units.json", views.UnitWordsView.as_view(), name="unit_words"),
    path("privacy/", views.PrivacyView.as_view(), name="privacy"),
    path("privacy/<slug:version>/", views.PrivacyView.as_view(), name="privacy_version"),
    path("follow/", follow_views.FollowView.as_view(), name="follow"),
    path("follow/file/", follow_views.OwnFileView.as_view(), name="file"),
    path("follow/supplement/", follow_views.SupplementView.as_view(), name="supplement"),
    path("follow/withdrawal/", follow_views.WithdrawalView.as_view(), name="withdrawal"),
    path("follow/rating/", rating_views.RatingView.as_view(), name="rating"),
    path("follow/review/", later_views.ReviewView.as_view(), name="review"),
    path("follow/consent/", later_views.ConsentView.as_view(), name="consent"),
    path("rating/<str:token>/", rating_views.RatingByLinkView.as_view(), name="rating_link"),
    path("statistics/", statistics_views.StatisticsView.as_view(), name="statistics"),
    path("statistics/units.csv", statistics_views.StatisticsTableView.as_view(), name="statistics_csv"),
    path("statistics/chart/<str:key>.svg", statistics_views.ChartView.as_view(), name="chart"),
    path("replies/", reply_views.ReplyListView.as_view(), name="replies"),
    path("replies/feed.rss", feeds.ReplyFeed(), name="replies_rss"),
    path("replies/feed.atom", feeds.ReplyAtomFeed(), name="replies_atom"),
    path("replies/<uuid:reply_id>/", reply_views.ReplyView.as_view(), name="reply"),
]
