"""Reading and judging JSON answers.

Also a program, for tests/golden/run.sh:  json_tools.py SCHEMA DOCUMENT
where SCHEMA is the NAME of fixtures/NAME.schema.json.
"""

import functools
import json
import pathlib
import sys

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), "a member is there twice: %r" % names
    return dict(pairs)


def parse(data):
    """UTF-8 in one line without white space that means nothing: the bytes are what PACC digests."""
    text = data.decode("utf-8")
    document = json.loads(text, object_pairs_hook=no_duplicates,
                          parse_constant=lambda word: sys.exit("unexpected " + word))
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert text == compact, "not compact, or escaped without need:\n%s\n%s" % (text, compact)
    return document


@functools.lru_cache(maxsize=None)
def schema(name):
    import jsonschema

    found = json.loads((FIXTURES / (name + ".schema.json")).read_text("utf-8"))
    kind = jsonschema.Draft202012Validator
    kind.check_schema(found)
    return kind(found)


def valid(name, data):
    """The document of these bytes, which keep to fixtures/NAME.schema.json."""
    document = parse(data)
    errors = ["%s: %s" % ("/".join(map(str, e.absolute_path)), e.message)
              for e in schema(name).iter_errors(document)]
    assert not errors, "\n".join(errors)
    return document


if __name__ == "__main__":
    try:
        valid(sys.argv[1], pathlib.Path(sys.argv[2]).read_bytes())
    except (AssertionError, ValueError) as error:
        sys.exit(str(error))
