"""Every message of the contest says which edition it is about: by that it is decided who may see that it exists."""

import ast
from collections.abc import Iterator
from pathlib import Path

import portal

ROOMS = (
    "appeals", "consenting", "consents", "deals", "diplomas", "essays", "judging", "juries", "panels", "paper_essays",
    "passages", "results", "screening", "standings", "trainings",
)  # fmt: skip
OF_A_CALL = {"consents/stay_without_consent"}


def test_no_sender_of_the_contest_leaves_the_edition_out() -> None:
    found = [call for room in ROOMS for call in _sent_in(Path(portal.__path__[0], room))]
    assert len(found) > 10
    assert [ast.unparse(call) for call in found if len(call.args) < 3 and not _is_of_a_call(call)] == []


def _sent_in(room: Path) -> Iterator[ast.Call]:
    for file in sorted(room.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"send", "mail.send"}:
                yield node


def _is_of_a_call(call: ast.Call) -> bool:
    return isinstance(call.args[1], ast.Constant) and call.args[1].value in OF_A_CALL
