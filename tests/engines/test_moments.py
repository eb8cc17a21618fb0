"""Moments as texts."""

from freehold.engines import moments

AT = 1_335_390_565.719_9


def test_moments_are_cut_off_where_the_text_ends():
    assert moments.iso_s(AT) == "2012-04-25T21:49:25Z"
    assert moments.iso_ms(AT) == "2012-04-25T21:49:25.719Z"
    assert (moments.iso_s(0), moments.iso_ms(0)) == ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z")
