"""The reliability plot: each bin a dot at its place, as large as it has pairs."""

from __future__ import annotations

from index.pairs.protocol import Bin
from service.web.reliability import HEIGHT, MAX_RADIUS, MIN_RADIUS, WIDTH, draw_dots


def test_confidence_goes_to_the_right_and_the_share_upwards() -> None:
    (dot,) = draw_dots([Bin(confidence=0.75, same=0.9, pairs=40)])
    assert (dot.x, dot.y) == (0.75 * WIDTH, 24.0)
    assert dot.bin.pairs == 40


def test_a_calibrated_bin_lies_on_the_diagonal() -> None:
    for share in (0.0, 0.25, 1.0):
        (dot,) = draw_dots([Bin(confidence=share, same=share, pairs=1)])
        assert dot.x == HEIGHT - dot.y


def test_areas_are_as_the_pairs_and_small_ones_can_still_be_seen() -> None:
    large, quarter, tiny = draw_dots([Bin(confidence=0.1, same=0.1, pairs=pairs) for pairs in (400, 100, 1)])
    assert (large.radius, quarter.radius, tiny.radius) == (MAX_RADIUS, MAX_RADIUS / 2, MIN_RADIUS)


def test_without_bins_there_are_no_dots() -> None:
    assert draw_dots([]) == []
