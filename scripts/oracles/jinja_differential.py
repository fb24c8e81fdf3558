#!/usr/bin/env python3
"""Renders random templates with jinja2, as transformers sets it up, and with `nelumbo model render`.

    scripts/oracles/jinja_differential.py build/release/nelumbo --count 2000 --seed 1

Where jinja2 prints a text, ours must print the same one; where it raises, ours must fail. Exits 0
when they agree, 6 when they do not. Left out are what prints an address in Python and integers
beyond 64 bits, which ours refuses.
"""
import argparse
import copy
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

VARIABLES = {
    "n": 7, "z": 0, "neg": -3, "f": 2.5, "s": "Hello, World", "u": "Grüße é 中文 😀", "e": "",
    "w": "  two words\n", "b": True, "nil": None, "l": [3, 1, 2], "m": ["b", "A", "c", "a"],
    "d": {"x": 1, "y": "two", "k": [1, 2]}, "dd": [{"r": "user", "c": "hi"}, {"r": "tool", "c": None},
                                                  {"r": "user", "c": "Ho", "q": {"v": 4}}],
    "q": "it's \"q\" \\ \t", "nest": {"a": {"b": [1, {"c": "deep"}]}},
}
MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": " hi\nthere "},
            {"role": "assistant", "content": "ok <b>"}]
ATOMS = ["1", "2", "0", "-1", "10", "2.5", "1e3", "0.1", "true", "none", "'a'", "'b c'", "''",
         "'Zé'", "[]", "[1, 2, 3]", "['x', 'y']", "{}", "{'a': 1, 'b': [2]}", "(1, 'a')", "()",
         "missing", "missing2", "messages", "range(4)", "range(5, 0, -2)"] + list(VARIABLES)
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">", "<=", ">=", "in",
          "not in", "and", "or"]
FILTERS = ["trim", "length", "upper", "lower", "title", "capitalize", "list", "string", "int",
           "float", "first", "last", "join", "join(', ')", "join('-', attribute='r')", "tojson",
           "tojson(indent=2)", "tojson(ensure_ascii=true)", "tojson(sort_keys=true)",
           "tojson(separators=(',', ':'))", "default('d')", "default('d', true)", "d(1)", "sort",
           "sort(reverse=true)", "sort(attribute='r')", "unique|list", "reverse|list", "reverse",
           "abs", "round", "round(1)", "round(1, 'floor')", "round(method='ceil')", "sum", "min",
           "max", "items|list", "dictsort", "dictsort(by='value')", "map('upper')|list",
           "map(attribute='r')|list", "map(attribute='q.v', default=0)|list", "select|list",
           "select('string')|list", "reject('none')|list", "select('gt', 1)|list",
           "selectattr('r', 'equalto', 'user')|list", "selectattr('c')|list",
           "rejectattr('r', 'in', ['user'])|list", "replace('o', '0')", "replace('l', 'L', 1)",
           "replace('', '.')", "indent", "indent(2, true)", "indent('>', blank=true)", "safe",
           "center(9)", "wordcount", "batch(2)|list", "batch(2, 'x')|list", "groupby('r')|list",
           "map('int')|list", "map('length')|list", "format(1)", "count", "e", "int(5, 16)",
           "float(1.5)", "map(attribute=0)|list", "attr('x')"]
TESTS = ["defined", "undefined", "none", "string", "mapping", "iterable", "sequence", "number",
         "boolean", "true", "false", "integer", "float", "odd", "even", "divisibleby 2",
         "divisibleby(3)", "eq 1", "equalto('a')", "in [1, 'a']", "lower", "upper", "callable",
         "gt 1", "lt(3)", "ne none", "sameas true", "filter", "test", "escaped"]
METHODS = ["strip()", "lstrip()", "rstrip('\\n d')", "split()", "split('o')", "split(' ', 1)",
           "rsplit(None, 1)", "upper()", "lower()", "title()", "capitalize()", "startswith('H')",
           "endswith(('d', 'x'))", "replace('l', 'L')", "replace('l', 'L', 1)", "find('o')",
           "rfind('o')", "count('l')", "index('o')", "join(m)", "splitlines()", "isdigit()",
           "isalpha()", "isspace()", "isupper()", "zfill(14)", "center(15)", "center(16, '*')",
           "ljust(14, '.')", "rjust(14)", "partition(',')", "rpartition('o')", "removeprefix('He')",
           "removesuffix('ld')", "format(1, x=2)", "swapcase()", "items()", "keys()", "values()",
           "get('x')", "get('nope', 3)", "items()|list", "keys()|list", "x", "k[0]", "nope", "role",
           "__class__", "append(1)", "copy()", "isalnum()", "is_integer()",
           "startswith('e', 1)", "find('l', 3, 5)", "islower()", "pop()", "update({})"]
FORMATS = ["'%d' % n", "'%05.1f|%s' % (f, s)", "'%-8s|' % s", "'%x %o %e' % (n, n, f)",
           "'%(x)s' % d", "'%s %s' % (n,)", "'%r' % q", "'%+d % d' % (n, n)", "'%5.2s|' % s",
           "'%c%%' % 'a'", "'{} {}'.format(n, s)", "'{0:>8}|{1:08.3f}'.format(s, f)",
           "'{x!r:^9}'.format(x=e)", "'{:,}'.format(1234567)", "'{:.2%}'.format(0.256)",
           "'{0[x]}{0[k][1]}'.format(d)", "'{:+d}{:#x}{:b}'.format(n, 255, 5)", "'{{}}'.format()",
           "'{:{}}|'.format(n, 5)", "'%.3g %g %G' % (f, 1e20, 1e-7)", "'{:g} {:e}'.format(f, f)",
           "'%s' % none", "'%s %s' % d", "'%d' % f", "'{:5}|{:<5}|{:^5}|'.format(b, nil|string, 1.0)"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, choices):
        return self.random.choice(choices)

    def expression(self, depth=3):
        if depth == 0 or self.random.random() < 0.15:
            return self.pick(ATOMS)
        inner = lambda: self.expression(depth - 1)
        kind = self.random.randrange(13)
        if kind <= 1:
            return f"({inner()} {self.pick(BINARY)} {inner()})"
        if kind <= 4:
            return f"({inner()})|{self.pick(FILTERS)}"
        if kind == 5:
            return f"({inner()} is {self.pick(['', 'not '])}{self.pick(TESTS)})"
        if kind <= 7:
            return f"({inner()}).{self.pick(METHODS)}"
        if kind == 8:
            return f"({inner()} if {inner()} else {inner()})"
        if kind == 9:
            bounds = [self.pick(["", "0", "1", "-1", "2", "-3", "9", "-9"]) for _ in range(3)]
            if bounds[2] == "0":
                bounds[2] = "-2"
            # Of a scalar, jinja2 answers undefined where it folds constants and raises elsewhere.
            sliced = self.pick(["s", "u", "l", "m", "dd", "(1, 'a')", f"({inner()})|string",
                                "range(5)", "[1, 2, 3]", f"(({inner()})|string).split()"])
            return f"({sliced})[{bounds[0]}:{bounds[1]}:{bounds[2]}]"
        if kind == 10:
            return f"({inner()})[{self.pick(['0', '-1', '1', chr(39) + 'x' + chr(39), '5', inner()])}]"
        if kind == 11:
            return self.pick([f"[{inner()}, {inner()}]", f"{{{inner()}: {inner()}, 'x': {inner()}}}",
                              f"({inner()}, {inner()})", f"not {inner()}", f"-{inner()}",
                              f"({inner()} < {inner()} <= {inner()})"])
        return "(" + self.pick(FORMATS) + ")"

    def gap(self):
        return self.pick(["", " ", "\n", "  \n  ", "\n\n", "text", " a\n", "\t"])

    def sign(self):
        return self.pick(["", "", "-", "+"])

    def tag(self, words):
        return f"{{%{self.sign()} {words} {self.sign()}%}}"

    def printed(self, expression):
        return f"{{{{{self.pick(['', '-'])} {expression} {self.pick(['', '-'])}}}}}"

    def block(self, depth):
        if depth == 0:
            return self.gap() + self.printed(self.pick(ATOMS)) + self.gap()
        inner = lambda: self.block(depth - 1)
        kind = self.random.randrange(12)
        if kind == 0:
            parts = [self.tag(f"if {self.expression(1)}"), inner(), self.tag("else"), inner(),
                     self.tag("endif")]
        elif kind <= 2:
            over = self.pick(["messages", "l", "d", "m", "dd", "s", "range(3)", self.expression(1)])
            test = self.pick(["", "", f" if {self.pick(['i', 'i is string', 'loop', 'not i'])}"])
            body = self.pick(["loop.index", "loop.revindex0", "loop.last", "loop.first",
                              "loop.length", "loop.cycle('a', 'b')", "loop.previtem is defined",
                              "loop.nextitem", "i", "loop.changed(i)", "loop.depth"])
            jump = self.pick(["", "", self.tag("if loop.index == 2") +
                              self.tag(self.pick(["break", "continue"])) + self.tag("endif")])
            parts = [self.tag(f"for i in {over}{test}"), self.printed(body), jump, inner()]
            parts += self.pick([[], [self.tag("else"), inner()]]) + [self.tag("endfor")]
        elif kind == 3:
            parts = [self.tag(f"set {self.pick('xyv')} = {self.expression(2)}"), inner(),
                     self.printed("x"), self.printed("n")]
        elif kind == 4:
            parts = [self.tag("set x"), inner(), self.tag("endset"), self.printed("x|length")]
        elif kind == 5:
            parts = [self.tag("set ns = namespace(v=0, t='')"), self.tag("for i in l"),
                     self.tag(f"set ns.v = ns.v + {self.pick(['i', '1', 'loop.index'])}"), inner(),
                     self.tag("endfor"), self.printed("ns.v")]
        elif kind == 6:
            parts = [self.tag("macro mac(a, b='B', c=a)"), inner(), self.printed("a ~ b ~ c"),
                     self.tag("endmacro"),
                     self.printed(self.pick(["mac(1)", "mac(1, 2)", "mac(c=3, a=1)", "mac()", "mac(1,2,3,4)",
                                             "mac(b=mac(2), a=3)", "mac(zz=1)"]))]
        elif kind == 7:
            parts = [f"{{#{self.sign()} note {self.sign()}#}}", inner()]
        elif kind == 8:
            parts = [f"{{%{self.sign()} raw {self.pick(['', '-'])}%}}", self.gap(), "{{ x }}{% if %}",
                     self.gap(), self.tag("endraw")]
        elif kind == 9:
            parts = [self.tag(f"filter {self.pick(['upper', 'trim', 'replace(1, 2)|title'])}"), inner(),
                     self.tag("endfilter")]
        elif kind == 10:
            parts = [self.tag("macro g()"), self.printed("caller(1)"), self.tag("endmacro"),
                     self.tag("call(v) g()"), self.printed("v"), inner(), self.tag("endcall")]
        else:
            parts = [self.tag("with x = n, v = x"), self.printed("x ~ v"), inner(), self.tag("endwith")]
        return "".join(part + self.gap() for part in parts)

    def template(self):
        if self.random.random() < 0.6:
            return "{{ " + self.expression(self.random.randrange(1, 5)) + " }}"
        return "".join(self.block(self.random.randrange(1, 4)) for _ in range(2))


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True,
                                        extensions=[jinja2.ext.loopcontrols])
    env.filters["tojson"] = lambda x, ensure_ascii=False, indent=None, separators=None, \
        sort_keys=False: json.dumps(x, ensure_ascii=ensure_ascii, indent=indent,
                                    separators=separators, sort_keys=sort_keys)
    return env


def expected(env, source):
    """What jinja2 prints, or None and why it raises."""
    try:
        variables = copy.deepcopy(VARIABLES)  # the filter indent extends lists in place
        return env.from_string(source).render(messages=copy.deepcopy(MESSAGES), tools=None,
                                              add_generation_prompt=False, **variables), None
    except Exception as error:  # whatever a template makes Python raise
        return None, f"{type(error).__name__}: {error}"


def is_left_out(text):
    marks = ["object at 0x", "Markup(", " at 0x", "<Loop", "<Macro", "<function", "<bound", "<built-in", "<class"]
    longest = max((len(w) for w in "".join(c if c.isdigit() else " " for c in text).split()),
                  default=0)
    return any(mark in text for mark in marks) or longest > 18


def ours(nelumbo, folder, source):
    (folder / "t.jinja").write_text(source, newline="")
    run = subprocess.run([nelumbo, "model", "render", "--template", folder / "t.jinja", "--input",
                          folder / "input.jsonl"], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 4):
        return None, f"exit {run.returncode}: {run.stderr}"
    if run.returncode == 4:
        return None, run.stderr
    answer = json.loads(run.stdout)
    return answer.get("prompt"), answer.get("error")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nelumbo", help="the program")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="differences to print")
    options = parser.parse_args()
    env = environment()
    tally = {"same text": 0, "both fail": 0, "left out": 0, "differ": 0}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "input.jsonl").write_text(
            json.dumps({"messages": MESSAGES, "tools": None, "variables": VARIABLES}) + "\n")
        for i in range(options.count):
            source = Maker(options.seed * 1_000_003 + i).template()
            text, why = expected(env, source)
            printed, error = ours(options.nelumbo, folder, source)
            if (error or "").startswith("exit"):
                outcome = "differ"
            elif text is not None and is_left_out(text):
                outcome = "left out"
            elif text is None:
                outcome = "both fail" if printed is None else "differ"
            else:
                outcome = "same text" if printed == text else "differ"
            tally[outcome] += 1
            if outcome == "differ" and tally["differ"] <= options.show:
                print(f"--- {i}: {source!r}\njinja2:  {text if text is None else repr(text)} {why or ''}"
                      f"\nnelumbo: {printed if printed is None else repr(printed)} {error or ''}")
    print(", ".join(f"{count} {what}" for what, count in tally.items()))
    return 6 if tally["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
