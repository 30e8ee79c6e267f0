"""The API in words, made from its own OpenAPI document: one page of plain HTML, with no script and nothing from elsewhere."""

import json
import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from markupsafe import Markup, escape

from api.problems import KINDS
from medvind.model import Language


def _code(text: str) -> Markup:
    """What stands between backticks, as code."""
    escaped = str(escape(text))  # as a plain string: Markup would escape what is put into it
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", escaped))  # noqa: S704 - escaped the moment before


WRITER = Environment(autoescape=True)
WRITER.filters["code"] = _code
PAGE = WRITER.from_string("""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ info.title }}</title></head>
<body>
<main>
<h1>{{ info.title }} {{ info.version }}</h1>
<p>{{ info.description|code }}</p>
<p>For programs: <a href="openapi.json">openapi.json</a></p>
{%- for path, method, call in calls %}
<h2 id="{{ call.operationId }}"><code>{{ method }} {{ path }}</code></h2>
<p><strong>{{ call.summary }}.</strong> {{ call.description|code }}</p>
{%- if call.parameters %}
<ul>
{%- for one in call.parameters %}
<li><code>{{ one.name }}</code> ({{ one.in }}{{ ", required" if one.required }}): {{ one.description|code }}</li>
{%- endfor %}
</ul>
{%- endif %}
{%- if call.example %}
<pre>{{ call.example }}</pre>
{%- endif %}
{%- endfor %}
<h2>What can go wrong</h2>
<dl>
{%- for name, kind in problems %}
<dt id="{{ name }}"><code>{{ kind.status }} {{ name }}</code></dt>
<dd>{{ kind.says[english][0] }}. {{ kind.says[english][1] }}</dd>
{%- endfor %}
</dl>
</main>
</body>
</html>
""")

router = APIRouter()


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """The page."""
    document = request.app.openapi()
    calls = [
        (path, method.upper(), call | {"example": _example(document, call)})
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    return HTMLResponse(PAGE.render(info=document["info"], calls=calls, problems=KINDS.items(), english=Language.EN))


def _example(document: dict[str, Any], call: dict[str, Any]) -> str | None:
    """The example of a call's answer, as text."""
    schema = call["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    examples = document["components"]["schemas"].get(name, {}).get("examples")
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else None
