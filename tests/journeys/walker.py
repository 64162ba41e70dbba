"""A person in front of a browser without script: reads a page, fills in its form, presses its button."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from fastapi.testclient import TestClient

Files = dict[str, tuple[str, bytes, str]]


@dataclass
class Walker:
    """`page` is the HTML in front of the person, `path` its address."""

    client: TestClient
    path: str = "/"
    page: str = ""
    status: int = 0
    tree: Element = field(default_factory=lambda: Element("html"))

    def visit(self, path: str) -> "Walker":
        self._show(path, self.client.get(path))
        return self

    def press(self, action: str, *, expect: int = 200, files: Files | None = None, **fields: Any) -> "Walker":
        """Sends the form whose action ends in `action` with what stands in it and `fields`; follows the redirect."""
        form = self._form(action)
        target = urljoin(self.path, form.get("action") or self.path)
        data = {**_standing(form), **fields}
        self._show(target, self.client.post(target, data=data, files=files))
        assert self.status == expect, (self.status, target, self.errors() or self.heading())
        return self

    def follow(self, text: str) -> "Walker":
        """Follows the first link that says this."""
        for link in self.tree.iter("a"):
            if text in " ".join("".join(link.itertext()).split()):
                return self.visit(urljoin(self.path, link.get("href") or ""))
        raise AssertionError(f"no link says {text!r} on {self.path}")

    def sees(self, *texts: str) -> "Walker":
        shown = self.text()
        for text in texts:
            assert text in shown, f"{text!r} is not on {self.path}: {shown[:1500]}"
        return self

    def misses(self, *texts: str) -> "Walker":
        for text in texts:
            assert text not in self.page, f"{text!r} is on {self.path}"
        return self

    def text(self) -> str:
        return " ".join("".join(self.tree.find(".//main").itertext()).split())  # type: ignore[union-attr]

    def heading(self) -> str:
        found = self.tree.find(".//h1")
        return " ".join("".join(found.itertext()).split()) if found is not None else ""

    def errors(self) -> list[str]:
        return [
            " ".join(re.sub("<[^>]+>", " ", each).split()) for each in re.findall(r"error-message.*?</p>", self.page)
        ]

    def _show(self, path: str, answer: Any) -> None:
        for _hop in range(5):
            if answer.status_code != 303:
                break
            path = urljoin(path, answer.headers["location"])
            answer = self.client.get(path)
        parts = urlsplit(path)
        self.path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.status, self.page = answer.status_code, answer.text
        self.tree = html5lib.parse(self.page, namespaceHTMLElements=False)

    def _form(self, action: str) -> Element:
        forms = [form for form in self.tree.iter("form") if form.get("method") == "post" and self._is(form, action)]
        assert len(forms) == 1, f"{len(forms)} forms end in {action!r} on {self.path}: {self.heading()}"
        return forms[0]

    def _is(self, form: Element, action: str) -> bool:
        target = urlsplit(urljoin(self.path, form.get("action") or self.path)).path
        return target != "/sign-out" and target.endswith(action)


def _standing(form: Element) -> dict[str, Any]:
    """What a browser would send if nothing was touched."""
    data: dict[str, Any] = {}
    for element in form.iter():
        name = element.get("name")
        if name is None:
            continue
        if element.tag == "input" and element.get("type") in {"checkbox", "radio"}:
            if element.get("checked") is not None:
                data.setdefault(name, []).append(element.get("value", "on"))
        elif element.tag == "input" and element.get("type") != "file":
            data[name] = element.get("value", "")
        elif element.tag == "textarea":
            data[name] = "".join(element.itertext()).removeprefix("\n")
        elif element.tag == "select":
            data[name] = _chosen(element)
    return data


def _chosen(select: Element) -> str:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None] or options[:1]
    return chosen[0].get("value", "") if chosen else ""
