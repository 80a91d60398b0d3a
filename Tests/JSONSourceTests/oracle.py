"""Reads lines of JSON with Python's json module, strict: the oracle of the tests.

Its first argument is a file of UTF-8 text with a document on each line, the others are names of members. Writes to its output, for each line
that is not blank, null where it is no JSON, false where it is JSON and no object, or else the list of the members' values: text for strings,
numbers as written and booleans, null for null and for a member that is missing, and false for objects and arrays. A string with half of a
surrogate pair is no JSON here.
"""

import json
import sys


class Refused(Exception):
    pass


def refuse(word):
    raise Refused(word)


def check(value):
    """Python itself takes halves of surrogate pairs."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, Members):
        for name, member in value.pairs:
            check(name)
            check(member)
    elif isinstance(value, list):
        for element in value:
            check(element)


class Members:
    """All of them, also those of one name, of which the last one counts."""

    def __init__(self, pairs):
        self.pairs = pairs
        self.last = dict(pairs)


class Number:
    def __init__(self, text):
        self.text = text


def cell(value):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, Number) else False


def answer(line, names):
    try:
        value = json.loads(
            line.decode("utf-8"),
            parse_constant=refuse,
            parse_int=Number,
            parse_float=Number,
            object_pairs_hook=Members,
        )
        check(value)
    except (ValueError, Refused):
        return None
    if not isinstance(value, Members):
        return False
    return [cell(value.last.get(name)) for name in names]


with open(sys.argv[1], "rb") as file:
    lines = [line for line in file.read().split(b"\n") if line.strip(b" \t\r")]
json.dump([answer(line, sys.argv[2:]) for line in lines], sys.stdout)
