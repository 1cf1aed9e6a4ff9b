"""Scenarios within a page: the steps that `::: stappen <address>` stands for, as they were published last."""

import re

from flask_babel import gettext as _
from flask_babel import ngettext

from playbook.handbook.markdown import STEPS, StepLine, StepList
from playbook.scenarios import service, wording

_NAMED = re.compile(STEPS, re.MULTILINE)


def in_text(body: str, *, of_another: bool = False) -> tuple[StepList, ...]:
    """The step lists that `body` names, in the reader's language; one statement when it names some, else none.

    of_another: the text is another network's, whose scenarios are not shown here.
    """
    wanted = sorted(set(_NAMED.findall(body)))
    if not wanted:
        return ()
    known = {} if of_another else {each.slug: each for each in service.published_under(wanted)}
    return tuple(_list(slug, known.get(slug), of_another=of_another) for slug in wanted)


def titles() -> dict[str, str]:
    """Address -> title of every scenario that a page can show the steps of."""
    return {each.slug: each.definition.title for each in service.published()}


def _list(slug: str, found: service.Published | None, *, of_another: bool) -> StepList:
    if found is None:
        reason = _("The steps of this scenario stand in the playbook of the network that wrote this page.")
        unknown = _(
            "There is no published scenario at the address '%(slug)s'. An editor can choose another one.", slug=slug
        )
        return StepList(slug, problem=reason if of_another else unknown)
    if found.withdrawn_at is not None:
        gone = _("The scenario '%(title)s' was withdrawn: new cases do not follow it.", title=found.definition.title)
        return StepList(slug, problem=gone)
    steps = found.definition.steps
    return StepList(
        slug,
        found.definition.title,
        ngettext(
            "%(num)d step, version %(version)s", "%(num)d steps, version %(version)s", len(steps), version=found.number
        ),
        tuple(StepLine(wording.who(step), step.what, wording.term(step)) for step in steps),
    )
