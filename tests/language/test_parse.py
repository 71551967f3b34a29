"""What an expression is read as, and where and why another text is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.language.nodes import Apply, Expression, Literal, Name, Options
from voucher_rules.language.parse import (
    MAX_DEPTH,
    MAX_LENGTH,
    ExpressionError,
    parse_expression,
)


def tell(node: Expression) -> str:
    """Return a tree as text with every part in brackets."""
    match node:
        case Name(text):
            return text
        case Literal(value):
            return repr(value)
        case Options(values):
            return f"{{{' '.join(values)}}}"
        case Apply(symbol, parts, _, named):
            given = [tell(part) for part in parts] + [f"{n}={tell(part)}" for n, part in named]
            return f"({symbol} {' '.join(given)})"


def refuse(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", "a"),
        ("a.b.c_1", "a.b.c_1"),
        (" a ", "a"),
        ("(a)", "a"),
        ("0", "0"),
        ("1", "1"),
        ("true", "True"),
        ("false", "False"),
        ("'x'", "'x'"),
        ('"x"', "'x'"),
        ("'中文'", "'中文'"),
        ("'it is'", "'it is'"),
        ("a + b * c", "(+ a (* b c))"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("a - b - c", "(- (- a b) c)"),
        ("a / b * c", "(* (/ a b) c)"),
        ("-a * b", "(* (neg a) b)"),
        ("-(a * b)", "(neg (* a b))"),
        ("- -a", "(neg (neg a))"),
        ("a < b", "(< a b)"),
        ("a <= b", "(<= a b)"),
        ("a > b", "(> a b)"),
        ("a >= b", "(>= a b)"),
        ("a == b", "(== a b)"),
        ("a != b", "(!= a b)"),
        ("a < b <= c", "(and (< a b) (<= b c))"),
        ("a + b < c * d", "(< (+ a b) (* c d))"),
        ("not a == b", "(not (== a b))"),
        ("not a and b", "(and (not a) b)"),
        ("a and b and c", "(and a b c)"),
        ("a or b and c", "(or a (and b c))"),
        ("(a or b) and c", "(and (or a b) c)"),
        ("a in ['x', 'y']", "(in a {x y})"),
        ("a in ('x', 'y')", "(in a {x y})"),
        ("a in {'x'}", "(in a {x})"),
        ("a not in b", "(not in a b)"),
        ("not a in b", "(not (in a b))"),
        ("a if b else c", "(if b a c)"),
        ("a if b else c if d else e", "(if b a (if d c e))"),
        ("min(a, b, c)", "(min a b c)"),
        ("max(a)", "(max a)"),
        ("given(a.b)", "(given a.b)"),
        ("year(a) + year(b)", "(+ (year a) (year b))"),
        ("min(a, b if c else d)", "(min a (if c b d))"),
        ("a[b]", "([] a b)"),
        ("a[b.c, 'x'] + d", "(+ ([] a b.c 'x') d)"),
        ("sum(a.b, where=a.c > d)", "(sum a.b where=(> a.c d))"),
        ("max(a[b], over=c)", "(max ([] a b) over=c)"),
        ("a(b - c, after=d)", "(a (- b c) after=d)"),
    ],
)
def test_an_expression_is_read(text: str, tree: str) -> None:
    assert tell(parse_expression(text)) == tree


def test_every_function_name_is_left_to_the_checker() -> None:
    assert tell(parse_expression("anything(a)")) == "(anything a)"


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("", "expression-empty", ""),
        ("   ", "expression-empty", "   "),
        ("a +", "expression-syntax", None),
        ("(a", "expression-syntax", None),
        ("a b", "expression-syntax", "b"),
        ("a = b", "expression-syntax", "="),
        ("a; b", "expression-syntax", ";"),
        ("class", "expression-syntax", None),
        ("a := b", "expression-syntax", ":"),
        ("# a", "character-outside-quotes", "#"),
        ("True", "python-word", "True"),
        ("a == None", "python-word", "None"),
        ("a and False", "python-word", "False"),
        ("a > 5", "number-in-expression", "5"),
        ("a * 0.5", "number-in-expression", "0.5"),
        ("a + 1_0", "number-in-expression", "1_0"),
        ("a + 0x1", "number-in-expression", "0x1"),
        ("a + 1j", "number-in-expression", "1j"),
        ("a + 00", "number-in-expression", "00"),
        ("a + 1.", "number-in-expression", "1."),
        ("a + -1e5", "number-in-expression", "1e5"),
        ("A", "bad-name", "A"),
        ("a.B", "bad-name", "a.B"),
        ("_a", "bad-name", "_a"),
        ("a.__class__", "bad-name", "a.__class__"),
        ("a in [b]", "option-not-quoted", "b"),
        ("a in ['x', 1]", "option-not-quoted", "1"),
        ("a in ['x', *b]", "option-not-quoted", "*b"),
        ("a in ['x' + 'y']", "option-not-quoted", "'x' + 'y'"),
        ("a ** b", "unsupported-syntax", "a ** b"),
        ("a // b", "unsupported-syntax", "a // b"),
        ("a % b", "unsupported-syntax", "a % b"),
        ("a @ b", "unsupported-syntax", "a @ b"),
        ("a & b", "unsupported-syntax", "a & b"),
        ("a | b", "unsupported-syntax", "a | b"),
        ("a ^ b", "unsupported-syntax", "a ^ b"),
        ("a << b", "unsupported-syntax", "a << b"),
        ("a >> b", "unsupported-syntax", "a >> b"),
        ("+a", "unsupported-syntax", "+a"),
        ("~a", "unsupported-syntax", "~a"),
        ("a is b", "unsupported-syntax", "a is b"),
        ("a is not b", "unsupported-syntax", "a is not b"),
        ("a < b is c", "unsupported-syntax", "a < b is c"),
        ("a.b[c]", "unsupported-syntax", "a.b[c]"),
        ("a[b][c]", "unsupported-syntax", "a[b][c]"),
        ("a[b:c]", "unsupported-syntax", "b:c"),
        ("a[*b]", "unsupported-syntax", "*b"),
        ("a()()", "unsupported-syntax", "a()()"),
        ("a.b()", "unsupported-syntax", "a.b()"),
        ("min(a).b", "unsupported-syntax", "min(a)"),
        ("'x'.upper", "unsupported-syntax", "'x'"),
        ("min(a, b=c)", "unsupported-syntax", "min(a, b=c)"),
        ("min(**a)", "unsupported-syntax", "min(**a)"),
        ("min(*a)", "unsupported-syntax", "*a"),
        ("lambda: a", "unsupported-syntax", "lambda: a"),
        ("lambda a: a", "unsupported-syntax", "lambda a: a"),
        ("[a for a in b]", "unsupported-syntax", "[a for a in b]"),
        ("{a for a in b}", "unsupported-syntax", "{a for a in b}"),
        ("{a: a for a in b}", "unsupported-syntax", "{a: a for a in b}"),
        ("min(a for a in b)", "unsupported-syntax", None),
        ("{}", "unsupported-syntax", "{}"),
        ("{'x': a}", "unsupported-syntax", "{'x': a}"),
        ("(a := b)", "unsupported-syntax", "a := b"),
        ("await a", "unsupported-syntax", "await a"),
        ("(yield)", "unsupported-syntax", "yield"),
        ("f'x'", "unsupported-syntax", "f'x'"),
        ("f'{a}'", "unsupported-syntax", "f'{a}'"),
        ("a + (b ** c)", "unsupported-syntax", "b ** c"),
        ("a\nb", "line-break", "\n"),
        ("a +\\b", "line-break", "\\"),
        ("a\r", "line-break", "\r"),
        ("'a\\'", "line-break", "\\"),
        ("a ≥ b", "full-width-character", "≥"),
        ("（a", "full-width-character", "（"),
        ("a，b", "full-width-character", "，"),
        ("a == “x”", "full-width-character", "“"),
        ("规模 == 'x'", "character-outside-quotes", "规"),
        ("a == 甲", "character-outside-quotes", "甲"),
        ("é", "character-outside-quotes", "é"),
        ("a\u00a0+ b", "character-outside-quotes", "\u00a0"),
    ],
)
def test_what_is_no_expression_is_refused_at_its_place(
    text: str, code: str, found: str | None
) -> None:
    error = refuse(text)
    assert error.code == code
    assert 0 <= error.place.start <= error.place.end <= max(1, len(text))
    if found is not None:
        assert text[error.place.start : error.place.end] == found


@pytest.mark.parametrize("text", ["a +", "a.b ==", "a and not"])
def test_an_expression_that_ends_too_soon_is_refused_at_its_end(text: str) -> None:
    place = refuse(text).place
    assert (place.start, place.end) == (len(text) - 1, len(text))


@pytest.mark.parametrize("text", ["...", "b'x'", "a == b'0'"])
def test_what_is_no_number_is_not_called_one(text: str) -> None:
    assert refuse(text).code == "unsupported-syntax"


@pytest.mark.parametrize(
    "text", ["a == 'x' 'y'", "a in ['x' 'y']", "a == '''x'''", "a == u'x'", "a == r'x'"]
)
def test_an_option_is_written_in_one_pair_of_quotes(text: str) -> None:
    refuse(text)


def test_a_comment_is_no_part_of_an_expression() -> None:
    refuse("a # b")


@pytest.mark.parametrize(("found", "fix"), [("（", "("), ("≤", "<="), ("×", "*"), ("”", "'")])
def test_the_fix_of_a_full_width_character_is_told(found: str, fix: str) -> None:
    error = refuse(f"a {found} b")
    assert error.arguments == {"found": found, "fix": fix}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("'中文' == a ** b", "a ** b"),
        ("  '𠮷é' == a.B", "a.B"),
        ("a in ['甲', '乙'] and 5", "5"),
        ("'e\u0301' in b[c:d]", "c:d"),
        ("   a > 10", "10"),
    ],
)
def test_places_count_characters_and_not_bytes(text: str, part: str) -> None:
    place = refuse(text).place
    assert text[place.start : place.end] == part


def collect_parts(node: Expression) -> list[Expression]:
    found = [node]
    if isinstance(node, Apply):
        found += [inner for part in node.parts for inner in collect_parts(part)]
    return found


def test_every_part_stands_where_it_is_written() -> None:
    text = "  '甲' in a.b and (c + 1 < d or not e) and f in ['乙', '丙'] and g if h else min(i, 0)"
    places = {text[n.place.start : n.place.end] for n in collect_parts(parse_expression(text))}
    assert places >= {
        text.strip(),
        "'甲' in a.b",
        "'甲'",
        "a.b",
        "c + 1 < d or not e",
        "c + 1",
        "not e",
        "['乙', '丙']",
        "h",
        "min(i, 0)",
        "0",
    }


def test_a_chain_of_comparisons_stands_as_a_whole() -> None:
    node = parse_expression("a < b < c")
    assert isinstance(node, Apply)
    assert [(part.place.start, part.place.end) for part in node.parts] == [(0, 9), (0, 9)]


def test_length_is_read_up_to_its_limit() -> None:
    assert tell(parse_expression("a" + " " * (MAX_LENGTH - 1))) == "a"
    assert refuse("a" + " " * MAX_LENGTH).code == "expression-too-long"


@pytest.mark.parametrize("word", ["-", "not "])
def test_depth_is_read_up_to_its_limit(word: str) -> None:
    parse_expression(word * (MAX_DEPTH - 1) + "a")
    error = refuse(word * MAX_DEPTH + "a")
    assert error.code == "expression-too-deep"
    assert error.arguments["limit"] == str(MAX_DEPTH)


@pytest.mark.parametrize("count", [40, 150, 250, 600])
@pytest.mark.parametrize(
    ("before", "after"),
    [("(", ")"), ("-", ""), ("not ", ""), ("[", "]"), ("min(", ")"), ("a+(", ")"), ("1+", "")],
)
def test_deep_texts_are_refused_whatever_python_says(before: str, after: str, count: int) -> None:
    text = before * count + "a" + after * count
    if len(text) <= MAX_LENGTH and not (before == "(" and count <= 150):
        refuse(text)


def test_brackets_alone_are_no_depth() -> None:
    assert tell(parse_expression("(" * 60 + "a" + ")" * 60)) == "a"


WORDS = [
    "a",
    "b.c",
    "0",
    "1",
    "5",
    "'x'",
    "true",
    "None",
    "+",
    "-",
    "*",
    "/",
    "**",
    "<",
    "==",
    "in",
]
WORDS += [
    "not",
    "and",
    "or",
    "if",
    "else",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "min(",
    "lambda",
    ":",
    "is",
]
WORDS += [
    "for",
    "{",
    "}",
    "=",
    "'",
    '"',
    "f'",
    "\\",
    "\0",
    "中",
    "，",
    "\n",
    "\t",
    "#",
    "@",
    "...",
    "_",
]


@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.text(max_size=25)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        node = parse_expression(text)
    except ExpressionError as error:
        assert 0 <= error.place.start <= error.place.end <= max(1, len(text))  # noqa: PT017
    else:
        for part in collect_parts(node):
            assert 0 <= part.place.start < part.place.end <= len(text)


NAMES = st.sampled_from(["a", "b.c", "d_1"])
TREES = st.recursive(
    st.one_of(NAMES, st.sampled_from(["0", "1", "'x'", "True", "False"])),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "*", "<", "=="]), inner, inner).map(
            lambda part: f"({part[0]} {part[1]} {part[2]})"
        ),
        inner.map(lambda part: f"(not {part})"),
    ),
    max_leaves=12,
)


def write(tree: str) -> str:
    """Return the expression of a tree told by :func:`tell`, with every bracket written."""
    words = tree.replace("(", " ( ").replace(")", " ) ").split()

    def take() -> str:
        word = words.pop(0)
        if word != "(":
            return {"True": "true", "False": "false"}.get(word, word)
        symbol = words.pop(0)
        parts = [take()] if symbol == "not" else [take(), take()]
        words.pop(0)
        return f"(not {parts[0]})" if symbol == "not" else f"({parts[0]} {symbol} {parts[1]})"

    return take()


@given(TREES)
@settings(max_examples=200, deadline=None)
def test_a_tree_written_out_is_read_back(tree: str) -> None:
    assert tell(parse_expression(write(tree))) == tree
