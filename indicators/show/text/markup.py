"""HTML: the one environment that fills in templates. Every text is escaped unless it is ``Markup`` already."""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from indicators.show.text.glossary import find_term
from indicators.show.text.words import count_words, format_change, format_date, format_score, format_share, name_quarter

_SHOW = Path(__file__).parents[1]


def fill(template: str, **values: Any) -> Markup:
    """Return a template filled in; its name starts with ``text/`` or ``publication/``."""
    return Markup(_TEMPLATES.get_template(template).render(**values))  # noqa: S704 - escaped by the environment


def fill_part(template: str, part: str, **values: Any) -> Markup:
    """Return a macro of a template of ``text/`` filled in."""
    shown: Markup = getattr(_TEMPLATES.get_template(f"text/{template}").module, part)(**values)
    return shown


def explain(text: str, *words: str) -> Markup:
    """Return a text in which the first mention of each of some terms tells its meaning when pointed at or focused.

    What is ``Markup`` stays as it is but for that; mentions in its links, buttons, headings and tags do not count. Any
    form of a term is a mention. Raises ``KeyError`` for a word that the glossary does not have.
    """
    owners = {form.casefold(): term for term in map(find_term, words) for form in (term.word, *term.forms)}
    forms = "|".join(re.escape(form) for form in sorted(owners, key=len, reverse=True))
    pieces: list[tuple[str, str]] = []
    told: set[str] = set()
    end = 0
    for found in re.finditer(rf"{_PASSED_OVER}|\b({forms})\b", text, re.IGNORECASE | re.DOTALL):
        term = owners.get(found[0].casefold())
        if found[2] is None or term is None or term.word in told:
            continue
        told.add(term.word)
        pieces += [(text[end : found.start()], ""), (found[0], term.definition)]
        end = found.end()
    return fill_part("parts.html", "explained", pieces=[*pieces, (text[end:], "")])


@pass_context
def _explain(_: Context, text: str, *words: str) -> Markup:
    """The same as a filter, which fills in a template itself.

    It takes the context, so that Jinja does not work it out while it compiles a template that explains a fixed text:
    that began to compile the same template anew, some forty times over.
    """
    return explain(text, *words)


_PASSED_OVER = r"<(a|button|summary|h[1-6]|svg|code|caption|th)\b.*?</\1>|<[^>]*>"
"""What holds no mention: tags, and elements in which a button has no place."""


def read_own(file: Path) -> Markup:
    """Return a style sheet or script of this project, which stands in a page as it is written."""
    return Markup(file.read_text(encoding="utf-8"))  # noqa: S704 - holds no data


def embed_picture(svg: str) -> str:
    """Return an SVG as an address that holds the picture itself."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


_TEMPLATES = Environment(
    loader=PrefixLoader({name: FileSystemLoader(_SHOW / name / "templates") for name in ("text", "publication")}),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.filters |= {
    "change": format_change,
    "count": count_words,
    "date": format_date,
    "explained": _explain,
    "picture": embed_picture,
    "quarter": name_quarter,
    "score": format_score,
    "share": format_share,
}
