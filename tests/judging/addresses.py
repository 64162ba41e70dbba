"""Every route of the portal, with identifiers in its address, right ones and wrong ones."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from portal.accounts.access import Permission

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
# Where whoever looks for an author tries everything they know.
NEAR = ("/essays", "/contests", "/judging", "/judge-offers", "/consents", "/account/data")
# Here a guess would only name no edition, no part and no deed.
NAMED = ("slug", "programme", "purpose", "part", "move", "step", "deed")
# These would end the walk.
LEFT_OUT = ("/sign-out", "/account/browsers")


def every_address(
    permissions: Iterable[Permission], ids: Mapping[str, Sequence[str]], guesses: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What fits best, then each parameter by itself as something else: `ids` by its name, and near essays any guess."""
    for permission in permissions:
        if permission.path.startswith(LEFT_OUT):
            continue
        names = _PARAMETER.findall(permission.path)
        best = {name: ids.get(name, guesses)[0] for name in names}
        is_near = permission.method == "GET" and permission.path.startswith(NEAR)
        tried = [best]
        for name in names:
            others = [*ids.get(name, guesses)[1:3], *(guesses if is_near and name not in NAMED else ())]
            tried += [{**best, name: other} for other in others]
        yield from (
            (permission.method, path) for path in dict.fromkeys(_filled(permission.path, each) for each in tried)
        )


def _filled(path: str, values: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: values[found[1]], path)
