"""`python -m portal calibrate` and `agreement`, as somebody at a shell meets them: figures, or one line."""

import io
import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from portal import __main__ as command_line
from portal.judging import figures, files
from portal.judging.calibration import Given
from portal.judging.files import Marks
from tests import database as databases
from tests.judging.marks import WORKED, simulated

WORKED_FILE = files.write({None: Marks(WORKED)}).replace(b"\r", b"")


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]
File = Callable[[bytes | str], Path]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("calibrate", file)`, in this process."""

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["portal", *map(str, arguments)])
        return Done(command_line.main(), *capsys.readouterr())

    return run


@pytest.fixture
def file(tmp_path: Path) -> File:
    """`file(content)` holds it, as it is or in UTF-8."""

    def file(content: bytes | str) -> Path:
        path = tmp_path / "marks.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


def printed(done: Done) -> list[dict[str, Any]]:
    """The groups; what is printed must be JSON as others read it, without NaN."""
    assert (done.code, done.err) == (0, "")

    def no_number(name: str) -> None:
        raise AssertionError(name)

    groups: list[dict[str, Any]] = json.loads(done.out, parse_constant=no_number)["groups"]
    return groups


def refused(done: Done, *words: str) -> None:
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1, done.err
    assert all(word in done.err for word in ("portal: ", *words)), done.err


# What is printed


def test_the_worked_example_from_a_file(run: Run, file: File) -> None:
    (group,) = printed(run("calibrate", file(WORKED_FILE), "--top", 2))
    assert list(group) == [
        "group", "entries", "judges", "variance", "components", "merged_order", "connectivity", "worst_contrast",
        "alpha", "icc", "separation", "kendall_w", "mean_spearman",
    ]  # fmt: skip
    assert [entry["entry"] for entry in group["entries"]] == ["D", "B", "A", "C"]
    assert [entry["rank"] for entry in group["entries"]] == [1, 2, 3, 4]
    adjusted = [entry["adjusted"] for entry in group["entries"]]
    assert adjusted == pytest.approx([79.3333, 74.1296, 73.9074, 64.4630], abs=5e-5)
    assert [entry["raw_mean"] for entry in group["entries"]] == pytest.approx([79.3333, 75.5, 74, 63], abs=5e-5)
    assert sum(entry["p_top"] for entry in group["entries"]) == pytest.approx(2)
    assert [judge["judge"] for judge in group["judges"]] == ["J1", "J2", "J3"]
    assert group["judges"][0]["severity"] > 0 > group["judges"][1]["severity"]
    assert (group["variance"]["lambda"], group["variance"]["is_prior"]) == (2.0, True)
    assert group["variance"]["lambda_reml"] == pytest.approx(0.144595, abs=5e-7)
    assert (group["group"], group["components"], group["merged_order"]) == (None, 1, True)
    assert group["alpha"] == pytest.approx(0.516008, abs=5e-7)
    assert group["icc"]["from"] == "variance components"


@pytest.mark.parametrize(
    ("ratio", "lam", "adjusted"),
    [("reml", 0.144595, 73.8424), ("0", 0, 73.8333), ("1", 1, 73.8810), ("inf", None, 74.0)],
)
def test_the_ratio_can_be_chosen(run: Run, file: File, ratio: str, lam: float | None, adjusted: float) -> None:
    (group,) = printed(run("calibrate", file(WORKED_FILE), "--ratio", ratio))
    found = {entry["entry"]: entry["adjusted"] for entry in group["entries"]}
    assert found["A"] == pytest.approx(adjusted, abs=5e-5)
    assert group["variance"]["lambda"] == (None if lam is None else pytest.approx(lam, abs=5e-7))
    assert group["variance"]["judges_differ"] is (lam is not None)
    assert group["variance"]["is_prior"] is False


def test_the_order_of_rows_and_columns_and_the_names_of_judges_change_nothing(run: Run, file: File) -> None:
    truth = simulated(np.random.default_rng(1), entries=30, judges=6).given
    first = run("calibrate", file(files.write({None: Marks(truth)})), "--top", 5, "--seed", 3).out
    rows = [f"{each.mark!r},x,j{9 - int(each.judge[1:])},{each.entry}" for each in reversed(truth)]
    (again,) = printed(run("calibrate", file("\n".join(["Mark,note,JUDGE,entry", *rows])), "--top", 5, "--seed", 3))
    before = json.loads(first)["groups"][0]
    assert again["entries"] == before["entries"]
    assert {key: again[key] for key in ("variance", "alpha", "icc")} == {
        key: before[key] for key in ("variance", "alpha", "icc")
    }
    assert [judge["severity"] for judge in again["judges"]][::-1] == [judge["severity"] for judge in before["judges"]]


def test_the_seed_decides_the_draws(run: Run, file: File) -> None:
    path = file(WORKED_FILE)
    first, again, other = (run("calibrate", path, "--top", 2, "--seed", seed).out for seed in (0, 0, 1))
    assert first == again != other


def test_each_group_has_its_own_order(run: Run, file: File) -> None:
    rows = ["group,entry,judge,mark", "ja,a,j,5", "ja,b,j,6", ",a,j,3", "en,a,j,4", "en,a,k,4.5"]
    groups = printed(run("calibrate", file("\n".join(rows))))
    assert [(group["group"], len(group["entries"])) for group in groups] == [(None, 1), ("en", 1), ("ja", 2)]


def test_what_cannot_be_compared_is_not_merged(run: Run, file: File) -> None:
    rows = [
        "entry,judge,mark",
        *(f"{e},{j},{m}" for e, j, m in ("aj5", "ak7", "bj6", "bk6", "cl9", "cm8", "dl3", "dm2")),
    ]
    (group,) = printed(run("calibrate", file("\n".join(rows)), "--top", 2))
    assert (group["components"], group["merged_order"], group["worst_contrast"]) == (2, False, None)
    assert {entry["rank"] for entry in group["entries"]} == {entry["p_top"] for entry in group["entries"]} == {None}
    told = [(entry["entry"], entry["component"], entry["rank_in_component"]) for entry in group["entries"]]
    assert told == [("a", 1, 1), ("b", 1, 1), ("c", 2, 1), ("d", 2, 2)]


@pytest.mark.parametrize(
    ("rows", "nothing"),
    [
        ("a,j,5", ["alpha", "kendall_w", "separation", "connectivity", "worst_contrast"]),
        ("a,j,5\nb,k,5\nc,l,4", ["alpha", "separation", "worst_contrast"]),
        ("a,j,5\nb,j,7", ["alpha", "separation", "connectivity", "worst_contrast"]),
        ("a,j,5\nb,j,5\na,k,5\nb,k,5\na,l,5\nb,l,5", ["alpha", "separation", "kendall_w", "mean_spearman"]),
        ("a,j,5\na,k,6\na,l,7", ["separation", "kendall_w", "mean_spearman"]),
    ],
)
def test_what_is_not_identified_is_null(run: Run, file: File, rows: str, nothing: list[str]) -> None:
    (group,) = printed(run("calibrate", file(f"entry,judge,mark\n{rows}")))
    assert {key for key in nothing if group[key] is not None} == set()


def test_an_entry_without_marks_is_unranked(run: Run, file: File) -> None:
    groups = printed(run("calibrate", file("group,entry,judge,mark\nen,a,j,5\nen,b,,\nen,a,,\nja,c,,\n")))
    assert [(entry["entry"], entry["marks"], entry["rank"]) for entry in groups[0]["entries"]] == [
        ("a", 1, 1), ("b", 0, None),
    ]  # fmt: skip
    assert list(groups[0]["entries"][0]) == list(groups[0]["entries"][1])
    assert (groups[1]["entries"][0]["entry"], groups[1]["judges"], groups[1]["merged_order"]) == ("c", [], False)
    assert list(groups[0]) == list(groups[1])


@pytest.mark.parametrize(
    "content",
    [
        WORKED_FILE,
        b"\xef\xbb\xbf" + WORKED_FILE,
        WORKED_FILE.replace(b"\n", b"\r\n"),
        WORKED_FILE.replace(b"\n", b"\n\n ,, \n"),
        WORKED_FILE.replace(b",", b" , "),
    ],
)
def test_files_as_other_programmes_write_them(run: Run, file: File, content: bytes) -> None:
    assert run("agreement", file(content)) == (0, "0.5160075329566856\n", "")


def test_a_dash_is_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(WORKED_FILE)))
    assert float(run("agreement", "-", "--level", "interval").out) == pytest.approx(0.516008, abs=5e-7)


def test_names_in_any_script_are_shown(run: Run, file: File) -> None:
    assert '"작품, 1"' in run("calibrate", file('entry,judge,mark\n"작품, 1",评委,5')).out


def test_agreement_knows_four_levels(run: Run, file: File) -> None:
    rows = [f"e{n},j{m},{mark}" for n, unit in enumerate(UNITS) for m, mark in enumerate(unit)]
    path = file("\n".join(["entry,judge,mark", *rows]))
    found = [float(run("agreement", path, "--level", level).out) for level in LEVELS]
    assert found == pytest.approx([0.743, 0.815, 0.849, 0.797], abs=5e-4)


LEVELS = "nominal", "ordinal", "interval", "ratio"
# Krippendorff's twelve units (2011).
UNITS = [[1] * 3, [2, 2, 3, 2], [3] * 4, [3] * 4, [2] * 4, [1, 2, 3, 4], [4] * 4, [1, 1, 2, 1], [2] * 4, [5] * 3, [1] * 2, [3]]  # fmt: skip  # noqa: E501


def test_agreement_that_is_not_defined_says_so(run: Run, file: File) -> None:
    assert run("agreement", file("entry,judge,mark\na,j,5\nb,j,6")) == (0, "not defined\n", "")


# What is refused


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["it is empty"]),
        ("\n \n", ["it is empty"]),
        ("entry,judge,mark\n", ["no marks"]),
        ("entry,judge,mark\na,,\n", ["no marks"]),
        ("entry,judge\na,j", ["line 1", '"mark"']),
        ("entry;judge;mark\na;j;5", ["line 1", '"entry"']),
        ("entry,judge,mark,mark\na,j,5,6", ["line 1", "twice"]),
        ("entry,judge,mark\na,j,five", ["line 2", "'five'", "no number"]),
        ('entry,judge,mark\na,j,5\na,k,"7,5"', ["line 3", "'7,5'", "no number"]),
        ("entry,judge,mark\na,j,7,5", ["line 2", "4 cells"]),
        ("entry,judge,mark\na,j", ["line 2", "2 cells"]),
        ("entry,judge,mark\na,j,nan", ["line 2", "'nan'"]),
        ("entry,judge,mark\na,j,-inf", ["line 2", "'-inf'"]),
        ("entry,judge,mark\na,j,1e999", ["line 2", "'1e999'"]),
        ("entry,judge,mark\na,j,1e-320\nb,j,3e-320", ["line 2", "'1e-320'", "nearer to 0"]),
        ("entry,judge,mark\na,j,1_0", ["line 2", "'1_0'"]),
        ("entry,judge,mark\na,j,٧", ["line 2", "no number"]),
        ("entry,judge,mark\na,j,", ["line 2", "no mark"]),
        ("entry,judge,mark\na,,5", ["line 2", "no judge"]),
        ("entry,judge,mark\n,j,5", ["line 2", "no entry"]),
        ("entry,judge,mark\na,j,5\nb,j,5\na,j,5", ["line 4", "'j'", "'a'", "second time", "line 2"]),
        ("entry,judge,mark\na\tb\x1b,j,x", ["line 2", "'x'"]),
        (b"entry,judge,mark\na,j,5\n\xff,j,5", ["line 3", "UTF-8"]),
        (b"entry,judge,mark\na,j\x00,5", ["line 2", "NUL"]),
        ('entry,judge,mark\n"a,j,5', ["line 2", "CSV"]),
        ("entry,judge,mark\n" + "a" * 200_000 + ",j,5", ["line 2", "CSV"]),
        ("entry,judge,mark\na,j," + "9" * 5_000, ["line 2"]),
        ("entry,judge,mark\na,j," + "x" * 5_000, ["line 2", "…"]),
        ("entry,judge,mark\n" + "\n".join(f"e{n},j{n},5" for n in range(5_000)), ["too many"]),
    ],
)
@pytest.mark.parametrize("verb", ["calibrate", "agreement"])
def test_a_wrong_file_is_one_line(run: Run, file: File, verb: str, content: bytes | str, words: list[str]) -> None:
    done = run(verb, file(content))
    refused(done, "marks.csv", *words)
    assert len(done.err) < 400 + len(str(file(content)))


def test_the_same_judge_may_mark_an_entry_of_the_same_name_in_another_group(run: Run, file: File) -> None:
    groups = printed(run("calibrate", file("group,entry,judge,mark\nen,a,j,5\nja,a,j,6\n")))
    assert [group["entries"][0]["adjusted"] for group in groups] == [5, 6]


@pytest.mark.parametrize("verb", ["calibrate", "agreement"])
def test_what_is_no_file_is_one_line(run: Run, tmp_path: Path, verb: str) -> None:
    refused(run(verb, tmp_path / "nothing.csv"), "nothing.csv", "No such file")
    refused(run(verb, tmp_path), "directory")
    refused(run(verb, "a\0b"), "no name of a file")
    refused(run(verb, ""), "'' is no name of a file")
    refused(run(verb), "Missing argument")


@pytest.mark.parametrize(
    "options",
    [
        ("calibrate", "--top", "0"),
        ("calibrate", "--top", "x"),
        ("calibrate", "--seed", "-1"),
        ("calibrate", "--ratio", "-1"),
        ("calibrate", "--ratio", "nan"),
        ("calibrate", "--ratio", "half"),
        ("calibrate", "--ratio", "1e-300"),
        ("calibrate", "--ratio", "1e300"),
        ("agreement", "--level", "logarithmic"),
        ("agreement", "--top", "3"),
    ],
)
def test_a_wrong_option_is_one_line(run: Run, file: File, options: tuple[str, ...]) -> None:
    verb, *rest = options
    refused(run(verb, file(WORKED_FILE), *rest), rest[0])


def test_calibrating_does_not_wait_for_the_whole_portal() -> None:
    told = "import sys, portal.judging.verbs; print('sqlalchemy' in sys.modules, 'fastapi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=databases.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


# Files that the portal writes


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8).filter(
    lambda name: name == name.strip()
)
GIVEN = st.floats(-1e9, 1e9).map(lambda mark: mark if abs(mark) >= files.LEAST else 0.0)
WRITTEN = st.dictionaries(
    st.none() | NAMES,
    st.dictionaries(st.tuples(NAMES, NAMES), GIVEN, min_size=1, max_size=5),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, max_examples=80)
@over(WRITTEN)
def test_what_is_written_is_read_again(written: dict[str | None, dict[tuple[str, str], float]]) -> None:
    groups = {
        name: Marks(sorted(Given(entry, judge, mark) for (entry, judge), mark in marks.items()), ["~unmarked"])
        for name, marks in written.items()
    }
    assert files.read(files.write(groups)) == groups


def test_whole_marks_are_written_whole() -> None:
    assert files.write({"en": Marks([Given("a", "j", 70.0), Given("a", "k", 70.5)])}).decode() == (
        "group,entry,judge,mark\r\nen,a,j,70\r\nen,a,k,70.5\r\n"
    )


def test_a_result_is_plain_data_that_json_can_hold() -> None:
    found = figures.result({None: Marks(WORKED)}, ratio=math.inf)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
