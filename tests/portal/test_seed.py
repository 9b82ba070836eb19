"""The demonstration's site, seeded once for all tests here."""

import re

from django.contrib.auth.hashers import make_password
from django.test import TestCase
from wagtail.models import Page, Revision, Site

from core.models import User
from petitions.models import Unit
from petitions.services import note_unit
from portal import seeds
from portal.management.commands.seed import wait_for_units
from portal.models import ArticlePage, ColumnPage, HomePage
from portal.seeds import seed_articles, seed_frame, seed_logins
from tests.petitions.directory import FOUNDED, note_dozen
from tests.petitions.directory import unit as unit_of

PASSWORD = "zhengqiao-demo"


def note_units_of_the_stories() -> None:
    """A dozen units, and those that the demo's articles belong to."""
    note_dozen()
    codes = sorted({story.data["unit"] for story in seeds._stories()} - set(Unit.objects.values_list("code", flat=True)))
    for position, code in enumerate(codes, 100):
        seeds_unit = unit_of(code, f"{code}局", f"{code}局", "yls", "institution", True, position)
        note_unit(**seeds_unit, told_on=FOUNDED)


class SeededSite(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        note_units_of_the_stories()
        seed_frame()
        seed_articles()
        seed_logins(password_hash=make_password(PASSWORD))

    def test_columns_and_articles(self) -> None:
        assert ColumnPage.objects.live().count() == 10
        assert ArticlePage.objects.live().child_of(ColumnPage.objects.get(slug="yaowen")).count() == 11
        assert ArticlePage.objects.live().child_of(ColumnPage.objects.get(slug="tongzhi")).count() == 24
        assert ArticlePage.objects.live().count() == 110
        assert isinstance(Site.objects.get().root_page.specific, HomePage)
        assert not Page.objects.filter(title__startswith="Welcome").exists()
        assert Page.find_problems() == ([], [], [], [], [])

    def test_repeating_changes_nothing(self) -> None:
        edited = ArticlePage.objects.get(slug="a001")
        edited.title = "编辑改过的标题"
        edited.save_revision().publish()
        state = (Page.objects.count(), Revision.objects.count(), User.objects.get(username="site.reviewer").password)
        seed_frame()
        seed_articles()
        assert seed_logins(password_hash=make_password("another")) == 0
        assert state == (Page.objects.count(), Revision.objects.count(), User.objects.get(username="site.reviewer").password)
        assert ArticlePage.objects.get(slug="a001").title == "编辑改过的标题"

    def test_links_between_articles_are_resolved(self) -> None:
        bodies = [str(article.body.stream_block.get_prep_value(article.body)) for article in ArticlePage.objects.all()]
        assert not any("article:" in body for body in bodies)
        assert any('linktype="page"' in body for body in bodies)
        assert ArticlePage.objects.filter(interprets__isnull=False).count() == 10

    def test_every_page_answers(self) -> None:
        for page in Page.objects.live().exclude(depth=1):
            response = self.client.get(page.get_url())
            assert response.status_code == 200, page.get_url()
            assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)", response.content.decode()), page.get_url()

    def test_reviewer_edits_and_publishes(self) -> None:
        assert self.client.login(username="site.reviewer", password=PASSWORD)
        article = ArticlePage.objects.get(slug="a027")
        response = self.client.get(f"/cms/pages/{article.pk}/edit/")
        assert response.status_code == 200
        html = response.content.decode()
        nonce = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])
        assert nonce is not None
        assert f'<script nonce="{nonce[1]}">initDateTimeChooser(' in html
        assert not re.search(r"<script>", html)
        assert int(response.headers["Content-Length"]) == len(response.content)
        assert "发布" in html
        policy = article.permissions_for_user(User.objects.get(username="site.reviewer"))
        assert policy.can_publish()

    def test_reviewer_sees_units_and_changes_none(self) -> None:
        assert self.client.login(username="site.reviewer", password=PASSWORD)
        html = self.client.get("/cms/snippets/petitions/unit/").content.decode()
        assert "市人民政府办公室" in html
        assert "/unit/add/" not in html
        assert self.client.get("/cms/snippets/petitions/unit/add/").status_code == 302
        assert self.client.get("/cms/snippets/portal/topic/").status_code == 200

    def test_cms_asks_for_the_site_s_own_login(self) -> None:
        way = [url for url, _status in self.client.get("/cms/", follow=True).redirect_chain]
        assert way == ["/cms/login/?next=/cms/", "/login/?next=%2Fcms%2F"]

    def test_what_was_broken_off_is_continued(self) -> None:
        made, bare = ArticlePage.objects.get(slug="a002"), ArticlePage.objects.get(slug="a001")
        made.delete()
        Revision.objects.for_instance(bare).delete()
        ArticlePage.objects.filter(pk=bare.pk).update(live=False, latest_revision=None, live_revision=None, body="[]")
        seed_articles()
        assert ArticlePage.objects.live().count() == 110
        assert str(ArticlePage.objects.get(slug="a001").body)

    def test_every_city_level_unit_has_its_logins_and_they_enter_the_cms_and_no_more(self) -> None:
        logins = set(User.objects.values_list("username", flat=True))
        assert {"site.reviewer", "editor.gaj", "reviewer.gaj"} <= logins
        # Neither a county nor what stands below one, nor the city itself.
        assert {"editor.yjq", "editor.yjdw", "editor.yls"}.isdisjoint(logins)
        editor = User.objects.get(username="editor.gaj")
        assert editor.display_name
        assert not editor.is_superuser
        assert len(set(User.objects.filter(username__startswith="editor.").values_list("password", flat=True))) == 1
        assert self.client.login(username="editor.gaj", password=PASSWORD)
        assert self.client.get("/cms/").status_code == 200
        article = ArticlePage.objects.get(slug="a027")
        assert self.client.get(f"/cms/pages/{article.pk}/edit/").status_code == 302
        assert not article.permissions_for_user(editor).can_edit()

    def test_two_operate_the_bridge_and_have_no_business_in_the_cms(self) -> None:
        operators = User.objects.filter(username__in=["bridge.one", "bridge.two"])
        assert [person.has_perm("exchange.operate_bridge") for person in operators] == [True, True]
        assert all(person.display_name for person in operators)
        assert not User.objects.get(username="editor.gaj").has_perm("exchange.operate_bridge")
        assert not User.objects.get(username="site.reviewer").has_perm("exchange.operate_bridge")
        # They log in, for their password and sessions; the CMS sends them there, not round in a circle.
        answer = self.client.post("/login/", {"login": "bridge.one", "password": PASSWORD, "next": "/cms/"}, follow=True)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/account/sessions/")

    def test_the_page_of_a_group_can_give_the_right(self) -> None:
        User.objects.create_superuser("root", password=PASSWORD)
        assert self.client.login(username="root", password=PASSWORD)
        assert "Can operate the bridge" in self.client.get("/cms/groups/new/").content.decode()

    def test_waiting_for_units_ends(self) -> None:
        count = Unit.objects.count()
        assert wait_for_units(count, patience=0) == count
        assert wait_for_units(count + 1, patience=0) == count
