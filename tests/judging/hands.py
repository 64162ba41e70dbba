"""Small and large things to deal, and all deals of the small ones, by trying."""

import random
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any, NamedTuple

from hypothesis import strategies as st

from portal.judging.dealing import Deal, Essay, Judge, NotDealt, deal

LANGUAGES = "en", "mn"
ANY = st.integers(0, 2**40)
Pairs = tuple[tuple[str, ...], ...]


class Stage(NamedTuple):
    """What is given to `deal`, but the seed."""

    essays: list[Essay]
    judges: list[Judge]
    readings: int
    kept: dict[str, frozenset[str]]
    past: dict[str, frozenset[str]]

    @property
    def terms(self) -> dict[str, Any]:
        return {"readings": self.readings, "kept": self.kept, "past": self.past}

    def lack(self, essay: Essay) -> int:
        needs = self.readings if essay.needs is None else essay.needs
        return max(0, needs - len(self.kept.get(essay.id, ())))

    def may(self, essay: Essay) -> list[str]:
        """Who may read it anew."""
        return [judge.id for judge in self.judges if judge.is_active and self._is_let(essay, judge)]

    def _is_let(self, essay: Essay, judge: Judge) -> bool:
        had = self.kept.get(essay.id, frozenset()) | self.past.get(essay.id, frozenset())
        speaks = essay.language in judge.languages and not essay.homes & judge.shuns
        return speaks and judge.id not in essay.barred | had

    def load(self, judge: str) -> int:
        return sum(judge in some for some in self.kept.values())

    def loads(self, pairs: Pairs) -> dict[str, int]:
        names = {judge.id for judge in self.judges} | {name for some in self.kept.values() for name in some}
        return {name: self.load(name) + sum(name in some for some in pairs) for name in sorted(names)}

    def deals(self) -> Iterator[Pairs]:
        """All that keep the limits."""
        choices = [list(combinations(self.may(essay), self.lack(essay))) for essay in self.essays]
        return (pairs for pairs in product(*choices) if self._fits(pairs, least=True))

    def partial_deals(self) -> Iterator[Pairs]:
        """All that give an essay too few or enough readers, and judges no more than they may read."""
        choices = [
            [some for size in range(self.lack(essay) + 1) for some in combinations(self.may(essay), size)]
            for essay in self.essays
        ]
        return (pairs for pairs in product(*choices) if self._fits(pairs, least=False))

    def _fits(self, pairs: Pairs, *, least: bool) -> bool:
        for judge in self.judges:
            new, before = sum(judge.id in some for some in pairs), self.load(judge.id)
            if judge.is_active and (new > max(0, judge.most - before) or (least and new < judge.least - before)):
                return False
        return True


@st.composite
def stages(draw: st.DrawFn, *, bounded: bool = True, most_essays: int = 4) -> Stage:
    ids = [f"j{number}" for number in range(draw(st.integers(1, 4)))]
    some = st.frozensets(st.sampled_from(ids), max_size=1)
    homes = st.frozensets(st.sampled_from(["north", "south"]), max_size=1)
    languages = st.sampled_from([frozenset(["en"]), frozenset(LANGUAGES), frozenset(LANGUAGES), frozenset(["mn"])])
    judges = []
    for name in ids:
        most = draw(st.integers(0, 4)) if bounded else 9
        least = draw(st.integers(0, most)) if bounded and draw(st.booleans()) else 0
        judges.append(Judge(name, draw(languages), most, least, draw(homes), draw(st.integers(0, 9)) > 0))
    essays, kept, past = [], {}, {}
    for number in range(draw(st.integers(0, most_essays))):
        needs = draw(st.sampled_from([None, None, 1, 2]))
        language = draw(st.sampled_from(LANGUAGES))
        essays.append(Essay(f"e{number}", language, draw(homes), draw(some), language, needs))
        if draw(st.integers(0, 3)) == 0:
            kept[f"e{number}"] = draw(some)
            past[f"e{number}"] = draw(some) - kept[f"e{number}"]
    return Stage(essays, judges, draw(st.integers(1, 2)), kept, past)


def contest(
    essays: int, judges: int, *, seed: int, categories: int = 1, languages: str = "en", most: int = 10_000
) -> tuple[list[Essay], list[Judge]]:
    """Judges of 76 governments, each with its language; one in three reads another as well. Most essays are in the
    language of their author's government; one in fifty has a judge with a declared conflict."""
    dice, tongues = random.Random(seed), languages.split()
    own = {f"g{number}": tongues[number % len(tongues)] for number in range(76)}
    those = []
    for number in range(judges):
        home = dice.choice(sorted(own))
        reads = {tongues[number % len(tongues)]} | ({dice.choice(tongues)} if dice.random() < 0.35 else set())
        those.append(Judge(f"j{number}", frozenset(reads), most, 0, frozenset([home])))
    these = []
    for number in range(essays):
        home = dice.choice(sorted(own))
        language = own[home] if dice.random() < 0.7 else dice.choice(tongues)
        barred = frozenset([f"j{dice.randrange(judges)}"]) if dice.random() < 0.02 else frozenset[str]()
        group = f"{dice.randrange(categories)}/{language}"
        these.append(Essay(f"e{number}", language, frozenset([home]), barred, group))
    return these, those


def english(number: int, most: int = 10_000) -> list[Judge]:
    return [Judge(f"j{n}", frozenset(["en"]), most) for n in range(number)]


def essays(number: int, language: str = "en", **terms: object) -> list[Essay]:
    return [Essay(f"{language}{n}", language, **terms) for n in range(number)]  # type: ignore[arg-type]


def dealt(stage: Stage, seed: int = 0) -> Deal | None:
    try:
        return deal(stage.essays, stage.judges, seed=seed, **stage.terms)
    except NotDealt:
        return None
