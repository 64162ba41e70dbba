"""What orders, their figures and their refusals are called."""

from portal.i18n import N_, Lazy
from portal.judging import words as judging
from portal.standings.models import Occasion

ROUNDS = judging.ROUNDS
# Why a rule gives no order; a number stands in some.
REFUSALS: dict[str, Lazy] = {
    "few": N_(
        "A trimmed mean needs five marks of each essay; %(number)s essays have fewer. Until they are read again the "
        "rule gives no order."
    ),
    "incomplete": N_(
        "Mean places need every judge to have marked every essay; %(number)s essays lack a mark. Until then the rule "
        "gives no order."
    ),
    "incomplete_judges": N_(
        "This rule takes each judge's marks as a ranking of all essays; %(number)s judges have not marked all of them. "
        "Until then it gives no order."
    ),
    "large": N_(
        "Kemeny's order can be found for at most %(number)s essays, and there are more. The rule gives no order."
    ),
    "many": N_("%(number)s orders contradict the judges as little as each other, so that the rule decides nothing."),
}
OCCASIONS: dict[Occasion, Lazy] = {
    Occasion.ROUND_END: N_("The finalists were taken from it"),
    Occasion.BEFORE_REMOVAL: N_("Before the marks of a judge were taken out"),
    Occasion.AFTER_REMOVAL: N_("After the marks of a judge were taken out"),
    Occasion.JURY: N_("The jury had it before them"),
    Occasion.PUBLISHED: N_("The results were published from it"),
}

# Figures of a group: what each is called, and what it means.
ALPHA = N_("Krippendorff's alpha")
CONSISTENCY = N_("ICC of an essay's mean, consistency")
AGREEMENT = N_("ICC of an essay's mean, agreement")
SEPARATION = N_("Separation")
CONTRAST = N_("Worst comparison of two judges")
OF_ESSAYS = N_("Variance of essays")
OF_JUDGES = N_("Variance of judges")
OF_MARKS = N_("Variance of a mark")
LAMBDA = N_("Lambda")
MEANINGS: dict[Lazy, Lazy] = {
    ALPHA: N_(
        "How far the judges' marks agree beyond chance: 1 is fully, 0 not at all. From .80 on they can be relied on, "
        "from .667 on with care."
    ),
    CONSISTENCY: N_(
        "How well other judges would repeat the order once each judge's strictness is taken off. Below .50 is poor, "
        "from .75 on good."
    ),
    AGREEMENT: N_("The same for the marks as they stand, strictness included: what plain means rest on."),
    SEPARATION: N_(
        "The share of the differences between scores that is no error. Near 0 the order is a matter of luck."
    ),
    CONTRAST: N_(
        "How uncertain the difference in strictness is between the two judges who are compared worst, in standard "
        "deviations of a mark. At most .50 is wanted."
    ),
    OF_ESSAYS: N_("How much essays truly differ, in squared points."),
    OF_JUDGES: N_("How much judges differ in strictness, in squared points."),
    OF_MARKS: N_("What is left of a mark when essay and strictness are taken off, in squared points."),
    LAMBDA: N_(
        "How strongly each judge's strictness is drawn to the middle: the variance of a mark over that of judges."
    ),
}
BADLY_COMPARED = N_("It is more here: let more judges read each essay, or give all judges some essays in common.")
ESTIMATED = N_("It is estimated from the marks (REML).")
PRIOR = N_("There are too few marks to estimate it, so a value from experience is taken (the prior).")
NO_DIFFERENCE = N_("The marks show no difference between judges, so that scores are plain means.")
WITHOUT_END = N_("without end")
