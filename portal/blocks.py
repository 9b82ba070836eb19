"""What the body of an article is made of: few kinds of blocks, so that every article reads alike and Word text has a place."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


class FigureBlock(blocks.StructBlock):
    """A picture with its caption; the alternative text says what is to be seen, the caption what it means."""

    image = ImageChooserBlock(label=_("picture"))
    alternative = blocks.CharBlock(
        label=_("alternative text"), max_length=120, help_text=_("What is to be seen, for those who cannot see it.")
    )
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("picture")
        template = "portal/blocks/figure.html"


class BodyBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)
    table = TypedTableBlock([("text", blocks.CharBlock(label=_("text"), required=False))], label=_("table"))
    figure = FigureBlock()
