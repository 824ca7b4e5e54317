"""A hostile criteria file is refused with a fault, in under a second, whatever is in it."""

from __future__ import annotations

import time

import pytest

from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.criteria_engine.loading import load_file, load_set

CHECK = "id: x\nasks: X\nholds: {}\notherwise: red"
BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
FILES = {
    "laughs": "a0: &a0 lol\n" + BOMB,
    "deep lists": "[" * 100_000,
    "deep keys": "\n".join(" " * n + "a:" for n in range(500)),
    "deep lists in lines": "a:\n" + "- " * 50_000,
    "50 MB": "a" * 50_000_000,
    "many keys": "\n".join(f"k{n}: v" for n in range(19_000)),
    "many empty lines": "\n" * 195_000,
    "long line": "set: " + "a " * 97_000,
    "open quotes": '"' + "x\n" * 99_000,
    "tag": "set: !!python/object/apply:os.system [echo]",
    "merge": "a: {<<: {b: c}}",
    "not utf-8": b"set: \xff\xfe\x00a",
    "utf-16": "set: trial".encode("utf-16"),
    "nul": "set: \x00",
    "surrogate": "set: \ud800",
    "empty": "",
    "only a list": "- a",
    "only a text": "hello",
    "two documents": "a: b\n---\nc: d",
    "list as key": "? [a, b]\n: c",
    "nothing but a comment": "# hello",
    "directive": "%YAML 9.9\n---\na: b",
    "tabs": "set:\n\t- a",
    "50 MB of bytes": b"\xff" * 50_000_000,
    "50 MB of lists": "[" * 50_000_000,
    "utf-32": "set: trial".encode("utf-32"),
    "latin-1": "title: Hospital £".encode("latin-1"),
    "half a character": "title: £".encode()[:-1],
    "alias bomb": "a: &a [x]\n" + "b: [" + "*a, " * 20_000 + "]",
    "number tag": "set: !!int '1'",
    "own tag": "set: !run x",
    "deep flow keys": "{a: " * 30_000,
    "long key": "? " + "k" * 100_000 + "\n: v",
    "endless block": "a: |\n" + " x\n" * 60_000,
}


@pytest.mark.parametrize("name", FILES)
def test_hostile_files(world, name):
    start = time.process_time()
    with pytest.raises(CriteriaFaults) as caught:
        load_set(FILES[name], "hostile.yaml", world.SCHEMAS)
    assert time.process_time() - start < 1
    assert all(len(fault.message) < 300 for fault in caught.value.faults)
    assert all(str(fault).isprintable() for fault in caught.value.faults)


def test_a_large_file_on_disk_is_not_read_whole(world, tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(CriteriaFaults, match="too large"):
        load_file(path, world.SCHEMAS)


CONDITIONS = {
    "powers": "9**9**9 > 1",
    "huge number": "staff > " + "9" * 400,
    "huge fraction": "staff > 0." + "9" * 400,
    "exponent": "staff > 1e999999999",
    "hexadecimal": "staff > 0xFFFFFFFF",
    "deep brackets": "(" * 240 + "a" + ")" * 240,
    "many nots": "not " * 120 + "a",
    "many minuses": "-" * 400 + "staff > 1",
    "too long": "a or " * 200 + "a",
    "dunder": "a.__class__.__bases__ == 1",
    "dunder name": "__import__('os').system('echo') == 1",
    "underscore": "_0 == 1",
    "attribute of a call": "lower(sponsor).upper == 'X'",
    "attribute of a text": "'x'.join == 1",
    "format": "f'{sponsor}' == 'x'",
    "bytes": "b'x' == sponsor",
    "lambda": "(lambda: 1)() == 1",
    "subscript": "milestones[0] == 1",
    "walrus": "(x := 1) == 1",
    "comprehension": "[m for m in milestones] == 1",
    "two loops": "count(m for m in milestones for n in milestones) > 1",
    "three loops": "any(any(any(a for c in milestones) for n in milestones) for m in milestones)",
    "star": "max(*milestones) > 1",
    "keyword": "max(staff, staff, key=abs) > 1",
    "dictionary": "{'a': 1} == 1",
    "await": "await a",
    "yield": "(yield) == 1",
    "if": "(a if b else c)",
    "open": "open('x') == 1",
    "other digits": "staff > ９",
    "other letters": "ſtaff > 1",
    "joined texts": "'a' 'b' == sponsor",
    "semicolon": "a; b",
    "backslash": "a \\ b",
    "exclamation": "!a",
    "bits": "staff & 1 == 1",
    "shift": "staff << 9999999999 > 1",
    "is": "a is b",
    "none": "a == None",
    "dots": "milestones.due.due.due.due.due.due == 1",
    "ellipsis": "... == a",
    "tuple": "(a, b)",
    "shadow": "any(count for count in workstreams)",
    "shadow of a field": "any(sponsor for sponsor in workstreams)",
    "shadow of given": "any(given for given in workstreams)",
    "shadow of as_of": "any(as_of for as_of in workstreams)",
    "function as a name": "given == 1",
    "field as a function": "sponsor(1) == 1",
    "unpacking": "any(x for (x, y) in workstreams)",
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_hostile_conditions(world, name):
    start = time.process_time()
    text = world.set_text(CHECK.format("|\n  " + CONDITIONS[name]))
    with pytest.raises(CriteriaFaults) as caught:
        load_set(text, "hostile.yaml", world.SCHEMAS)
    assert time.process_time() - start < 1
    holds = text[: text.index("holds:")].count("\n") + 1
    assert {fault.line for fault in caught.value.faults} == {holds}


@pytest.mark.parametrize(
    "text",
    ["'<script>alert(1)</script>'", "'{{7*7}}'", '"it\'s"', "'5% of £3'", "'# no comment'"],
)
def test_texts_stay_texts(world, text):
    criteria = world.make_set(CHECK.format(f"|\n  sponsor == {text}"))
    assert world.check_of(criteria, sponsor=text[1:-1])["rating"] == "green"


@pytest.mark.parametrize("lines", ["any red " * 100, "9" * 5000 + " or more red", "x is red" * 9])
def test_hostile_rules(world, lines):
    overall = f"[{{red: '{lines}'}}, {{green: otherwise}}]"
    with pytest.raises(CriteriaFaults):
        world.make_set(CHECK.format("a"), overall=overall)


@pytest.mark.parametrize("name", ["sum", "given", "all", "as_of", "yes", "__class__", "sponsor"])
def test_a_parameter_that_hides_something_is_refused(world, name):
    parameters = f"parameters:\n  {name}: {{value: 5, source: x}}\n"
    with pytest.raises(CriteriaFaults) as caught:
        world.make_set(CHECK.format(f"staff > {name}"), parameters=parameters)
    assert {fault.code for fault in caught.value.faults} & {"name", "id"}


@pytest.mark.parametrize("name", ["sum", "all", "as_of", "yes", "sponsor", "milestones"])
def test_an_item_that_hides_something_is_refused(world, name):
    check = f"id: x\nasks: X\neach: milestones as {name}\nholds: {name}.ok\ngreen: all"
    with pytest.raises(CriteriaFaults) as caught:
        world.make_set(check)
    assert {fault.code for fault in caught.value.faults} == {"name"}
