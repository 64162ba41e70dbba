import datetime as dt
from sqlmodel import Session
from portal.clock import now
from portal.contests.models import OrderRule, AwardScope
from portal.judging.models import Round, Judge
from portal.standings import actions
from portal.accounts.viewer import viewer_of
from tests import make
from tests.standings import marked
from sqlmodel import select

def test_shots(served, visit):
    app = served.app
    with app.state.database.session(writes=True) as session:
        edition = marked.edition(session, places=8, extra_readings=12, order_rule=OrderRule.RAW_MEAN, finalists=None)
        marked.panel(session, edition, essays_=60, judges_=12, readings=3)
        marked.panel(session, edition, essays_=6, judges_=2, readings=2, language="ja")
        marked.panel(session, edition, essays_=5, judges_=2, readings=2, language="ja", seed=9)
        sec = make.secretary(session, "Secretary")
        judge = session.exec(select(Judge).where(Judge.edition_id == edition.id)).first()
        code, slug = judge.code, edition.slug
        actions.exclude(session, edition, judge, "The marks were given without reading.", by=viewer_of(session, sec))
        cookies = make.sign_in(session, app.state.settings, sec)
        session.commit()
    for width in (1280, 390):
        page = visit(viewport={"width": width, "height": 900})
        page.context.add_cookies([{"name": k, "value": v, "url": served.origin} for k, v in cookies.items()])
        for n, path in enumerate(("/order", "/order/judges", "/order/bias", "/order/kept", f"/order/judges/{code}", "")):
            page.goto(f"/contests/{slug}{path}")
            page.screenshot(path=f"/tmp/issue6-g-{n}-{width}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            print(path, width, wide)
        page.goto(f"/contests/{slug}/order/kept")
        page.click("tbody a")
        page.screenshot(path=f"/tmp/issue6-g-6-{width}.png", full_page=True)
