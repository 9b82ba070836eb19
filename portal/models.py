"""Pages of the public site, and the image and document models of its CMS."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtail.models import Page
from wagtail.search import index

from petitions.models import Unit
from portal import presenters
from portal.blocks import BodyBlock
from portal.enums import ArticleKind, ColumnKind, Scene
from portal.querysets import ArticleManager, ColumnManager


class PortalImage(AbstractImage):
    """Not called Image: the reverse names of Wagtail's own model would clash."""

    admin_form_fields = WagtailImage.admin_form_fields


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="portal_rendition_once")
        ]


class PortalDocument(AbstractDocument):
    admin_form_fields = WagtailDocument.admin_form_fields


class Topic(models.Model):
    """A subject that articles of any column may share: housing, health, education."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


class BasePage(Page):
    """What every page of the portal has. Abstract: there is no table that all pages share but Wagtail's own."""

    class Meta:
        abstract = True

    def page_title(self) -> str:
        """The document's title: the editor's title for search engines, else the page's own."""
        return self.seo_title or self.title

    def page_description(self) -> str:
        """One sentence for the meta description and for search results."""
        return self.search_description


class HomePage(BasePage):
    """The front page of one language."""

    headline = models.ForeignKey(
        "portal.ArticlePage",
        verbose_name=_("headline"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("One line over everything. A space in its title allows a line break. Empty: no headline."),
    )
    feature = models.ForeignKey(
        "portal.ArticlePage",
        verbose_name=_("picture story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown with its picture, or with the drawing chosen below when it has none."),
    )
    scene = models.CharField(_("drawing"), max_length=16, choices=Scene, default=Scene.RIVER)

    content_panels = [
        *Page.content_panels,
        PageChooserPanel("headline", "portal.ArticlePage"),
        MultiFieldPanel([PageChooserPanel("feature", "portal.ArticlePage"), FieldPanel("scene")], heading=_("picture story")),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["portal.ColumnPage"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        columns = ColumnPage.objects.child_of(self).with_content().in_menu_order()
        articles = ArticlePage.objects.descendant_of(self).live()
        shown = presenters.home(self, request=request, columns=columns, articles=articles)
        if self.locale.language_code != settings.LANGUAGE_CODE:
            # Columns are published in the city's own language only; the other home pages lead there.
            elsewhere = ColumnPage.objects.with_content().filter(locale__language_code=settings.LANGUAGE_CODE)
            shown["chinese_columns"] = elsewhere.in_menu_order()
        return {**super().get_context(request, *args, **kwargs), **shown}


class ColumnPage(BasePage):
    """A column (栏目): one kind of information, listed by date."""

    kind = models.CharField(_("kind"), max_length=16, choices=ColumnKind, default=ColumnKind.NEWS)
    description = models.CharField(_("description"), max_length=200, help_text=_("What is published here, in one sentence."))
    keywords = models.CharField(_("keywords"), max_length=200, blank=True, help_text=_("Separated by commas."))

    objects = ColumnManager()

    content_panels = [*Page.content_panels, FieldPanel("kind"), FieldPanel("description"), FieldPanel("keywords")]
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.ArticlePage"]

    class Meta:
        verbose_name = _("column")
        verbose_name_plural = _("columns")

    def page_description(self) -> str:
        return self.search_description or self.description

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        listing = presenters.column(
            self,
            siblings=ColumnPage.objects.sibling_of(self).with_content().in_menu_order(),
            articles=ArticlePage.objects.in_column(self),
            params=request.GET,
        )
        return {**super().get_context(request, *args, **kwargs), **listing}


class ArticlePage(BasePage):
    """One published piece of information. ``published_at`` is the date that readers see, apart from Wagtail's own dates."""

    kind = models.CharField(_("kind"), max_length=16, choices=ArticleKind, default=ArticleKind.NEWS)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("source"), max_length=60, help_text=_("As printed: a unit, a county or a newspaper."))
    published_at = models.DateTimeField(_("date of publication"), default=timezone.now, help_text=_("Beijing time."))
    summary = models.TextField(_("summary"), max_length=200, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True, help_text=_("Separated by commas."))
    topics = ParentalManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="+")
    body = StreamField(BodyBlock(), verbose_name=_("text"))
    picture = models.ForeignKey(
        PortalImage, verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    doc_number = models.CharField(_("document number"), max_length=40, blank=True)
    index_number = models.CharField(_("index number"), max_length=40, blank=True)
    interprets = models.ForeignKey(
        "self",
        verbose_name=_("interprets"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interpretations",
        help_text=_("The policy document that this article explains."),
    )

    objects = ArticleManager()

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("unit"), FieldPanel("source"), FieldPanel("published_at")],
            heading=_("publication"),
        ),
        FieldPanel("summary"),
        FieldPanel("picture"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("doc_number"),
                FieldPanel("index_number"),
                PageChooserPanel("interprets", "portal.ArticlePage"),
                FieldPanel("topics"),
                FieldPanel("keywords"),
            ],
            heading=_("document data"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("kind"),
        index.FilterField("unit_id"),
        index.FilterField("published_at"),
    ]
    parent_page_types = ["portal.ColumnPage"]
    subpage_types: list[str] = []

    class Meta:
        indexes = [models.Index(fields=["-published_at", "-page_ptr"], name="portal_article_newest")]
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def page_description(self) -> str:
        return self.search_description or self.summary

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        siblings = ArticlePage.objects.sibling_of(self, inclusive=False).live()
        interpretations = self.interpretations.live()
        shown = presenters.article(self, column=self.get_parent().specific, siblings=siblings, interpretations=interpretations)
        return {**super().get_context(request, *args, **kwargs), **shown}
