"""Fill a template of this package into one HTML page that needs nothing else."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from govnews import __version__
from govnews.colours import style_labels


def render(template: str, *, assets: str, **values: Any) -> str:
    """Fill a template; everything is escaped.

    Args:
        template: Its file name.
        assets: Name of the style sheet and the script that go into the page.
        values: What the template asks for.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("govnews.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    folder = files("govnews.report") / "templates"
    style, script = (Markup((folder / f"{assets}.{kind}").read_text(encoding="utf-8")) for kind in ("css", "js"))
    return environment.get_template(template).render(
        style=style + Markup(style_labels()), script=script, version=__version__, **values
    )


def embed_json(data: Any) -> str:
    """JSON that no `</script>` in a text can end."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
