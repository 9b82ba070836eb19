"""The demonstration's site, seeded once for all tests here."""

import re

from django.test import TestCase
from wagtail.models import Page, Revision, Site

from core.models import User
from petitions.seeds import seed_units
from portal.models import ArticlePage, ColumnPage, HomePage
from portal.services import seed_pages


class SeededSite(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        seed_units()
        seed_pages(reviewer_password="zhengqiao-demo")

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
        seed_pages(reviewer_password="another")
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
        assert self.client.login(username="site.reviewer", password="zhengqiao-demo")
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
        assert self.client.login(username="site.reviewer", password="zhengqiao-demo")
        html = self.client.get("/cms/snippets/petitions/unit/").content.decode()
        assert "市人民政府办公室" in html
        assert "/unit/add/" not in html
        assert self.client.get("/cms/snippets/petitions/unit/add/").status_code == 302
        assert self.client.get("/cms/snippets/portal/topic/").status_code == 200

    def test_cms_asks_for_the_site_s_own_login(self) -> None:
        assert self.client.get("/cms/").headers["Location"] == "/login/?next=/cms/"
