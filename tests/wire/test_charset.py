import pytest

from pnr_pipeline.wire.edifact.charset import Charset, charset_of, recode
from pnr_pipeline.wire.edifact.segment import Segment


@pytest.mark.parametrize(
    ("declared", "name", "sent_as", "expected"),
    [
        ("UNOA", "DOE", "ascii", Charset("ascii")),
        ("UNOC", "MÜLLER", "latin-1", Charset("iso8859-1")),
        ("UNOD", "ČAĐO", "iso8859-2", Charset("iso8859-2")),
        ("UNOE", "ПЕТРОВ", "iso8859-5", Charset("iso8859-5")),
        ("UNOK", "YILDIRIMOĞLU", "iso8859-9", Charset("iso8859-9")),
        ("UNOW", "ĐOKIĆ", "utf-8", Charset("utf-8")),
        ("UNOA", "ĐOKIĆ", "utf-8", Charset("utf-8", outside=True)),
        ("UNOA", "MÜLLER", "latin-1", Charset("latin-1", outside=True)),
        ("UNOW", "MÜLLER", "latin-1", Charset("latin-1", outside=True)),
        ("IATA", "MÜLLER", "latin-1", Charset("latin-1", outside=True)),
        ("", "MÜLLER", "latin-1", Charset("latin-1", outside=True)),
    ],
)
def test_values_are_read_in_the_declared_alphabet_or_in_the_one_that_fits(declared, name, sent_as, expected):
    sent = name.encode(sent_as)
    charset = charset_of(sent, declared)
    assert charset == expected
    segment = Segment("NAD", ["NAD", sent.decode("latin-1"), (sent.decode("latin-1"), "A")], 0)
    recode(segment, charset.codec)
    assert segment.elements[1:] == [name, (name, "A")]
