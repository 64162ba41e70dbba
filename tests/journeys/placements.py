"""What each person does from the nomination to the certificate, through pages and forms only."""

import re
import uuid

from tests.files import samples
from tests.journeys.walker import Walker

PDF = b"%PDF"


def id_of(path: str) -> uuid.UUID:
    """Of the thing at this address."""
    return uuid.UUID(path.rpartition("/")[2])


def hex_of(application: str) -> str:
    """As the fields of a host's list name the application at this address."""
    return id_of(application).hex


# The call


def set_criteria(secretary: Walker, call: str, **weights: int) -> None:
    typed: dict[str, str] = {}
    for line, (name, weight) in enumerate(weights.items(), 1):
        typed |= {f"criterion_{line}_en": name, f"criterion_{line}_weight": str(weight)}
    secretary.visit(call).follow("Edit the call").follow("/edit/criteria").press("/edit/criteria", **typed)


def block(secretary: Walker, call: str, pair: str) -> None:
    secretary.visit(call).follow("Edit the call").follow("/edit/offers").press("/edit/offers", blocked_pairs=pair)


# The hosts' lists


def mark_fields(host: Walker, application: str) -> list[str]:
    """The fields of a candidate's marks, in the order of the criteria."""
    return re.findall(rf'name="(mark_{hex_of(application)}_\w+)"', host.page)


def give_marks(host: Walker, opening: str, marks: dict[str, tuple[int, ...]]) -> None:
    """Marks of each candidate, in the order of the criteria; the places follow them."""
    host.visit(f"{opening}/ranking")
    typed = {
        name: str(points)
        for application, given in marks.items()
        for name, points in zip(mark_fields(host, application), given, strict=True)
    }
    host.press("/ranking", press="marks", **typed).sees("The places follow the marks now")


def rank(host: Walker, opening: str, *, refused: str = "", **fields: str) -> None:
    if refused:
        fields |= {f"place_{hex_of(refused)}": "", f"refused_{hex_of(refused)}": "true"}
    host.visit(f"{opening}/ranking").press("/ranking", **fields).sees("The list is saved.")


def place_of(walker: Walker, application: str) -> str:
    """What stands in the field of this candidate's place."""
    found = re.search(rf'name="place_{hex_of(application)}"[^>]*value="(\d*)"', walker.page)
    assert found, walker.path
    return found.group(1)


# The match


def dry_run(secretary: Walker, call: str, *, optimal_for: str = "applicants", seed: str = "7") -> str:
    """Asked for; the address of its page."""
    secretary.visit(call).follow("/match").press("/match", optimal_for=optimal_for, seed=seed)
    return secretary.sees("The run is on its way.").path


# The stay


def prepare(intern: Walker, placement: str, *, granted_on: str, arrives_on: str) -> None:
    """Visa, insurance and arrival, from the task list and back to it."""
    intern.visit(placement).follow("The stay").follow("Visa").press("/visa", visa="granted", visa_on=granted_on)
    proof = {"file": ("insurance.pdf", samples.pdf(), "application/pdf")}
    intern.follow("Proof of insurance").press("/insurance", files=proof)
    intern.follow("/stay/arrival").press("/arrival", arrives_on=arrives_on, arrival="By train from Seoul, at noon")


def check_in(side: Walker, placement: str, number: int, *, text: str) -> None:
    marks = {f"mark_{question}": "4" for question in range(1, 6)}
    side.visit(f"{placement}/stay").follow(f"/check-ins/{number}").press(f"/check-ins/{number}", text=text, **marks)


def evaluate(host: Walker, placement: str, *, text: str) -> None:
    marks = {f"item_{number}": "5" for number in range(1, 6)}
    host.visit(f"{placement}/stay").follow("/evaluation")
    host.press("/evaluation", supervisor="Kim Minji", text=text, **marks)
