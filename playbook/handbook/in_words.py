"""What one reads of a text, line by line and without signs: for showing which words changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token


@dataclass(frozen=True)
class Labels:
    """What stands for what has no words itself: a call-out, by its kind; a picture; a scenario's steps, by address."""

    callouts: Mapping[str, str]
    picture: str
    steps: str
    scenarios: Mapping[str, str]


def in_words(tokens: Sequence[Token], labels: Labels) -> str:
    """A list's items begin with a point, a table's row is a line, a call-out begins with its name.

    A numbered item has no number: one that comes before it would change the numbers of all that follow.
    """
    reader = _Reader(labels)
    for token in tokens:
        reader.take(token)
    return "\n".join(reader.lines)


def links_in(tokens: Sequence[Token]) -> tuple[tuple[str, str], ...]:
    """(text, address) of every link and picture, in their order."""
    found: list[tuple[str, str]] = []
    for token in tokens:
        opened: list[str] = []
        text = ""
        for child in token.children or []:
            if child.type == "link_open":
                opened, text = [str(child.attrs.get("href", ""))], ""
            elif child.type == "link_close" and opened:
                found.append((text, opened.pop()))
            elif child.type == "image":
                found.append((child.content, str(child.attrs.get("src", ""))))
            text += child.content
    return tuple(found)


@dataclass
class _Reader:
    labels: Labels
    lines: list[str] = field(default_factory=list)
    lists: int = 0  # how many of them are around
    mark: str = ""  # before the first words of an item
    cells: list[str] | None = None  # of the row that is being read

    def take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.lists += 1
            case "bullet_list_close" | "ordered_list_close":
                self.lists -= 1
            case "list_item_open":
                self.mark = "• "
            case "tr_open":
                self.cells = []
            case "tr_close":
                self.lines.append(" · ".join(self.cells or ()))
                self.cells = None
            case "inline":
                self._say(self._words(token))
            case "fence" | "code_block":
                self._say(token.content.rstrip("\n"))
            case "hr":
                self._say("———")
            case "steps":
                self._say(f"{self.labels.steps}: {self.labels.scenarios.get(token.info, token.info)}")
            case _ if token.type.startswith("container_") and token.nesting == 1:
                kind = token.type.removeprefix("container_").removesuffix("_open")
                self._say(f"{self.labels.callouts.get(kind, kind)}:")

    def _say(self, words: str) -> None:
        if self.cells is not None:
            self.cells.append(words or "–")
            return
        indent = "   " * max(self.lists - 1, 0)
        self.lines.append(f"{indent}{self.mark}{words}")
        self.mark = ""

    def _words(self, token: Token) -> str:
        parts = []
        for child in token.children or []:
            if child.type in ("text", "code_inline"):
                parts.append(child.content)
            elif child.type == "softbreak":
                parts.append(" ")
            elif child.type == "hardbreak":
                parts.append("\n")
            elif child.type == "image":
                parts.append(f"[{self.labels.picture}: {child.content}]")
        return "".join(parts).strip()
