"""The CMS: units to look up, topics to keep."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from petitions.models import Unit
from portal.models import Topic


class ReadOnlyPolicy(ModelPermissionPolicy):
    """The office's directory is the only writer of units; here they can be seen and chosen by whoever may view them."""

    READING = {"view", "choose"}

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.READING and super().user_has_permission(user, "view")

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Any) -> Any:
        reading = self.READING.intersection(actions)
        return super().users_with_any_permission({"view"}) if reading else self.get_users_with_no_permissions()

    def get_users_with_no_permissions(self) -> Any:
        return super().users_with_any_permission({"view"}).none()


class UnitViewSet(SnippetViewSet):
    model = Unit
    icon = "group"
    menu_label = _("Units")
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["short_name", "name", "code", "accepts_petitions"]
    list_filter = ["kind", "accepts_petitions"]
    search_fields = ["name", "short_name", "code", "duties"]
    inspect_view_fields = ["code", "name", "short_name", "parent_code", "kind", "duties", "accepts_petitions"]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    add_to_admin_menu = True
    list_display = ["name", "slug"]


register_permission_policy(Unit, ReadOnlyPolicy(Unit), exact_class=True)
register_snippet(UnitViewSet)
register_snippet(TopicViewSet)


@hooks.register("register_admin_menu_item")
def register_account_menu_item() -> MenuItem:
    """One's password and sessions, which are the same page for all logins of the site."""
    words, url = _("Sessions and password"), reverse("account_sessions")
    return MenuItem(words, url, name="account-sessions", icon_name="lock", order=10_000)


@hooks.register("register_permissions")
def offer_bridge_permission() -> QuerySet[Permission]:
    """Lets the page of a group give the right to operate the bridge (docs/deploying.md)."""
    return Permission.objects.filter(content_type__app_label="exchange", codename="operate_bridge")
