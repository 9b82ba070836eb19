"""Questions about columns and articles."""

from typing import TYPE_CHECKING

from wagtail.models import PageManager, PageQuerySet

if TYPE_CHECKING:
    from portal.models import ColumnPage


class ArticleQuerySet(PageQuerySet):
    def in_column(self, column: "ColumnPage") -> "ArticleQuerySet":
        """Live articles of one column."""
        return self.live().child_of(column)

    def newest_first(self) -> "ArticleQuerySet":
        return self.order_by("-published_at", "-pk")

    def for_list(self) -> "ArticleQuerySet":
        """Newest first, with what a list row shows and without the bodies."""
        return self.newest_first().select_related("unit").defer("body")


class ColumnQuerySet(PageQuerySet):
    def with_content(self) -> "ColumnQuerySet":
        """Live columns that have something in them: an empty column is not offered."""
        return self.live().filter(numchild__gt=0)

    def in_menu_order(self) -> "ColumnQuerySet":
        """As the editors arranged them in the page tree."""
        return self.order_by("path")


ArticleManager = PageManager.from_queryset(ArticleQuerySet)
ColumnManager = PageManager.from_queryset(ColumnQuerySet)
