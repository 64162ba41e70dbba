"""Prints docs/security-uploads.md: python -m tests.files > docs/security-uploads.md"""

from portal import i18n
from tests.files import hostile

i18n.use("en")
print(hostile.as_markdown(), end="")
