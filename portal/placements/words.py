"""What the states of a placement are called."""

from portal.i18n import N_, Lazy
from portal.placements.models import Origin, PlacementStatus, Reason

STATUSES: dict[PlacementStatus, Lazy] = {
    PlacementStatus.PROPOSED: N_("Proposed"),
    PlacementStatus.REFUSED: N_("Refused"),
    PlacementStatus.OFFERED: N_("Offered"),
    PlacementStatus.ACCEPTED: N_("Accepted"),
    PlacementStatus.DECLINED: N_("Declined"),
    PlacementStatus.LAPSED: N_("Lapsed"),
    PlacementStatus.CANCELLED: N_("Cancelled"),
    PlacementStatus.AGREED: N_("Agreed"),
    PlacementStatus.ACTIVE: N_("Active"),
    PlacementStatus.COMPLETED: N_("Completed"),
    PlacementStatus.ENDED_EARLY: N_("Ended early"),
    PlacementStatus.CERTIFIED: N_("Certified"),
}
COLOURS: dict[PlacementStatus, str] = {
    PlacementStatus.PROPOSED: "blue",
    PlacementStatus.REFUSED: "red",
    PlacementStatus.OFFERED: "yellow",
    PlacementStatus.ACCEPTED: "green",
    PlacementStatus.DECLINED: "red",
    PlacementStatus.LAPSED: "grey",
    PlacementStatus.CANCELLED: "grey",
    PlacementStatus.AGREED: "green",
    PlacementStatus.ACTIVE: "turquoise",
    PlacementStatus.COMPLETED: "green",
    PlacementStatus.ENDED_EARLY: "orange",
    PlacementStatus.CERTIFIED: "green",
}
REASONS: dict[Reason, Lazy] = {
    Reason.LANGUAGE: N_("The languages do not suffice for the work"),
    Reason.SKILLS: N_("Knowledge or skills that the work needs are missing"),
    Reason.NO_CAPACITY: N_("The office can no longer take anybody"),
    Reason.KIN: N_("Somebody close to the candidate works there"),
    Reason.LAW: N_("Law or a rule of the office forbids it"),
    Reason.STUDIES: N_("Studies or examinations"),
    Reason.OTHER_OFFER: N_("Another offer or work"),
    Reason.HEALTH: N_("Health"),
    Reason.FAMILY: N_("Family reasons"),
    Reason.MONEY: N_("Costs"),
    Reason.VISA: N_("The visa was refused or comes too late"),
    Reason.HOST_WITHDREW: N_("The host withdrew the place"),
    Reason.OTHER: N_("Another reason"),
}
OF_HOSTS = (Reason.LANGUAGE, Reason.SKILLS, Reason.NO_CAPACITY, Reason.KIN, Reason.LAW, Reason.OTHER)
OF_APPLICANTS = (
    Reason.STUDIES, Reason.OTHER_OFFER, Reason.HEALTH, Reason.FAMILY, Reason.MONEY, Reason.VISA, Reason.OTHER,
)  # fmt: skip
OF_THE_SECRETARIAT = (
    Reason.VISA, Reason.HEALTH, Reason.STUDIES, Reason.FAMILY, Reason.OTHER_OFFER, Reason.MONEY, Reason.LAW,
    Reason.HOST_WITHDREW, Reason.OTHER,
)  # fmt: skip
ORIGINS: dict[Origin, Lazy] = {
    Origin.MATCH: N_("By the match"),
    Origin.MANUAL: N_("By the secretariat, outside the match"),
}
# What comes next, and who must act: as officials read it, and as the candidate does.
NEXT: dict[PlacementStatus, Lazy] = {
    PlacementStatus.PROPOSED: N_(
        "The place is held. The host's coordinator approves it, which makes the offer, or refuses it."
    ),
    PlacementStatus.REFUSED: N_("The host refused. The place goes on to the next candidate."),
    PlacementStatus.OFFERED: N_(
        "The candidate has the offer, and accepts or declines it. Without an answer in time it lapses."
    ),
    PlacementStatus.ACCEPTED: N_("The host, the home government and the intern now each confirm the agreement."),
    PlacementStatus.DECLINED: N_(
        "The candidate declined and left the pool of this call. The place goes on to the next candidate."
    ),
    PlacementStatus.LAPSED: N_(
        "No answer came in time, so the offer has lapsed. The place goes on to the next candidate."
    ),
    PlacementStatus.CANCELLED: N_("This placement was ended before the stay, and its place is free again."),
    PlacementStatus.AGREED: N_(
        "Everybody has confirmed the agreement. The intern prepares the journey, and the host confirms the start."
    ),
    PlacementStatus.ACTIVE: N_("The stay goes on. Intern and host check in, and the final report follows."),
    PlacementStatus.COMPLETED: N_(
        "The stay is over. The certificate is issued once the report and the evaluation are in."
    ),
    PlacementStatus.ENDED_EARLY: N_("The stay ended before its last day."),
    PlacementStatus.CERTIFIED: N_("The certificate is issued. Nothing more is to be done."),
}
NEXT_FOR_CANDIDATE: dict[PlacementStatus, Lazy] = {
    **NEXT,
    PlacementStatus.OFFERED: N_("The place is yours only when you accept it in time."),
    PlacementStatus.ACCEPTED: N_(
        "You accepted. Read the agreement and confirm it: the host and your home government do the same."
    ),
    PlacementStatus.DECLINED: N_("You declined and left the pool of this call. The place goes to somebody else."),
    PlacementStatus.LAPSED: N_("The time to answer has passed without an answer, so the offer has lapsed."),
    PlacementStatus.CANCELLED: N_("You do not hold this place any more."),
    PlacementStatus.AGREED: N_(
        "Everybody has confirmed the agreement. Prepare your journey: the task list of your stay says what is needed."
    ),
    PlacementStatus.ACTIVE: N_(
        "Your stay goes on. Check in when you are asked to, and begin your final report in good time."
    ),
    PlacementStatus.COMPLETED: N_(
        "Your stay is over. You get the certificate once the report and the evaluation are in."
    ),
    PlacementStatus.CERTIFIED: N_("Your certificate is issued."),
}
DEEDS: dict[str, Lazy] = {
    "placement proposed": N_("Proposed, and a place held"),
    "placement approved": N_("Approved by the host"),
    "placement refused": N_("Refused by the host"),
    "placement cancelled": N_("Proposal taken back"),
    "placement offered": N_("Offered to the candidate"),
    "placement accepted": N_("Accepted"),
    "placement declined": N_("Declined"),
    "placement lapsed": N_("Noted as lapsed"),
    "placement given back": N_("Ended before the stay, the place given back"),
    "placement agreed": N_("Agreement confirmed by everybody"),
    "placement started": N_("Stay started"),
    "placement completed": N_("Stay completed"),
    "placement ended early": N_("Stay ended early"),
    "placement certified": N_("Certificate issued"),
    "certificate revoked": N_("Certificate revoked"),
}
