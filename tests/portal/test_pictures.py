"""Pictures that editors upload are shown; what stands beside them on the disk is not."""

import io

import pytest
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(settings, tmp_path):
    data = io.BytesIO()
    Image.new("RGB", (640, 360), "navy").save(data, "PNG")
    return get_image_model().objects.create(title="河", file=ImageFile(data, name="river.png"))


def test_a_rendition_is_served_with_its_type(client, picture):
    answer = client.get(picture.get_rendition("fill-320x180").url)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/media/{}", "/media/images/../{}"])
def test_the_original_is_not(client, picture, address):
    assert client.get(address.format(picture.file.name)).status_code in (400, 404)
