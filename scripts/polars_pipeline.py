"""What scripts/bench-polars compares Rollcall with: the same steps as a user of Polars would write them.

    polars_pipeline.py SOURCE STEPS SINK

SOURCE is a CSV file, or `adbc` or `connectorx` for the table crm.leads; STEPS is `plain` or `phone`; SINK is `none`, or a file of
Rollcall's rows to compare with. Prints the number of rows.
"""

import json
import os
import sys

import polars as pl

COLUMNS = ["id", "first_name", "last_name", "company", "phone", "email", "country", "zip", "consent"]


def e164(row):
    """What the `phone` step does, by the library that a user of Python has for it."""
    import phonenumbers as library

    if row["phone"] is None:
        return None
    try:
        number = library.parse(row["phone"], row["country"])
    except library.NumberParseException:
        return None
    if not library.is_valid_number(number):
        return None
    return library.format_number(number, library.PhoneNumberFormat.E164)


def read(source):
    """The rows, and the condition that keeps those with a consent."""
    if source == "adbc":
        url = f"postgresql:///postgres?host={os.environ['PGHOST']}&user=crm"
        return pl.read_database_uri(query(), url, engine="adbc").lazy(), pl.col("consent")
    if source == "connectorx":
        # Two connections, each for half of the keys.
        url = f"postgresql://crm@localhost/postgres?host={os.environ['PGHOST']}"
        table = pl.read_database_uri(query(), url, engine="connectorx", partition_on="id", partition_num=2)
        return table.lazy(), pl.col("consent")
    # Everything is text to both; a missing value is not empty text.
    return pl.scan_csv(source, infer_schema=False, empty_string_is_null=False), pl.col("consent") == "t"


def query():
    return f"SELECT {', '.join(COLUMNS)} FROM crm.leads"


def pipeline(source, steps):
    rows, condition = read(source)
    phone = pl.col("phone")
    if steps == "phone":
        phone = pl.struct("phone", "country").map_elements(e164, return_dtype=pl.String)
    name = pl.concat_str(pl.col("first_name").fill_null(""), pl.lit(" "), pl.col("last_name").fill_null(""))
    return rows.filter(condition).select(
        LeadId=pl.col("id"), FullName=name.str.strip_chars(" "), Company=pl.col("company"), Phone=phone,
        Email=pl.col("email"), Country=pl.col("country"), ZipCode=pl.col("zip"),
    )


def check(rows, file):
    """Ends with an error unless Rollcall made the same rows."""
    theirs = {tuple(None if value is None else str(value) for value in row) for row in rows.collect().iter_rows()}
    with open(file, encoding="utf-8") as lines:
        ours = {tuple(json.loads(line).values()) for line in lines}
    if ours != theirs:
        sys.exit(f"Rollcall and Polars differ: {len(ours - theirs)} and {len(theirs - ours)} rows are not the other's")
    return len(ours)


def main(source, steps, sink):
    rows = pipeline(source, steps)
    if sink != "none":
        return check(rows, sink)
    # The streaming engine hands over batches as they come; nothing keeps them.
    heights = []
    rows.sink_batches(lambda batch: heights.append(batch.height))
    return sum(heights)


print(main(*sys.argv[1:]))
