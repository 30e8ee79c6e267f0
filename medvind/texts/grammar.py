"""The small part of Jinja that a text may be written in, and what can be told of one without writing it.

Whoever writes a text can name values, ask for them and choose between words. Loops, calls and what reaches into a value
aren't part of it, so every way through a text can be walked.
"""

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from math import prod

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from medvind.errors import UnreadableError
from medvind.saying import Saying

FILTERS = frozenset({"weekday", "date", "clock", "phone", "period", "days_after", "capitalize"})
MOST_WAYS, DEEPEST = 32, 40
"""Ways through one text, and choices or brackets in one another: more than anybody can read."""
_PARTS: frozenset[type[nodes.Node]] = frozenset(
    {nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Filter, nodes.If, nodes.Assign, nodes.Const}
    | {nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test, nodes.Add, nodes.Sub, nodes.FloorDiv}
)


TOO_DEEP = Saying("line 1: too deep or too large to be read; write it plainly")


@dataclass(frozen=True, slots=True)
class Values:
    """What a text may name: what is always there, and what may be missing and must be asked for first."""

    sure: frozenset[str]
    maybe: frozenset[str] = frozenset()


def parse(sandbox: ImmutableSandboxedEnvironment, source: str) -> nodes.Template:
    """The text's tree. Raises UnreadableError with the line, where it can't be read or uses more than a text may."""
    try:
        tree = sandbox.parse(source)
    except TemplateSyntaxError as error:
        says = Saying("line {line}: {reason}; compare it with the words that are shipped")
        raise UnreadableError(says.of(line=error.lineno, reason=error.message or "")) from None
    except (RecursionError, ValueError):
        raise UnreadableError(TOO_DEEP) from None
    if _is_deep(tree):
        raise UnreadableError(TOO_DEEP)
    for node in tree.find_all(nodes.Node):
        if not _allowed(node):
            raise UnreadableError(_too_much(node))
    return tree


def _too_much(node: nodes.Node) -> Saying:
    return Saying(
        "line {line}: {part} is more than a text may use; there are values, {{% if %}}, {{% set %}} and {filters}",
        {"line": node.lineno, "part": type(node).__name__, "filters": ", ".join(f"|{name}" for name in sorted(FILTERS))},
    )


def _is_deep(tree: nodes.Node) -> bool:
    """Looked at level by level: what is deep enough ends every recursion."""
    level = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in node.iter_child_nodes()]
    return bool(level)


def _allowed(node: nodes.Node) -> bool:
    match node:
        case nodes.Filter():
            return node.name in FILTERS and node.node is not None and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        case nodes.Test():
            return node.name == "defined" and isinstance(node.node, nodes.Name)
        case nodes.Assign():
            return isinstance(node.target, nodes.Name)
        case nodes.FloorDiv():
            return isinstance(node.right, nodes.Const) and bool(node.right.value)
        case _:
            return type(node) in _PARTS


def values_of(tree: nodes.Template) -> Values:
    """What this text names and takes for granted, and what it asks for first."""
    names = list(tree.find_all(nodes.Name))
    asked = {one.node.name for one in tree.find_all(nodes.Test) if isinstance(one.node, nodes.Name)}
    made = {one.name for one in names if one.ctx == "store"}
    used = {one.name for one in names if one.ctx == "load"}
    return Values(frozenset(used - asked - made), frozenset(asked))


def literals(tree: nodes.Template) -> str:
    """The text's own letters, without its values."""
    data = [one.data for one in tree.find_all(nodes.TemplateData)]
    return "\n".join([*data, *(one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str))])


def missing(tree: nodes.Template, values: Values) -> list[Saying]:
    """The values that are unknown here, or that are named where they may be missing; each with its line and cure."""
    walk = _Walk(values)
    walk.body(tree.body, values.sure)
    return list(walk.faults)


def ways(tree: nodes.Template, sandbox: ImmutableSandboxedEnvironment) -> Iterator[Template]:
    """Every way through the text, as a text without a choice. Raises UnreadableError where they are too many.

    Whatever is chosen, all that is asked is asked, so that a question that makes no sense is found.
    """
    if _count(tree.body) > MOST_WAYS:
        says = Saying("line 1: more than {most} ways through it; take some of the choices out")
        raise UnreadableError(says.of(most=MOST_WAYS))
    for body in _ways(tree.body):
        one = nodes.Template(body, lineno=1)
        one.set_environment(sandbox)
        yield sandbox.from_string(one)


def _branches(choice: nodes.If) -> list[list[nodes.Node]]:
    return [choice.body, *(other.body for other in choice.elif_), choice.else_]


def _asked(choice: nodes.If) -> list[nodes.Node]:
    return [nodes.Assign(nodes.Name("_", "store"), one.test, lineno=one.lineno) for one in (choice, *choice.elif_)]


def _count(body: Sequence[nodes.Node]) -> int:
    return prod(sum(_count(branch) for branch in _branches(node)) for node in body if isinstance(node, nodes.If))


def _ways(body: Sequence[nodes.Node]) -> Iterator[list[nodes.Node]]:
    choices = [
        [[*_asked(node), *way] for branch in _branches(node) for way in _ways(branch)]
        if isinstance(node, nodes.If)
        else [[node]]
        for node in body
    ]
    for chosen in product(*choices):
        yield list(chain.from_iterable(chosen))


def _proves(test: nodes.Node, *, outcome: bool) -> frozenset[str]:
    """The values that must be there where a test came out like this."""
    match test:
        case nodes.Test(node=nodes.Name(name=name)) if outcome:
            return frozenset({name})
        case nodes.Not():
            return _proves(test.node, outcome=not outcome)
        case nodes.And() if outcome:
            return _proves(test.left, outcome=True) | _proves(test.right, outcome=True)
        case nodes.Or() if not outcome:
            return _proves(test.left, outcome=False) | _proves(test.right, outcome=False)
        case _:
            return frozenset()


@dataclass(slots=True)
class _Walk:
    """Goes through a text as Jinja would, in every branch, knowing what is there by then."""

    values: Values
    faults: dict[Saying, None] = field(default_factory=dict)

    def body(self, body: Sequence[nodes.Node], there: frozenset[str]) -> frozenset[str]:
        """What is there after it."""
        for node in body:
            match node:
                case nodes.Assign(target=nodes.Name(name=name)):
                    self._uses(node.node, there)
                    there |= {name}
                case nodes.If():
                    there = self._choice(node, there)
                case _:
                    self._uses(node, there)
        return there

    def _choice(self, choice: nodes.If, there: frozenset[str]) -> frozenset[str]:
        ends = []
        for one in (choice, *choice.elif_):
            self._uses(one.test, there)
            ends.append(self.body(one.body, there | _proves(one.test, outcome=True)))
            there |= _proves(one.test, outcome=False)
        return frozenset.intersection(*ends, self.body(choice.else_, there))

    def _uses(self, node: nodes.Node, there: frozenset[str]) -> None:
        match node:
            case nodes.Name(name=name) if name not in there:
                self._misses(name, node.lineno, known=name in self.values.maybe)
            case nodes.Test(node=nodes.Name(name=name)):
                if name not in self.values.maybe | self.values.sure | there:
                    self._misses(name, node.lineno, known=False)
            case nodes.And() | nodes.Or():
                self._uses(node.left, there)
                self._uses(node.right, there | _proves(node.left, outcome=isinstance(node, nodes.And)))
            case _:
                for child in node.iter_child_nodes():
                    self._uses(child, there)

    def _misses(self, name: str, line: int, *, known: bool) -> None:
        self.faults[_may_be_missing(name, line) if known else _unknown(name, line, self.values)] = None


def _may_be_missing(name: str, line: int) -> Saying:
    return Saying(
        "line {line}: {name} may be missing; write it between {{% if {name} is defined %}} ... {{% endif %}}",
        {"line": line, "name": name},
    )


def _unknown(name: str, line: int, values: Values) -> Saying:
    every: Collection[str] = sorted(values.sure | values.maybe)
    near = difflib.get_close_matches(name, every, 1)
    about: dict[str, str | int] = {"line": line, "name": name}
    if near:
        return Saying("line {line}: there is no {name} in this text; did you mean {near}?", {**about, "near": near[0]})
    if every:
        all_of_them = {**about, "values": ", ".join(every)}
        return Saying("line {line}: there is no {name} in this text; it can name {values}", all_of_them)
    return Saying("line {line}: there is no {name} in this text; it can name no values", about)
