import datetime as dt

from portal import i18n

AT = dt.datetime(2027, 3, 31, 9, tzinfo=dt.UTC)
DAY = i18n.day(AT.date())


def test_a_deadline_is_told_where_it_is_decided_and_where_the_reader_is() -> None:
    i18n.use("en")
    told = i18n.deadline(AT, "Asia/Seoul", "Asia/Ulaanbaatar")
    assert told == f"{DAY}, 18:00 in Seoul (UTC+9) — 17:00 in Ulaanbaatar"


def test_once_where_the_clocks_agree() -> None:
    i18n.use("en")
    assert i18n.deadline(AT, "Asia/Seoul", "Asia/Tokyo") == f"{DAY}, 18:00 in Seoul (UTC+9)"


def test_with_the_day_where_that_is_another() -> None:
    i18n.use("en")
    told = i18n.deadline(AT + dt.timedelta(hours=5, minutes=30), "Asia/Seoul", "Asia/Kamchatka")
    assert told == f"{DAY}, 23:30 in Seoul (UTC+9) — {i18n.day(dt.date(2027, 4, 1))}, 02:30 in Kamchatka"
