"""What those do who judge an edition and decide about it, through pages and forms only."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlmodel import Session

from tests.accounts import letters
from tests.conftest import browser
from tests.database import ROOT
from tests.journeys.contests import judge_aliases
from tests.journeys.internships import PASSWORD
from tests.journeys.walker import Walker

CRITERIA = 5  # of the editions that `make` makes
NUMBER = re.compile(r"/diplomas/([\w-]+)")


# Judges


def ask(secretary: Walker, edition: str, address: str, name: str, government: str) -> None:
    """For both rounds, in English."""
    secretary.visit(f"{edition}/judges").follow("/judges/new")
    home = secretary.option("government_id", government)
    terms = {"languages": ["en"], "rounds": ["first", "final"], "government_id": home}
    secretary.press("/judges/new", email=address, name=name, **terms).sees(name, "Asked")


def open_account_to_judge(app: FastAPI, session: Session, address: str) -> Walker:
    """By the link of the letter, which has shown the address to be theirs."""
    judge = Walker(browser(app)).visit(letters.newest_link(session, address))
    judge.press("/register", password=PASSWORD).sees("Your account is open.")
    return judge.press("/accept", is_confidential="true").sees("Essays to judge")


def decline_to_judge(app: FastAPI, session: Session, address: str) -> None:
    """Without an account; the link is dead then."""
    asked = Walker(browser(app)).visit(letters.newest_link(session, address))
    link = asked.path
    asked.press("/decline", reason="I am ill.").sees("Thank you for your answer.")
    assert asked.visit(link).status in {404, 409, 410}


def write_anchor(secretary: Walker, edition: str) -> None:
    """An essay for training, which earns sixes."""
    secretary.visit(f"{edition}/training").follow("/training/new")
    said = {"language": "en", "title": "A bridge", "text": "It stands. " * 40, "explanation_en": "It is plain."}
    secretary.press("/training/new", **said, **points(6)).sees("It is added.", "A bridge")


def train(judge: Walker, *given: int) -> Walker:
    judge.visit("/judging").follow("/judging/training").follow("A bridge").misses("It is plain.")
    return judge.press("/lock", **points(*given)).sees("It is plain.")


def points(*given: int) -> dict[str, str]:
    """One number for all criteria, or one for each."""
    each = given if len(given) == CRITERIA else given * CRITERIA
    return {f"points_{n}": str(point) for n, point in enumerate(each, 1)}


def essays_on_the_desk(judge: Walker) -> dict[str, str]:
    """Of the most urgent pile, the address of each by its title, which stands nowhere but on its own page."""
    aliases = judge_aliases(judge.visit("/judging"))
    return {_title(judge.visit(f"/judging/{alias}")): judge.path for alias in aliases}


def _title(judge: Walker) -> str:
    found = re.search(r"The essay of [A-Z]\w+", judge.text())
    assert found, judge.text()[:500]
    return found[0]


def mark_all(judge: Walker, given: dict[str, tuple[int, ...]], name: str) -> int:
    """Whatever is on the desk and open; how many were marked."""
    marked = 0
    for title, path in essays_on_the_desk(judge).items():
        if judge.visit(path).offers("/lock"):
            said = {"comment": f"Comment about {title}.", "private_note": f"Note by {name}."}
            judge.press("/lock", **points(*given[title]), **said).sees("Your marks are submitted.")
            marked += 1
    return marked


# Deals


def order_deal(secretary: Walker, edition: str, round_: str) -> None:
    secretary.visit(f"{edition}/deal").press("/deal", round=round_).sees("Being computed")


# After the marks


def decide(secretary: Walker, edition: str, chosen: dict[str, object], reason: str = "") -> Walker:
    """What these essays get: the award, or the word, by code."""
    secretary.visit(f"{edition}/jury/decide?" + "&".join(f"code={code}" for code in chosen))
    choices = [f"{code} {what}" for code, what in chosen.items()]
    return secretary.press("/jury/verdicts", choices=choices, reason=reason).sees("It is put down.")


def calibrated(secretary: Walker, edition: str, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the bundle says of its one group, by code, and what the programme makes of its marks."""
    answer = secretary.client.get(f"{edition}/order/bundle.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        bundle.extractall(folder)
        command = re.search(r"python (-m portal calibrate marks\.csv.*)", bundle.read("README.txt").decode())
    assert command
    ran = subprocess.run(
        [sys.executable, *command[1].split()], cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    return json.loads((folder / "result.json").read_text()), json.loads(ran.stdout)


def marks_in(folder: Path) -> list[dict[str, str]]:
    with (folder / "marks.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
