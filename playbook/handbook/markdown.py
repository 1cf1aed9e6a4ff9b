"""From Markdown to safe HTML, a table of contents and plain text. Pure.

Two walls, each enough on its own: the parser takes no HTML (it shows `<b>` as text), and nh3 lets only the tags
and attributes below through.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from app.i18n import N_
from playbook.handbook.in_words import Labels, in_words, links_in
from playbook.handbook.pictures import ADDRESS, NAME
from playbook.handbook.rules import slug_of

# How a call-out is opened (`::: tip`), the kind of notice it is shown as, and its heading (a msgid).
CALLOUTS = {
    "tip": ("good", N_("Tip")),
    "let-op": ("soon", N_("Mind")),
    "wet": ("info", N_("The law says")),
    "voorbeeld": ("info", N_("Example")),
    "afspraak": ("info", N_("Agreed in our network")),
}

# A line that stands for the steps of a published scenario; `:::` below it is its end, as that of a call-out. The
# database reads the same line, to know which scenarios a guest's pages show (playbook/scenarios/models.py).
STEPS = r"^ {0,3}:{3,} *stappen +([a-z0-9-]+) *$"
_STEPS, _STEPS_END = re.compile(STEPS), re.compile(r"^ {0,3}:{3,} *$")
SCENARIO = "/draaiboek/scenario/"

_TAGS = {
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "hr", "img", "li", "ol", "p",
    "pre", "s", "section", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "img": {"src", "alt", "title"},
    "th": {"scope"},
    "td": {"data-label"},
    "div": {"role", "tabindex", "aria-label"},
    **{f"h{level}": {"id"} for level in range(2, 6)},
}
_CLASSES = {
    "div": {"notice", "notice-good", "notice-soon", "notice-info", "table-frame", "steps"},
    "table": {"table", "stacked"},
    "td": {"text-end", "text-center"},
    "th": {"text-end", "text-center"},
}
_WIDE = 3  # columns; on a phone such a table becomes a list, each cell with the heading of its column
_ALIGNMENT = {"text-align:right": "text-end", "text-align:center": "text-center"}


@dataclass(frozen=True)
class Heading:
    """A heading of a page: 2 for a section, 3 for a part of one. `anchor` is its id in the page."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list, table or call-out of a text: what somebody can say something about.

    number: from 1; source: its Markdown, word for word as it stands in the text; words: what one reads of it, without
    signs; links: (text, address) of its links and pictures.
    """

    number: int
    source: str
    html: str
    words: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rendered:
    """A text as it is shown. `plain` is what one reads, without signs, for searching.

    The blocks' html together is `html`.
    """

    html: str
    headings: tuple[Heading, ...]
    plain: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class StepLine:
    """A step in words: who, what, within how long."""

    who: str
    what: str
    term: str


@dataclass(frozen=True)
class StepList:
    """The steps of the scenario at an address. facts: '7 steps, version 2'; problem: why there are none, if so."""

    slug: str
    title: str = ""
    facts: str = ""
    lines: tuple[StepLine, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Words:
    """The few words that rendering adds itself, in the reader's language."""

    callouts: tuple[tuple[str, str], ...] = tuple((kind, title) for kind, (_class, title) in CALLOUTS.items())
    table: str = "Table"
    image: str = "picture"
    scenario: str = "Steps of a scenario"
    steps: tuple[StepList, ...] = ()


@lru_cache(maxsize=256)  # a network's most read pages; rendering one takes milliseconds, reading it microseconds
def render(body: str, words: Words = Words()) -> Rendered:
    """`body` (Markdown, at most rules.LONGEST_BODY characters) as safe HTML."""
    parser = _parser(words)
    tokens = parser.parse(body)
    headings = _number_headings(tokens)
    _soften(tokens, words)
    lines = body.split("\n")
    titles = {each.slug: each.title or each.slug for each in words.steps}
    labels = Labels(dict(words.callouts), words.image, words.scenario, titles)
    parts = _top_level(tokens)
    # Up to the next one, so that what shows nothing itself (a link's address below the text) belongs to a block too.
    starts = [0, *(start for start, _part in parts[1:]), len(lines)]
    blocks = tuple(
        Block(
            number,
            "\n".join(lines[starts[number - 1] : starts[number]]).strip("\n"),
            _clean(parser.renderer.render(part, parser.options, {})),
            in_words(part, labels),
            links_in(part),
        )
        for number, (_start, part) in enumerate(parts, start=1)
    )
    return Rendered("".join(block.html for block in blocks), headings, _plain(tokens), blocks)


def _top_level(tokens: list[Token]) -> list[tuple[int, list[Token]]]:
    """(first line, tokens) of every block that stands in no other one."""
    found: list[tuple[int, list[Token]]] = []
    opened = 0
    for number, token in enumerate(tokens):
        if token.level == 0 and token.nesting >= 0 and token.type != "inline":
            opened = number
        if token.level == 0 and token.nesting <= 0 and token.type != "inline":
            start, _end = tokens[opened].map or (0, 0)
            found.append((start, tokens[opened : number + 1]))
    return found


def _parser(words: Words) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    titles = dict(words.callouts)
    for name, (kind, _title) in CALLOUTS.items():
        parser.use(container_plugin, name, render=_callout(kind, titles.get(name, name)))
    parser.block.ruler.before("fence", "steps", _steps, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.add_render_rule("steps", _draw_steps({each.slug: each for each in words.steps}))
    parser.add_render_rule("table_open", _table_open(words.table))
    parser.add_render_rule("table_close", _table_close)
    return parser


def _callout(kind: str, title: str) -> Any:
    def draw(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
        if tokens[index].nesting == 1:
            heading = nh3.clean_text(title)
            return f'<div class="notice notice-{kind}"><div><p><b>{heading}</b></p>\n'
        return "</div></div>\n"

    return draw


def _steps(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """The block rule of a step list: one line, and the line that ends it when that follows at once."""

    def words(number: int) -> str:
        return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]

    found = None if state.is_code_block(line) else _STEPS.match(words(line))
    if found is None or silent:
        return found is not None
    state.line = line + 1
    if state.line < last and not state.is_code_block(state.line) and _STEPS_END.match(words(state.line)):
        state.line += 1
    token = state.push("steps", "", 0)
    token.info, token.map, token.block = found[1], [line, state.line], True
    return True


def _draw_steps(known: dict[str, StepList]) -> Any:
    # What nobody looked up (a text that is only searched or compared) shows its address.
    def draw(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
        slug = tokens[index].info
        found = known.get(slug, StepList(slug, slug))
        if found.problem:
            return f'<div class="notice notice-soon"><div><p>{nh3.clean_text(found.problem)}</p></div></div>\n'
        title = f'<a href="{SCENARIO}{slug}/">{nh3.clean_text(found.title)}</a>'
        safe = [tuple(map(nh3.clean_text, (each.who, each.what, each.term))) for each in found.lines]
        lines = "".join(f"<li><b>{who}</b>: {what} <em>{term}</em></li>\n" for who, what, term in safe)
        facts = f" ({nh3.clean_text(found.facts)})" if found.facts else ""
        return f'<div class="steps"><p><b>{title}</b>{facts}</p>\n<ol>\n{lines}</ol></div>\n'

    return draw


def _table_open(label: str) -> Any:
    # A wide table scrolls within its frame, with the keyboard too; each frame has a name of its own.
    def draw(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
        name = nh3.clean_text(f"{label} {tokens[index].meta['number']}")
        kind = "table stacked" if tokens[index].meta["is_wide"] else "table"
        return f'<div class="table-frame" role="group" tabindex="0" aria-label="{name}"><table class="{kind}">\n'

    return draw


def _table_close(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _number_headings(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give each heading its level and an anchor that can't be one of the frame's.

    The highest level used becomes 2, under the page's own title, and none is skipped going down, since a screen
    reader tells the levels.
    """
    found: list[Heading] = []
    openings = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    highest = min((int(tokens[number].tag[1]) for number in openings), default=1)
    for number in openings:
        opening, inline, closing = tokens[number : number + 3]
        deepest = found[-1].level + 1 if found else 2
        level = min(int(opening.tag[1]) - highest + 2, deepest, 5)
        opening.tag = closing.tag = f"h{level}"
        text = _text_of(inline)
        anchor = "deel-" + slug_of(text, (heading.anchor.removeprefix("deel-") for heading in found))
        opening.attrSet("id", anchor)
        found.append(Heading(level, anchor, text))
    return tuple(found)


def _soften(tokens: list[Token], words: Words) -> None:
    """What the policy of our pages refuses: a picture from elsewhere becomes a link, alignment becomes a class."""
    tables = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            tables += 1
            token.meta = {"number": tables, "is_wide": _label_cells(tokens, place)}
        elif token.type in ("th_open", "td_open"):
            alignment = _ALIGNMENT.get(str(token.attrs.pop("style", "")))
            if alignment:
                token.attrSet("class", alignment)
            if token.type == "th_open":
                token.attrSet("scope", "col")
        elif token.children:
            token.children = _without_pictures(token.children, words)


def _label_cells(tokens: list[Token], opening: int) -> bool:
    """Give each cell but the first of a wide table the heading of its column; whether the table is wide."""
    closing = next(place for place in range(opening, len(tokens)) if tokens[place].type == "table_close")
    cells = [place for place in range(opening, closing) if tokens[place].type in ("th_open", "td_open")]
    headings = [_text_of(tokens[place + 1]).rstrip("?: ") for place in cells if tokens[place].type == "th_open"]
    if len(headings) < _WIDE:
        return False
    for number, place in enumerate(cells[len(headings) :]):
        heading = headings[number % len(headings)]
        if heading and number % len(headings):
            tokens[place].attrSet("data-label", heading)
    return True


def _without_pictures(tokens: list[Token], words: Words) -> list[Token]:
    """Inline tokens with a link, or within a link the picture's description, in place of every picture."""
    kept: list[Token] = []
    in_link = 0
    for token in tokens:
        in_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "image" or pictures_address(str(token.attrs.get("src", ""))):
            kept.append(token)
            continue
        text = Token("text", "", 0, content=_text_of(token) or words.image)
        opening = Token("link_open", "a", 1, attrs={"href": token.attrs.get("src", "")})
        kept += [text] if in_link else [opening, text, Token("link_close", "a", -1)]
    return kept


def pictures_address(src: str) -> bool:
    """Whether `src` is one of the playbook's own pictures; another one would be fetched from elsewhere."""
    return src.startswith(ADDRESS) and NAME.fullmatch(src.removeprefix(ADDRESS)) is not None


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _text_of(token: Token) -> str:
    """What one reads of an inline token."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.children:
            parts.append(_text_of(child))
    return "".join(parts).strip()


def _plain(tokens: list[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type == "inline":
            parts.append(_text_of(token))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content)
    return re.sub(r"[ \t]+", " ", "\n".join(part for part in parts if part)).strip()
