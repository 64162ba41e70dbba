"""A person in front of a browser without script: reads a page, fills in its form, presses its button."""

import re
from dataclasses import dataclass, field, replace
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
    seen: list[str] = field(default_factory=list)  # every page that this person was ever shown

    def visit(self, path: str) -> "Walker":
        self._show(path, self.client.get(path))
        return self

    def press(self, action: str, *, expect: int = 200, files: Files | None = None, **fields: Any) -> "Walker":
        """Sends the form that goes to `action` with what stands in it and `fields`; follows the redirect.

        Of several such forms it is the one in which `fields` stand already, or else the one that has them.
        """
        form = self._form(action, fields)
        target = next(target for target in self._targets(form) if target.endswith(action))
        data = {**_standing(form), **fields}
        self._show(target, self.client.post(target, data=data, files=files))
        assert self.status == expect, (self.status, target, self.errors() or self.heading())
        return self

    def follow(self, text: str) -> "Walker":
        """Follows the first link that says this, or whose address ends in it if it is one."""
        return self.visit(self.address(text))

    def address(self, text: str) -> str:
        """Where that link leads."""
        for link in self.tree.iter("a"):
            href, said = link.get("href") or "", " ".join("".join(link.itertext()).split())
            if href.endswith(text) if text.startswith("/") else text in said:
                return urljoin(self.path, href)
        raise AssertionError(f"no link says {text!r} on {self.path}")

    def option(self, name: str, text: str) -> str:
        """The value of the first choice of a field, or of the button of this name, that says this."""
        labels = {label.get("for"): "".join(label.itertext()) for label in self.tree.iter("label")}
        for field_ in self.tree.iter():
            if field_.get("name") == name:
                own = [(each.get("value"), "".join(each.itertext())) for each in field_.iter("option")]
                named = labels.get(field_.get("id")) or "".join(field_.itertext())
                for value, said in own or [(field_.get("value"), named)]:
                    if text in said:
                        return value or ""
        raise AssertionError(f"{name} offers no {text!r} on {self.path}")

    def beside(self, text: str, name: str) -> str:
        """What stands in the field of the form that says this."""
        for form in self.tree.iter("form"):
            standing = _standing(form)
            if text in "".join(form.itertext()) and name in standing:
                return str(standing[name])
        raise AssertionError(f"no form with {name} says {text!r} on {self.path}")

    def another_tab(self) -> "Walker":
        """The same browser with the same page open a second time."""
        return replace(self)

    def offers(self, action: str) -> bool:
        return any(self._goes(form, action) for form in self.tree.iter("form"))

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
        found = re.findall(r'error-message"[^>]*>(.*?)</p>', self.page, re.DOTALL)
        return [" ".join(re.sub("<[^>]+>", " ", each).split()) for each in found]

    def _show(self, path: str, answer: Any) -> None:
        for _hop in range(5):
            if answer.status_code != 303:
                break
            path = urljoin(path, answer.headers["location"])
            answer = self.client.get(path)
        parts = urlsplit(path)
        self.path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.status, self.page = answer.status_code, answer.text
        self.seen.append(self.page)
        self.tree = html5lib.parse(self.page, namespaceHTMLElements=False)

    def _form(self, action: str, fields: dict[str, Any]) -> Element:
        forms = [form for form in self.tree.iter("form") if self._goes(form, action)]
        if len(forms) > 1:
            standing = [form for form in forms if fields.items() <= _standing(form).items()]
            forms = standing or [form for form in forms if fields.keys() <= _standing(form).keys()]
        assert len(forms) == 1, f"{len(forms)} forms go to {action!r} on {self.path}: {self.heading()}"
        return forms[0]

    def _goes(self, form: Element, action: str) -> bool:
        return form.get("method") == "post" and any(target.endswith(action) for target in self._targets(form))

    def _targets(self, form: Element) -> list[str]:
        """Where the form goes, and where buttons of its own send it instead; signing out is no page's own form."""
        buttons = [button.get("formaction") for button in form.iter("button")]
        targets = [form.get("action") or self.path, *(found for found in buttons if found)]
        paths = [urlsplit(urljoin(self.path, target)).path for target in targets]
        return [] if paths[0] == "/sign-out" else paths


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
            value = element.get("value", "")
            data[name] = [*_listed(data[name]), value] if name in data else value
        elif element.tag == "textarea":
            data[name] = "".join(element.itertext()).removeprefix("\n")
        elif element.tag == "select":
            data[name] = _chosen(element)
    return data


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _chosen(select: Element) -> str:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None] or options[:1]
    return chosen[0].get("value", "") if chosen else ""
