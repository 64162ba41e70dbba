import uuid

import pytest
from starlette.datastructures import FormData

from portal.ordering import GARBLED, Order
from portal.web.forms import check

A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))


def _order(*ids: uuid.UUID, seen: tuple[uuid.UUID, ...] = (A, B, C), **button: uuid.UUID) -> Order:
    return Order(seen=list(seen), order=list(ids), **button)


@pytest.mark.parametrize(
    ("button", "wanted"),
    [
        ({"up": B}, [B, A, C]),
        ({"up": A}, [A, B, C]),
        ({"down": B}, [A, C, B]),
        ({"down": C}, [A, B, C]),
        ({"remove": B}, [A, C]),
        ({}, [A, B, C]),
    ],
)
def test_a_button_moves_one_row_by_one(button: dict[str, uuid.UUID], wanted: list[uuid.UUID]) -> None:
    assert _order(A, B, C, **button).wanted == wanted


@pytest.mark.parametrize(
    ("order", "moved"),
    [((C, A, B), C), ((B, C, A), A), ((B, A, C), B), ((A, B, C), None), ((C, B, A), None)],
)
def test_what_a_hand_took_elsewhere_is_known_if_it_was_one_row(
    order: tuple[uuid.UUID, ...], moved: uuid.UUID | None
) -> None:
    assert _order(*order).moved == moved


def test_a_list_that_changed_meanwhile_does_not_fit_and_a_second_press_does() -> None:
    press = _order(A, B, C, up=B)
    assert press.fits([A, B, C])
    assert press.fits([B, A, C]), "the first press has moved it"
    assert not press.fits([C, A, B])
    assert not press.fits([A, B])


@pytest.mark.parametrize(
    "fields",
    [
        [("seen", A), ("order", B)],
        [("seen", A), ("seen", A), ("order", A), ("order", A)],
        [("seen", A), ("order", A), ("order", B)],
        [("seen", A), ("order", A), ("up", B)],
        [("remove", A)],
    ],
)
def test_rows_that_the_page_did_not_show_are_refused(fields: list[tuple[str, uuid.UUID]]) -> None:
    sent = check(Order, FormData([(name, str(value)) for name, value in fields]))
    assert sent.errors == {"": str(GARBLED)}


@pytest.mark.parametrize("value", ["", "x", "' OR 1=1", "1" * 5000])
def test_what_is_no_id_is_refused(value: str) -> None:
    sent = check(Order, FormData([("seen", value or "-"), ("order", value or "-")]))
    assert sent.data is None
