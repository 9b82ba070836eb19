"""Chinese text for comparing."""

import pytest

from core.text import simplify


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("每日清晨至江濱公園散步，公園景色甚佳", "每日清晨至江滨公园散步，公园景色甚佳"),
        ("網購退款騙局", "网购退款骗局"),
        # One sign of one script is several of the other: the word decides.
        ("理髮店發票", "理发店发票"),
        ("乾隆年間的乾衣機", "乾隆年间的干衣机"),
        ("江滨路 12 号", "江滨路 12 号"),
        ("Room 12", "Room 12"),
        ("", ""),
    ],
)
def test_traditional_characters_are_compared_as_simplified_ones(written: str, compared: str) -> None:
    assert simplify(written) == compared
