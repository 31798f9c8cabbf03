"""The part of CEL in which conditions are written: read and typed before the library compiles it.

What is allowed: facts (`journey.stay_hours`), whole numbers, texts, true and false, lists of them, `== != < <= > >=`,
`in`, `&& || !`, `+ - *`, parentheses and `size(list)`. There is no macro, no `has`, no conditional and no other
function: so no expression can loop, and one that is true stays true whatever further fact becomes known. All else is
refused at its place.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pnr_pipeline.screening.criteria.model import Fact, fact_model

LENGTH_MAX = 500
DEPTH_MAX = 16
LIST_MAX = 64
_NUMBER_MAX = 9

Type = Literal["int", "bool", "text", "texts", "ints"]

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*)|(?P<int>[0-9]+)"
    r"|(?P<text>\"[^\"\\\n]*\"|'[^'\\\n]*')|(?P<sign>==|!=|<=|>=|&&|\|\||[<>!+\-*()\[\],])|(?P<wrong>\S))"
)
_COMPARED = ("==", "!=", "<", "<=", ">", ">=", "in")


class ExpressionFault(Exception):
    """An expression that is not allowed: `offset` (0-based, in the expression) and why; `name` where a fact lacks."""

    def __init__(self, offset: int, what: str, name: str = "") -> None:
        super().__init__(what)
        self.offset, self.what, self.name = offset, what, name


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class _Typed:
    """A part of the expression: its type, where it begins, the fact it is, and the texts it holds as literals."""

    type: Type
    offset: int
    fact: Fact | None = None
    literals: tuple[tuple[str, int], ...] = ()


def facts_in(expression: str) -> tuple[str, ...]:
    """The facts that the expression asks for, each once, in their order; raises ExpressionFault where it is wrong."""
    reader = _Reader(expression)
    whole = reader.read()
    if whole.type != "bool":
        raise ExpressionFault(whole.offset, f"a condition is true or false, this is {_WORDS[whole.type]}")
    return tuple(dict.fromkeys(reader.facts))


_WORDS: dict[Type, str] = {
    "int": "a number",
    "bool": "true or false",
    "text": "a text",
    "texts": "a list of texts",
    "ints": "a list of numbers",
}


class _Reader:
    """Recursive descent; `facts` gathers the names met."""

    def __init__(self, expression: str) -> None:
        if len(expression) > LENGTH_MAX:
            raise ExpressionFault(LENGTH_MAX, f"longer than {LENGTH_MAX} characters: make two conditions of it")
        self.facts: list[str] = []
        self._tokens = list(_tokens(expression))
        self._at = 0
        self._depth = 0

    def read(self) -> _Typed:
        whole = self._either()
        if self._token.kind != "end":
            raise ExpressionFault(self._token.offset, f"`{self._token.text}` is not expected here")
        return whole

    @property
    def _token(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> _Token | None:
        """The next token if it is one of these signs or words."""
        token = self._token
        if token.kind in ("sign", "name") and token.text in texts:
            self._at += 1
            return token
        return None

    def _must(self, text: str) -> None:
        if self._take(text) is None:
            raise ExpressionFault(self._token.offset, f"`{text}` is expected here")

    def _either(self) -> _Typed:
        return self._joined(self._both, ("||",), "bool")

    def _both(self) -> _Typed:
        return self._joined(self._compared, ("&&",), "bool")

    def _sum(self) -> _Typed:
        return self._joined(self._product, ("+", "-"), "int")

    def _product(self) -> _Typed:
        return self._joined(self._signed, ("*",), "int")

    def _joined(self, part: Callable[[], _Typed], signs: tuple[str, ...], of: Type) -> _Typed:
        left = part()
        while sign := self._take(*signs):
            right = part()
            for side in (left, right):
                _must_be(side, of, f"`{sign.text}`")
            left = _Typed(of, left.offset)
        return left

    def _compared(self) -> _Typed:
        left = self._sum()
        sign = self._take(*_COMPARED)
        if sign is None:
            return left
        right = self._sum()
        if sign.text == "in":
            wanted: Type = "texts" if left.type == "text" else "ints"
            if left.type not in ("text", "int") or right.type != wanted:
                raise ExpressionFault(
                    sign.offset, f"`in` asks for a value in a list: {_WORDS[left.type]} in {_WORDS[right.type]}"
                )
        elif left.type != right.type:
            raise ExpressionFault(sign.offset, f"`{sign.text}` compares {_WORDS[left.type]} with {_WORDS[right.type]}")
        elif sign.text not in ("==", "!="):
            _must_be(left, "int", f"`{sign.text}`")
        for one, other in ((left, right), (right, left)):
            _must_be_possible(one.fact, other.literals)
        return _Typed("bool", left.offset)

    def _signed(self) -> _Typed:
        sign = self._take("!", "-")
        if sign is None:
            return self._value()
        self._deeper(sign)
        inner = self._signed()
        self._depth -= 1
        of: Type = "bool" if sign.text == "!" else "int"
        _must_be(inner, of, f"`{sign.text}`")
        return _Typed(of, sign.offset)

    def _value(self) -> _Typed:
        token = self._token
        if token.kind == "int":
            self._at += 1
            if len(token.text) > _NUMBER_MAX:
                raise ExpressionFault(token.offset, f"a number has at most {_NUMBER_MAX} digits")
            return _Typed("int", token.offset)
        if token.kind == "text":
            self._at += 1
            return _Typed("text", token.offset, literals=((token.text[1:-1], token.offset),))
        if self._take("("):
            self._deeper(token)
            inner = self._either()
            self._depth -= 1
            self._must(")")
            return inner
        if self._take("["):
            return self._list(token)
        if token.kind == "name":
            self._at += 1
            return self._named(token)
        raise ExpressionFault(token.offset, "a fact, a number, a text or `(` is expected here")

    def _list(self, opened: _Token) -> _Typed:
        members = [self._value()]
        while self._take(","):
            members.append(self._value())
        self._must("]")
        of = {member.type for member in members}
        if len(members) > LIST_MAX or of not in ({"text"}, {"int"}) or any(member.fact for member in members):
            raise ExpressionFault(opened.offset, f"a list holds at most {LIST_MAX} texts, or as many numbers")
        return _Typed("texts" if of == {"text"} else "ints", opened.offset,
                      literals=tuple(one for member in members for one in member.literals))  # fmt: skip

    def _named(self, token: _Token) -> _Typed:
        if token.text in ("true", "false"):
            return _Typed("bool", token.offset)
        if token.text == "size" and self._take("("):
            inner = self._value()
            self._must(")")
            _must_be(inner, "texts", "`size`")
            return _Typed("int", token.offset)
        fact = fact_model().get(token.text)
        if fact is None:
            raise ExpressionFault(token.offset, f"there is no fact `{token.text}`", token.text)
        self.facts.append(fact.name)
        return _Typed(fact.kind, token.offset, fact)

    def _deeper(self, token: _Token) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise ExpressionFault(token.offset, f"nested deeper than {DEPTH_MAX}")


def _must_be(part: _Typed, of: Type, who: str) -> None:
    if part.type != of:
        raise ExpressionFault(part.offset, f"{who} takes {_WORDS[of]}, this is {_WORDS[part.type]}")


def _must_be_possible(fact: Fact | None, literals: tuple[tuple[str, int], ...]) -> None:
    """A text that the fact can never have is a slip of the pen: the condition would never hold, or always."""
    for text, offset in literals if fact else ():
        if fact and not fact.allows(text):
            of = f"one of {', '.join(fact.values)}" if fact.values else f"of the form {fact.form}"
            raise ExpressionFault(offset, f"`{fact.name}` is never this text: it is {of}")


def _tokens(expression: str) -> Iterator[_Token]:
    at = 0
    while match := _TOKEN.match(expression, at):
        kind = match.lastgroup or "wrong"
        text, offset = match[kind], match.start(kind)
        if kind == "wrong":
            raise ExpressionFault(offset, f"`{text}` is not part of the language of conditions")
        yield _Token(kind, text, offset)
        at = match.end()
    yield _Token("end", "the end", len(expression.rstrip()))
