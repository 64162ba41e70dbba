"""The pages of calls. The steps of a call are posted to /calls/{slug}/{step}, so they come last."""

from portal.calls.routes import documents, editor, hosting, pages, questions

ROUTERS = (editor.router, documents.router, questions.router, hosting.router, pages.router)
