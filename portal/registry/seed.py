"""Filling the registry from the files. Safe to run at every start; what a secretary edited stays as it is."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, select

from portal.registry import rules, sources, words
from portal.registry.models import Committee, Country, Government, Membership, Partner

T = TypeVar("T", Committee, Partner)


def seed(session: Session) -> int:
    """Brings governments, committees and partners up to the files. Returns how many rows changed."""
    governments = {each.code: each for each in session.exec(select(Government))}
    changed = sum(
        _put_government(session, governments, position, row)
        for position, row in enumerate(sources.rows("governments.csv"), 1)
    )
    session.flush()
    changed += _put_all(session, Committee, _committees(governments))
    changed += _put_all(session, Partner, _partners())
    session.flush()
    return changed


def _put_government(
    session: Session, governments: dict[str, Government], position: int, row: Mapping[str, str]
) -> bool:
    found = governments.get(row["code"])
    if found is None:
        governments[row["code"]] = made = Government(**_fields(position, row), search_text="")
        made.search_text = rules.search_text(made)
        session.add(made)
        return True
    changed = _assign(found, _unedited(found, _fields(position, row)))
    text = rules.search_text(found)
    return _assign(found, {"search_text": text}) or changed


def _fields(position: int, row: Mapping[str, str]) -> dict[str, Any]:
    copied = {name: row[name] for name in ("code", "kind", "native_name", "seat", "zone")}
    return {
        **copied,
        "country": Country(row["country"]),
        "position": position,
        "status": Membership(row["status"]),
        "joined_in": int(row["joined_in"]) if row["joined_in"] else None,
        "names": sources.names(dict(row)),
        "aliases": [alias for alias in row["aliases"].split("; ") if alias],
        "latitude": float(row["latitude"]),
        "longitude": float(row["longitude"]),
        "notes": _source_text(words.NOTES.get(row["code"])),
    }


def _unedited(found: Government, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that no secretary has set; of the names, each language for itself."""
    names = {
        language: found.names.get(language, name) if f"names.{language}" in found.edited else name
        for language, name in fields["names"].items()
    }
    return {field: value for field, value in {**fields, "names": names}.items() if field not in found.edited}


def _committees(governments: Mapping[str, Government]) -> Iterable[dict[str, Any]]:
    for position, row in enumerate(sources.rows("committees.csv"), 1):
        yield {
            "key": row["key"],
            "position": position,
            "names": sources.names(row),
            "purpose": _source_text(words.PURPOSES[row["key"]]),
            "established": row["established"],
            "abolished": row["abolished"],
            "coordinator_id": governments[row["coordinator"]].id,
        }


def _partners() -> Iterable[dict[str, Any]]:
    return ({"position": position, **partner} for position, partner in enumerate(sources.organisation()["partners"], 1))


def _put_all(session: Session, kind: type[T], wanted: Iterable[dict[str, Any]]) -> int:
    known = {each.key: each for each in session.exec(select(kind))}
    return sum(_put(session, kind, known.get(fields["key"]), fields) for fields in wanted)


def _put(session: Session, kind: type[T], found: T | None, fields: dict[str, Any]) -> bool:
    if found is None:
        session.add(kind(**fields))
        return True
    return _assign(found, fields)


def _assign(thing: SQLModel, fields: Mapping[str, Any]) -> bool:
    """Sets what differs, and only that: an unchanged row must not be written."""
    differing = {name: value for name, value in fields.items() if getattr(thing, name) != value}
    for name, value in differing.items():
        setattr(thing, name, value)
    return bool(differing)


def _source_text(message: str | None) -> str:
    """The English original, whatever language is spoken at the moment: pages translate it when they show it."""
    return str.__str__(message) if message else ""
