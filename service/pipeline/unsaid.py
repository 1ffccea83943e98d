"""What a parsed page does not say: what is hidden, struck, or readers' comments; and which of its parts quote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from service.pipeline.colours import unseen_by_colour

MOST = 0.5  # of a page's text: what is hidden and holds more is shown by a script, unless it is a dialog
NOTICE = 400  # characters of a noscript that only asks for scripts; a longer one is the page without them
STRUCK = frozenset({"del", "s", "strike"})
QUOTING = frozenset({"blockquote", "q"})
UNSEEN_TAGS = frozenset({"template", "amp-consent", "amp-sidebar", "amp-lightbox"})
WHOLE = frozenset({"html", "body", "main", "head"})
HIDING = re.compile(
    r"(?<![\w-])(?:display:none|visibility:(?:hidden|collapse)|font-size:0(?![.\d])"
    r"|clip:rect\([01](?:px)?[,01]|clip-path:inset\((?:50|100)%|(?:left|top|text-indent|margin-left):-\d{4,}"
    r"|transform:scale\(0\)|(?:max-)?height:0(?:px)?(?![.\d])[^}]{0,300}?overflow:hidden"
    r"|overflow:hidden;(?:[^}]{0,300};)?(?:max-)?height:0(?:px)?(?![.\d]))"
)
# What can be seen through: also the beginning of what is faded in, where the style says that it moves.
CLEAR = re.compile(
    r"(?<![\w-])(?:opacity:0?(?:\.0{1,9})?%?(?![.\d])|color:transparent(?![\w-])"
    r"|color:(?:rgba|hsla)\([^(){};]{1,40}[,/]0?(?:\.0{1,9})?%?\)|color:#(?:[\da-f]{3}0|[\da-f]{6}00)(?![\da-f]))"
)
# ".box.shown{opacity:1}": a script gives the box another class, and it is seen.
FADED_IN = re.compile(
    r"[.#]([\w-]{1,60})[^{}.#]{0,60}(?:[.:#\[][^{}]{0,200})?\{[^{}]{0,500}opacity\s{0,9}:\s{0,9}(?:1|0?\.[1-9])"
)
# ".open .panel{display:block}": something opens it, and it is read. So is what a script of the page names.
OPENED = re.compile(r"(?<![\w-])display:(?!none)[a-z]")
NAMED = re.compile(r"[\w-]{1,60}")
FADING = re.compile(r"(?:transition|animation)[\w-]{0,20}:(?!none)|background-clip:text")
STRIKING = re.compile(r"(?<![\w-])text-decoration(?:-line)?:[^;]{0,60}line-through")
VISUALLY_HIDDEN = re.compile(
    r"(?:^|\s)(?:(?:u-|is-|a11y-)?(?:visually|visibly|accessibly)[-_]?hidden(?:-focusable)?|sr-only|sronly|screen-?reader(?:-?text|-only)?|"
    r"(?:element-)?invisible|hide-?visually|offscreen|off-screen|(?:is-|u-)?hidden|d-none|display-none)(?=\s|$)",
    re.I,
)
SHOWN_WHERE_WIDE = re.compile(  # "hidden md:block", "d-none d-lg-flex": hidden on telephones alone
    r"(?:^|\s)(?:(?:xs|sm|md|lg|xl|2xl|xxl):|d-(?:xs|sm|md|lg|xl|xxl)-)(?:inline|block|flex|grid|table|contents)", re.I
)
STRUCK_NAMES = re.compile(
    r"(?:^|\s)(?:line-?through|strike-?through|text-strike|is-struck|durchgestrichen)(?=\s|$)", re.I
)
QUOTE_NAMES = re.compile(
    r"(?:^|\s)(?:block-?quote|pull-?quote|quote|quotation|zitat|(?:wp-block-|c-|m-)(?:pull)?quote)(?:[-_]{1,2}text)?(?=\s|$)",
    re.I,
)
COMMENTS = re.compile(
    r"(?:^|\s)(?:comments?|comment[-_]{0,2}(?:list|section|area|thread|body|content|text|item|wrapper|container|box|entry|stream)s?"
    r"|comments[-_]{0,2}(?:list|section|area|thread|wrapper|container|box|block|stream|region)|commentlist"
    r"|(?:article|post|user|reader|story|nutzer|leser)[-_]{0,2}(?:comments?|kommentare?)|kommentar(?:e|liste|bereich)?"
    r"|disqus[-_]thread|fb-comments|livefyre|respond)(?=\s|$)",
    re.I,
)
COMMENT_TYPE = re.compile(r"schema\.org/(?:User)?Comments?\b", re.I)
# The same in RDFa, where a vocabulary may be named around it: "schema:Comment", "sioct:Comment", "Comment".
COMMENT_TERM = re.compile(r"(?:^|[\s:/#])(?:User)?Comments?(?=\s|$)")
COMMENT_PROPERTY = re.compile(r"(?:^|[\s:/#])comment(?:Text)?(?=\s|$)")
DIALOG = re.compile(r"cookie|consent|dialog|modal|overlay|popup|login|newsletter|gdpr|dsgvo|cmp", re.I)
MAX_SELECTOR = 1_000  # characters
MAX_STYLES = 300_000  # characters of style sheets in the page that are read


def unsaid_elements(tree: Any) -> list[Any]:
    """What a parsed page does not say, no longer says, or does not say in its own voice."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str) and element.tag not in WHOLE]
    sizes, headed = measure([element for element in tree.iter() if isinstance(element.tag, str)])
    sheet = "\n".join(element.text or "" for element in elements if element.tag == "style")[:MAX_STYLES]
    rules = simple_rules(sheet)
    hiding, striking = styled_classes(elements, sheet, rules)
    of_one_colour = unseen_by_colour(elements, rules, sheet)
    hidden = [
        element
        for element in elements
        if element not in headed and (element in of_one_colour or is_hidden(element, hiding))
    ]
    # Pictures with their texts are shown one by one: those of a kind count together.
    alike: Counter[tuple[str, str]] = Counter()
    for element in hidden:
        alike[kind_of(element)] += sizes[element]
    most = MOST * sizes.get(tree, 0)
    unseen = {element for element in hidden if alike[kind_of(element)] <= most or DIALOG.search(names_of(element))}
    return [
        element
        for element in elements
        if element in unseen
        or element.tag in UNSEEN_TAGS
        or (element.tag == "noscript" and sizes[element] < NOTICE)
        or is_struck(element, striking)
        or (element not in headed and is_comment(element))
    ]


def measure(elements: Sequence[Any]) -> tuple[dict[Any, int], set[Any]]:
    """How much text each element holds, and which hold the page's heading."""
    sizes: dict[Any, int] = {}
    headed = set()
    for element in reversed(elements):
        sizes[element] = sizes.get(element, 0) + (0 if element.tag in ("script", "style") else len(element.text or ""))
        parent = element.getparent()
        if parent is not None:
            sizes[parent] = sizes.get(parent, 0) + sizes[element] + len(element.tail or "")
            if element.tag == "h1" or element in headed:
                headed.add(parent)
    return sizes, headed


def kind_of(element: Any) -> tuple[str, str]:
    """What elements of a row have in common."""
    return element.tag, element.get("class") or ""


def names_of(element: Any) -> str:
    """An element's classes and its id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def is_struck(element: Any, classes: frozenset[str]) -> bool:
    """Whether a line goes through the element's text: it was said once, and is not any more."""
    return (
        element.tag in STRUCK
        or STRIKING.search(squeezed(element.get("style"))) is not None
        or STRUCK_NAMES.search(element.get("class") or "") is not None
        or not classes.isdisjoint(names_of(element).split())
    )


def is_hidden(element: Any, classes: frozenset[str]) -> bool:
    """Whether the element is set to be seen by nobody."""
    style, names = squeezed(element.get("style")), names_of(element)
    return (
        element.get("hidden") is not None
        or HIDING.search(style) is not None
        or is_clear(style)
        or (VISUALLY_HIDDEN.search(names) is not None and not SHOWN_WHERE_WIDE.search(names))
        or not classes.isdisjoint(names.split())
    )


def is_clear(style: str) -> bool:
    """Whether a squeezed style makes a text that nobody sees, and that is not on its way to be seen."""
    return CLEAR.search(style) is not None and not FADING.search(style)


def is_quotation(element: Any) -> bool:
    """Whether an element sets somebody else's words apart."""
    if element.tag in QUOTING or element.get("role") == "blockquote":
        return True
    return (
        isinstance(element.tag, str)
        and element.tag not in WHOLE
        and QUOTE_NAMES.search(element.get("class") or "") is not None
    )


def is_comment(element: Any) -> bool:
    """Whether the element holds what readers wrote below."""
    return (
        COMMENTS.search(names_of(element)) is not None
        or COMMENT_TYPE.search(element.get("itemtype") or "") is not None
        or COMMENT_TERM.search(element.get("typeof") or "") is not None
        or any(COMMENT_PROPERTY.search(element.get(name) or "") for name in ("itemprop", "property", "rel"))
    )


def styled_classes(
    elements: Sequence[Any], sheet: str, simple: Sequence[tuple[str, str]]
) -> tuple[frozenset[str], frozenset[str]]:
    """The classes and ids that the page's own style sheets hide for the eye, and those that they strike through."""
    hidden, struck = set(), set()
    faded_in = set(FADED_IN.findall(sheet))
    opened = opened_names(sheet) | scripted_names(elements)
    for name, rules in simple:
        out_of_place = "position:absolute" in rules and HIDING.search(rules)
        closed = "display:none" in rules and name not in opened
        if out_of_place or closed or (name not in faded_in and is_clear(rules)):
            hidden.add(name)
        if STRIKING.search(rules):
            struck.add(name)
    return frozenset(hidden), frozenset(struck)


def opened_names(sheet: str) -> set[str]:
    """The names in every selector of a style sheet whose rule shows something."""
    found: set[str] = set()
    for part in sheet.split("}"):
        selector, _, rules = part.rpartition("{")
        if OPENED.search(squeezed(rules)):
            found.update(NAMED.findall(selector[-MAX_SELECTOR:]))
    return found


def scripted_names(elements: Sequence[Any]) -> set[str]:
    """The words in the scripts of the page: what opens a class or id has to name it."""
    scripts = "\n".join(element.text or "" for element in elements if element.tag == "script")
    return set(NAMED.findall(scripts[:MAX_STYLES]))


def simple_rules(sheet: str) -> list[tuple[str, str]]:
    """(name, rules) of every rule of a style sheet for one class or id alone, outside @media and the like."""
    sheet = re.sub(r"/\*[^*]{0,10000}\*/", "", sheet)
    found, depth = [], 0
    for part in sheet.split("}"):
        selector, brace, rules = part.rpartition("{")
        if brace and depth == 0 and "{" not in selector:
            for one in selector.split(","):
                name = re.fullmatch(
                    r"\s*(?:(?:article|main|body|div|section|p)\s+){0,3}\w{0,12}[.#]([\w-]{1,60})\s*", one[:200]
                )
                if name:
                    found.append((name[1], squeezed(rules)))
        depth = max(depth + part.count("{") - 1, 0)
    return found


def squeezed(style: str | None) -> str:
    """A style without blanks, in small letters."""
    return re.sub(r"\s", "", style[:5000]).lower() if style else ""


def take_out(element: Any) -> None:
    """Remove an element with all it holds, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    tail, before = element.tail, element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)
