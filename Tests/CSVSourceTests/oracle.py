"""Reads CSV files with Python's csv module: the oracle of the tests.

Its argument is a JSON file with a list of cases: file, encoding, delimiter, quote (or null), escape (or null). Writes to its output, for each
case, the list of rows without the empty ones, or the csv module's words where it refuses the file.
"""

import csv
import json
import sys

csv.field_size_limit(sys.maxsize)


def rows(case):
    quote, escape = case.get("quote"), case.get("escape")
    with open(case["file"], newline="", encoding=case["encoding"]) as file:
        reader = csv.reader(
            file,
            delimiter=case["delimiter"],
            quotechar=quote,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            escapechar=escape,
            doublequote=escape is None,
            strict=True,
        )
        return [row for row in reader if row]


def answer(case):
    try:
        return {"rows": rows(case)}
    except csv.Error as error:
        return {"refused": str(error)}


with open(sys.argv[1], encoding="utf-8") as cases:
    json.dump([answer(case) for case in json.load(cases)], sys.stdout)
