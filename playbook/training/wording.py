"""The words of training that more than one place uses, as msgids."""

from app.i18n import N_
from playbook.training.mailing import Mail

SUBJECTS = {
    Mail.ENROLLED: N_("You are enrolled for a training: %(course)s"),
    Mail.TAKEN_OFF: N_("You are off the list of a training: %(course)s"),
    Mail.MOVED_UP: N_("You have a place after all: %(course)s"),
    Mail.CHANGED: N_("A training was changed: %(course)s"),
    Mail.CANCELLED: N_("A training is cancelled: %(course)s"),
    Mail.REMINDER: N_("Soon: %(course)s"),
}
# What people think of a session: the question, and what 1 and 5 mean.
OPINIONS = {
    "useful": (N_("Can you use this in your work?"), N_("hardly"), N_("very well")),
    "clear": (N_("Was it clear?"), N_("not clear"), N_("very clear")),
    "pace": (N_("Was there enough time for questions and exercises?"), N_("far too little"), N_("plenty")),
}
