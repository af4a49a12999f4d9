from django.urls import path

from . import views

app_name = "organisations"

urlpatterns = [
    path("", views.index, name="list"),
    path("exporta/", views.export, name="export"),
    path("invitacio/<str:token>/", views.invitation, name="invitation"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/membres/afegeix/", views.add_member, name="add_member"),
    path("<slug:slug>/membres/<int:pk>/rol/", views.change_role, name="change_role"),
    path("<slug:slug>/membres/<int:pk>/baixa/", views.end_membership, name="end_membership"),
    path("<slug:slug>/invitacions/<int:pk>/anulla/", views.revoke_invitation, name="revoke_invitation"),
    path("<slug:slug>/relleu/", views.hand_over, name="hand_over"),
]
