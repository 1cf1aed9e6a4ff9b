"""Rounds in which everybody runs in turn, and what comes of them."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One comparison. ratio: ours_ms / reference_ms; goal: what it may be at most, None where none was set.

    ok: the goal is met (or none was set), or another one in whose place it stands ("this or that"). Without a reference
    there is no ratio, and no goal is met.
    """

    name: str
    ours_ms: float
    reference: str
    reference_ms: float | None
    ratio: float | None
    goal: float | None
    ok: bool


def compare(name: str, ours_ms: float, reference: str, reference_ms: float | None, goal: float | None = None) -> Result:
    ratio = ours_ms / reference_ms if reference_ms else None
    met = goal is None or (ratio is not None and ratio <= goal)
    shown = None if reference_ms is None else round(reference_ms, 3)
    return Result(name, round(ours_ms, 3), reference, shown, None if ratio is None else round(ratio, 3), goal, met)


LEAST_ROUNDS = 3  # fewer have no median


def medians(
    contenders: Mapping[str, Callable[[], object]], rounds: int, *, warm_up: int = 3, seconds: float = 60
) -> dict[str, float]:
    """The median time of each in milliseconds. They run in turn, so that a busy moment of the machine hits all.

    After so many seconds there are no more rounds than LEAST_ROUNDS: on a slow machine too it comes to its end.
    """
    start = time.perf_counter()
    for _ in range(warm_up):
        for run in contenders.values():
            run()
        if time.perf_counter() - start > seconds / 3:
            break  # what takes seconds is warm at once
    times: dict[str, list[float]] = {name: [] for name in contenders}
    end = time.perf_counter() + seconds
    for number in range(rounds):
        if number >= LEAST_ROUNDS and time.perf_counter() > end:
            break
        order = list(contenders)
        shift = number % len(order)  # nobody always runs after the same
        for name in order[shift:] + order[:shift]:
            start = time.perf_counter()
            contenders[name]()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def table(results: list[Result]) -> str:
    lines = [f"{'':<20} {'ours':>10}   {'compared with':<38} {'':>10} {'ratio':>7}  goal"]
    for each in results:
        theirs = "-" if each.reference_ms is None else f"{each.reference_ms:.1f} ms"
        ratio = "-" if each.ratio is None else f"{each.ratio:.2f}"
        itself = each.goal is not None and each.ratio is not None and each.ratio <= each.goal
        told = "met" if itself else "the other is met" if each.ok else "MISSED"
        goal = "" if each.goal is None else f"<= {each.goal:.2f}  {told}"
        lines.append(
            f"{each.name:<20} {each.ours_ms:>7.1f} ms   {each.reference:<38} {theirs:>10} {ratio:>7}  {goal}".rstrip()
        )
    return "\n".join(lines)
