"""How somebody is sought: which of the four moments it is, and what to try next. Pure."""

from collections.abc import Collection

from tenants.cases.codes import Channel, Moment
from tenants.petitions.codes import StageKey

MOMENTS = {
    StageKey.PETITION: Moment.PETITION,
    StageKey.HEARING: Moment.PETITION,
    StageKey.JUDGMENT: Moment.JUDGMENT,
    StageKey.SERVICE: Moment.JUDGMENT,
    StageKey.NOTICE: Moment.NOTICE,
    StageKey.EVICTION: Moment.EVICTION,
}


def moment_of(stage: StageKey) -> Moment:
    """The moment (of the four at which people are sought) that goes with the stage a procedure has reached."""
    return MOMENTS[stage]


# From what costs least to what is hardest to overlook. The sources of the network describe it as assertive
# outreach: a household is sought at home when it does not answer, and finds the coloured postcard there.
LADDER = (Channel.PHONE, Channel.LETTER, Channel.HOME_VISIT, Channel.POSTCARD, Channel.INQUIRY)
SAME_RUNG = {Channel.TEXT_MESSAGE: Channel.PHONE, Channel.SOCIAL_MEDIA: Channel.PHONE}
# With a hearing this near a letter comes too late to be read, answered and planned: go to the door.
NEAR = 7


def next_channel(tried: Collection[Channel], days_to_hearing: int | None = None) -> Channel:
    """What to try next for a household that nobody has reached: the first rung that was not tried yet.

    After the whole ladder a home visit again: at another hour somebody may be in.
    """
    done = {SAME_RUNG.get(channel, channel) for channel in tried}
    if done and days_to_hearing is not None and days_to_hearing <= NEAR:
        done.add(Channel.LETTER)
    return next((channel for channel in LADDER if channel not in done), Channel.HOME_VISIT)
