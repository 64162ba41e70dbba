"""What goes into a match and what comes out, as files: read, checked, written, hashed and proved again. Pure.

docs/match.md describes both forms for readers.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from portal.placements import matching, stability, statistics
from portal.placements.matching import Host, Side

FORMAT = "near-match/1"
MOST_PLACES = 1_000_000
LONGEST_QUOTE = 60
EXPORTED = (
    "format", "about", "input", "sha256", "seed", "optimal_for", "matching", "statistics", "blocking_pairs", "seal",
)  # fmt: skip
FOLLOWING = ("statistics", "blocking_pairs")


class WrongInstance(ValueError):
    """Not what it should be: the message is one English sentence that says what is wrong, and where."""


class Instance(NamedTuple):
    """The input of a match: each applicant's hosts from the first choice on, and the hosts."""

    applicants: Mapping[str, Sequence[str]]
    hosts: Mapping[str, Host]

    @property
    def capacities(self) -> dict[str, int]:
        return {name: host.capacity for name, host in self.hosts.items()}


def read(raw: bytes) -> Any:
    """The value that a JSON file holds, in which no key may stand twice in one object and no number be infinite.

    In: the bytes of the file, in UTF-8 with or without a byte order mark. Raises WrongInstance.
    """
    try:
        return json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_unrepeated, parse_constant=_no_number, parse_float=_finite
        )
    except WrongInstance:
        raise
    except UnicodeDecodeError:
        raise WrongInstance("The file is not in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise WrongInstance(f"The file is no JSON: {error}.") from None
    except ValueError:
        raise WrongInstance("The file holds a number with too many digits.") from None
    except RecursionError:
        raise WrongInstance("The file is nested too deeply.") from None


def check(data: object) -> Instance:
    """The instance that decoded JSON describes.

    In: {"applicants": {"a1": ["h1"]}, "hosts": {"h1": {"capacity": 1, "ranking": ["a1", ["a2", "a3"]]}}}, where an
    inner list is a tie. Every name in a list must be a key on the other side, and no list may hold it twice; capacities
    are whole numbers from 0 to a million. Raises WrongInstance, naming the first place that is wrong.
    """
    top = _fields(data, "The file", ("applicants", "hosts"))
    applicants, hosts = _named(top["applicants"], '"applicants"'), _named(top["hosts"], '"hosts"')
    return Instance(
        {name: _choices(name, choices, hosts) for name, choices in applicants.items()},
        {name: _host(name, host, applicants) for name, host in hosts.items()},
    )


def plain(instance: Instance) -> dict[str, Any]:
    """The instance as JSON values, in the form that `check` reads."""
    return {
        "applicants": {name: list(choices) for name, choices in instance.applicants.items()},
        "hosts": {name: _plain_host(host) for name, host in instance.hosts.items()},
    }


def canonical(data: object) -> str:
    """The one way to write JSON values: keys sorted by code point, no spaces, nothing escaped that need not be.

    For names without characters beyond U+FFFF it is the form of RFC 8785.
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(instance: Instance) -> str:
    """The SHA-256, in hexadecimal, of the canonical JSON of `plain(instance)` in UTF-8.

    So it covers the names, the lists of both sides with their ties in the order given, and the capacities; neither the
    seed nor anything else. It can be published before the seed is drawn.
    """
    return hashlib.sha256(canonical(plain(instance)).encode()).hexdigest()


def document(
    instance: Instance, *, seed: int, optimal_for: Side = Side.APPLICANTS, about: Mapping[str, Any]
) -> dict[str, Any]:
    """A run of the match as one file that anybody can prove again.

    In: what to match and how; `about`, facts for readers as JSON values (which call, which run, when), which no one can
    prove. Out: the input, its SHA-256 (see `sha256` for what that covers), the seed and the side, the matching, its
    statistics, the blocking pairs that stability.py found, of which there are none, and the seal of all that.
    """
    made = {
        "format": FORMAT,
        "about": dict(about),
        "input": plain(instance),
        "sha256": sha256(instance),
        "seed": seed,
        "optimal_for": Side(optimal_for).value,
        **outcome(instance, seed=seed, optimal_for=optimal_for),
    }
    return {**made, "seal": seal(made)}


def seal(exported: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of the canonical JSON in UTF-8 of everything else in an exported run.

    So no figure of it can be changed by itself, not even one on which the result happens not to depend.
    """
    rest = {key: value for key, value in exported.items() if key != "seal"}
    return hashlib.sha256(canonical(rest).encode(errors="surrogatepass")).hexdigest()


def outcome(instance: Instance, *, seed: int, optimal_for: Side = Side.APPLICANTS) -> dict[str, Any]:
    """The matching, its statistics and its blocking pairs, as JSON values."""
    result = matching.match(instance.applicants, instance.hosts, seed=seed, optimal_for=optimal_for)
    rankings = matching.strict(instance.hosts, instance.applicants, seed)
    blocking = stability.blocking_pairs(instance.applicants, instance.capacities, rankings, result)
    return {
        "matching": result,
        "statistics": dict(statistics.statistics(instance.applicants, instance.capacities, result)),
        "blocking_pairs": [list(pair) for pair in blocking],
    }


def is_export(data: object) -> bool:
    """Whether it claims to be a run that `document` wrote."""
    return isinstance(data, dict) and data.get("format") == FORMAT


def objection(exported: object) -> str | None:
    """Why an exported run does not hold, in one sentence; None if it does.

    It reads the input as strictly as `check`, computes its hash, runs the match again with the seed, lets stability.py
    judge the matching as it stands in the file, compares every figure, and the seal at last. What `about` says cannot
    be proved.
    """
    return next(_objections(exported), None)


def _objections(exported: Any) -> Iterator[str]:
    try:
        instance = _claimed(exported)
    except WrongInstance as error:
        yield str(error)
        return
    if exported["sha256"] != sha256(instance):
        yield f"The input has the hash {sha256(instance)}, which is not the one in the file."
    again = outcome(instance, seed=exported["seed"], optimal_for=Side(exported["optimal_for"]))
    yield from _differences(exported["matching"], again["matching"])
    yield from _flaws(instance, exported)
    yield from (f'The "{key}" are not those of this matching.' for key in FOLLOWING if not _same(exported, again, key))
    if not _is_sealed(exported):
        yield "Something in the file was changed after it was written: its seal does not fit."


def _is_sealed(exported: dict[str, Any]) -> bool:
    try:
        return bool(exported["seal"] == seal(exported))
    except RecursionError:  # the free facts are nested more deeply than any that were written
        return False


def _flaws(instance: Instance, exported: dict[str, Any]) -> Iterator[str]:
    rankings = matching.strict(instance.hosts, instance.applicants, exported["seed"])
    found = stability.flaws(instance.applicants, instance.capacities, rankings, exported["matching"])
    return (flaw.sentence for flaw in found)


def _same(one: dict[str, Any], other: dict[str, Any], key: str) -> bool:
    """Equal, and written in the same way: true is not 1."""
    return one[key] == other[key] and canonical(one[key]) == canonical(other[key])


def _claimed(exported: object) -> Instance:
    """The input of an exported run whose fields are of the right types."""
    fields = _fields(exported, "The export", EXPORTED)
    if fields["format"] != FORMAT:
        raise WrongInstance(f'The format of the export is not "{FORMAT}".')
    if type(fields["seed"]) is not int:
        raise WrongInstance('The "seed" of the export must be a whole number.')
    if fields["optimal_for"] not in list(Side):
        raise WrongInstance('The "optimal_for" of the export must be "applicants" or "hosts".')
    _object(fields["about"], 'The "about" of the export')
    given = _object(fields["matching"], 'The "matching" of the export')
    if not all(host is None or isinstance(host, str) for host in given.values()):
        raise WrongInstance('The "matching" of the export must give each applicant a host or null.')
    return check(fields["input"])


def _differences(claimed: Mapping[str, str | None], found: Mapping[str, str | None]) -> Iterator[str]:
    for name in sorted({*claimed, *found}):
        if name not in claimed or name not in found:
            yield f"Applicant {_quoted(name)} is not both in the input and in the matching."
        elif claimed[name] != found[name]:
            places = f"{_place(claimed[name])} in the file, and by the rule {_place(found[name])}"
            yield f"Applicant {_quoted(name)} has {places}."


def _place(host: str | None) -> str:
    return "no place" if host is None else _quoted(host)


def _choices(name: str, choices: object, hosts: Mapping[str, object]) -> list[str]:
    where = f"The list of applicant {_quoted(name)}"
    return _known(_list(choices, where), where, hosts, "host")


def _host(name: str, host: object, applicants: Mapping[str, object]) -> Host:
    fields = _fields(host, f"Host {_quoted(name)}", ("capacity", "ranking"))
    where = f"The ranking of host {_quoted(name)}"
    ranking = _list(fields["ranking"], where)
    if [] in ranking:
        raise WrongInstance(f"{where} holds an empty tie.")
    _known([name for entry in ranking for name in _tied(entry)], where, applicants, "applicant")
    return Host(_capacity(fields["capacity"], name), ranking)


def _tied(entry: Any) -> list[Any]:
    return entry if isinstance(entry, list) else [entry]


def _capacity(number: object, name: str) -> int:
    if type(number) is not int or not 0 <= number <= MOST_PLACES:
        raise WrongInstance(f"The capacity of host {_quoted(name)} must be a whole number from 0 to {MOST_PLACES}.")
    return number


def _known(names: list[Any], where: str, known: Mapping[str, object], what: str) -> list[str]:
    """The names, each of which must be known and stand only once."""
    seen: set[str] = set()
    for name in names:
        if not isinstance(name, str):
            raise WrongInstance(f"{where} holds something that is no name.")
        if name not in known:
            raise WrongInstance(f"{where} holds {_quoted(name)}, which is no {what}.")
        if name in seen:
            raise WrongInstance(f"{where} holds {_quoted(name)} twice.")
        seen.add(name)
    return names


def _named(data: object, where: str) -> dict[str, Any]:
    """An object whose keys are names, which can be written in UTF-8."""
    for name in (found := _object(data, where)):
        if not name.isascii() and any("\ud800" <= letter <= "\udfff" for letter in name):
            raise WrongInstance(f"{where} has the name {_quoted(name)}, which is no text.")
    return found


def _fields(data: object, where: str, keys: Collection[str]) -> dict[str, Any]:
    """An object with exactly these keys."""
    fields = _object(data, where)
    for key in keys:
        if key not in fields:
            raise WrongInstance(f'{where} lacks "{key}".')
    for key in fields:
        if key not in keys:
            raise WrongInstance(f"{where} has a key {_quoted(key)}, which means nothing here.")
    return fields


def _object(data: object, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise WrongInstance(f"{where} must be an object.")
    return data


def _list(data: object, where: str) -> list[Any]:
    if not isinstance(data, list):
        raise WrongInstance(f"{where} must be a list.")
    return data


def _quoted(name: str) -> str:
    """A name as it may stand in a sentence: on one line, and not too long."""
    shown = name if len(name) <= LONGEST_QUOTE else f"{name[:LONGEST_QUOTE]}…"
    return json.dumps(shown, ensure_ascii=not shown.isprintable())


def _plain_host(host: Host) -> dict[str, Any]:
    ranking = [entry if isinstance(entry, str) else list(entry) for entry in host.ranking]
    return {"capacity": host.capacity, "ranking": ranking}


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(again, _times)] = Counter(key for key, _value in pairs).most_common(1)
        raise WrongInstance(f"The file holds the key {_quoted(again)} twice in one object.")
    return found


def _no_number(word: str) -> NoReturn:
    raise WrongInstance(f"The file holds {_quoted(word)} where only a finite number may stand.")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)
