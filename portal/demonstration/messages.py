"""What the secretariat finds in its mail: a circular that is not sent yet, words of its own, a message that failed."""

from sqlmodel import Session, col, select

from portal.circulars import actions as circulars
from portal.demonstration.people import People
from portal.mail.models import Delivery, Kind, Message
from portal.wordings import actions as wordings
from portal.wordings import templates

SUBJECTS = {
    "en": "Hosts are ranking: three things to know",
    "zh-Hans": "接收地正在排序：三点须知",
    "ja": "受入先の順位付けが始まりました：三つのお願い",
    "ko": "수용 기관이 순위를 매기고 있습니다: 세 가지 안내",
    "ru": "Принимающие стороны ранжируют кандидатов: три важных момента",
}  # not in Mongolian, so that the page can say what is missing
TEXTS = {
    "en": "Dear {name},\n\nrank everybody you would take. Who is not on your list cannot come to you.",
    "zh-Hans": "{name}，您好：\n\n请把所有愿意接收的候选人都列入排序。未列入的人不会被安排到贵处。",
    "ja": "{name} 様\n\n受け入れてもよい候補者は全員、順位表に入れてください。載っていない人は配属されません。",
    "ko": "{name} 님께\n\n받아들일 수 있는 후보자는 모두 순위표에 넣어 주세요. 없는 사람은 배치되지 않습니다.",
    "ru": "Здравствуйте, {name}!\n\nвнесите в список всех, кого вы готовы принять. Кого в нём нет, к вам не попадёт.",
}
DECLINING = (
    "Declining leaves the pool of this call. Without an answer the offer lapses at that moment, and the place goes to "
    "somebody else."
)
OWN_WORDS = (
    "If you decline you leave the pool of this call. If you do not answer the offer lapses at that moment, and "
    "somebody else gets the place. Write to us beforehand if something keeps you from answering."
)
UNKNOWN = "550 5.1.1 The email account that you tried to reach does not exist"


def build(session: Session, people: People) -> None:
    secretary = people.deciding("second_secretary")
    circulars.write(session, "coordinators", {"membership": "member"}, by=secretary, subjects=SUBJECTS, texts=TEXTS)
    offered = templates.read("placements/offered")
    sentence = next(each for each in offered.sentences if each.text == DECLINING)
    wordings.save(session, offered, "en", {sentence: (OWN_WORDS,)}, [], by=secretary)


def fail_one(session: Session) -> None:
    """A receipt whose address has a slip of the keyboard, as every secretariat knows them."""
    receipts = select(Message).where(Message.kind == Kind.RECEIPT, col(Message.template).startswith("applications/"))
    message = session.exec(receipts.order_by(col(Message.created_at).desc(), col(Message.id)).limit(1)).one()
    message.delivery, message.sent_at, message.failure = Delivery.FAILED, None, UNKNOWN
