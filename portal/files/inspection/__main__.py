"""Loads this folder as a package by itself: an isolated interpreter does not know the portal, and need not."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

spec = spec_from_file_location("inspection", Path(__file__).with_name("__init__.py"))
assert spec is not None and spec.loader is not None
inspection = module_from_spec(spec)
sys.modules["inspection"] = inspection
spec.loader.exec_module(inspection)
work, kind, source, target = sys.argv[1:]
print(inspection.main(work, kind, Path(source), Path(target)))
