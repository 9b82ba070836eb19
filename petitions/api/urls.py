from django.urls import path

from petitions.api import views

urlpatterns = [
    path("units/", views.UnitsView.as_view()),
    path("petitions/", views.PetitionsView.as_view()),
    path("petitions/<str:number>/", views.PetitionView.as_view()),
    path("petitions/<str:number>/file/", views.OwnFileView.as_view()),
]
