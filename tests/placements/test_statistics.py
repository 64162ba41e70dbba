"""The figures of a match, counted by hand."""

from portal.placements import statistics

APPLICANTS = {"a1": ["h1", "h2"], "a2": ["h1", "h2", "h3"], "a3": ["h2"], "a4": ["h1"], "a5": []}
MATCHING = {"a1": "h1", "a2": "h3", "a3": "h2", "a4": None, "a5": None}
CAPACITIES = {"h1": 1, "h2": 2, "h3": 4, "h4": 0}


def test_a_match_in_figures() -> None:
    assert statistics.statistics(APPLICANTS, CAPACITIES, MATCHING) == {
        "applicants": 5,
        "matched": 3,
        "match_rate": 0.6,
        "first_choice": 2,
        "first_choice_rate": 0.4,
        "mean_rank": 1.6667,
        "by_rank": {"1": 2, "2": 0, "3": 1},
        "hosts": 4,
        "places": 7,
        "filled": 3,
        "empty": 4,
    }


def test_of_nobody_there_is_no_rate() -> None:
    nobody = statistics.statistics({}, {}, {})
    assert (nobody["applicants"], nobody["match_rate"], nobody["first_choice_rate"]) == (0, None, None)
    assert nobody["by_rank"] == {}
    unlucky = statistics.figures({"a": ["h"]}, {"a": None})
    assert (unlucky["match_rate"], unlucky["mean_rank"]) == (0.0, None)


def test_groups_are_told_apart() -> None:
    groups = statistics.by_group(APPLICANTS, MATCHING, {"a1": "MN", "a2": "MN", "a3": "JP", "a4": "JP", "a5": "KR"})
    assert list(groups) == ["JP", "KR", "MN"]
    assert [group["match_rate"] for group in groups.values()] == [0.5, 0.0, 1.0]
    assert groups["MN"]["by_rank"] == {"1": 1, "2": 0, "3": 1}
    assert sum(group["applicants"] for group in groups.values()) == len(APPLICANTS)
