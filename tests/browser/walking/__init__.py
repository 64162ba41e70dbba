"""Every page of the demonstration in a real browser, as whoever sees it (`python -m tests.browser.walk --all`).

`pseudo.py` says every message as ⟦message⟧; `crawl.py` finds the pages and the forms that answer 422, and whatever text
on them is neither a message nor data; `words.py` judges texts; `looking.py` looks at one page in Chromium; `stage.py`
builds the demonstration once for all of them.
"""
