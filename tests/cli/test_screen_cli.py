import gzip
import json

from typer.testing import CliRunner

from pnr_pipeline.cli.screen import app

ENTRIES = [
    {"id": "e1", "list": "A", "names": [{"full": "Miloš Đorđević", "surname": "Đorđević", "given": "Miloš"}],
     "dob": ["1975-03-09"], "gender": "M", "nationality": ["RS"], "documents": []},
    {"id": "e2", "list": "B", "names": [{"full": "Trimor Xhuvanaj"}], "dob": [], "gender": None, "nationality": []},
    {"id": "d1", "list": "C", "names": [], "documents": [{"number": "X0001234", "country": "TR", "type": "passport"}]},
]  # fmt: skip
QUERIES = [
    {"id": "q1", "surname": "DJORDJEVIC", "given_names": "MILOS", "dob": "1975-03-09", "gender": "M",
     "nationality": "SRB", "document_number": None, "document_country": None},
    {"id": "q2", "surname": "XHUVANAJ", "given_names": "TRIMOR", "dob": None},
    {"id": "q3", "surname": "SMITH", "given_names": "JOHN", "dob": "1950-01-01", "document_number": "X000 1234"},
    {"id": "q4", "surname": "SMITH", "given_names": "JOHN", "dob": "1950-01-01"},
]  # fmt: skip


def run(tmp_path, entries=ENTRIES, queries=QUERIES, *options):
    paths = {name: tmp_path / f"{name}.jsonl" for name in ("list", "queries", "out")}
    for name, lines in (("list", entries), ("queries", queries)):
        paths[name].write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines))
    told = [text for name, path in paths.items() for text in (f"--{name}", str(path))]
    result = CliRunner().invoke(app, [*told, *options])
    lines = paths["out"].read_text().splitlines() if paths["out"].exists() else []
    return result, {line["id"]: line["results"] for line in map(json.loads, lines)}


def test_each_query_has_a_line_with_its_results_best_first(tmp_path):
    result, found = run(tmp_path)
    assert result.exit_code == 0
    assert {query: [one["id"] for one in results] for query, results in found.items()} == {
        "q1": ["e1"],
        "q2": ["e2"],
        "q3": ["d1"],
        "q4": [],
    }
    assert all(0 <= one["score"] <= 1 for results in found.values() for one in results)


def test_the_thresholds_in_force_are_told_on_stderr(tmp_path):
    result, found = run(tmp_path)
    told = dict(line.split(" ") for line in result.stderr.splitlines() if line.startswith(("threshold ", "weak ")))
    assert all("e" not in number for number in told.values()), "plain decimals: readers take them apart"
    assert 0 < float(told["weak"]) < float(told["threshold"]) < 1
    assert found["q1"][0]["score"] >= float(told["threshold"])
    assert found["q2"][0]["score"] >= float(told["weak"])
    assert result.stdout == ""


def test_packed_files_give_what_plain_ones_give(tmp_path):
    _, plain = run(tmp_path)
    for name in ("list", "queries"):
        (tmp_path / f"{name}.jsonl.gz").write_bytes(gzip.compress((tmp_path / f"{name}.jsonl").read_bytes()))
    packed = [f"--{name}={tmp_path / name}.jsonl.gz" for name in ("list", "queries")]
    result = CliRunner().invoke(app, [*packed, f"--out={tmp_path / 'again.jsonl'}"])
    assert result.exit_code == 0
    again = map(json.loads, (tmp_path / "again.jsonl").read_text().splitlines())
    assert {one["id"]: one["results"] for one in again} == plain


def test_what_stands_in_no_queue_is_not_told(tmp_path):
    other_day = QUERIES[0] | {"dob": "1944-11-27"}
    assert run(tmp_path, ENTRIES, [other_day])[1] == {"q1": []}


def test_explain_adds_the_evidence(tmp_path):
    _, found = run(tmp_path, ENTRIES, QUERIES, "--explain")
    fields = [term["field"] for term in found["q1"][0]["explanation"]]
    assert fields[:2] == ["name", "birth date"]
    assert "explanation" not in run(tmp_path)[1]["q1"][0]


def test_explain_tells_both_persons_in_words_and_all_that_was_in_force(tmp_path):
    _, found = run(tmp_path, ENTRIES, QUERIES, "--explain")
    (told,) = found["q1"]
    assert "times likelier if the same person" in told["side_by_side"][1]["odds"]
    assert any(span.get("differs") for span in told["side_by_side"][0]["entry"])
    assert told["compared_name"] == "Miloš Đorđević"
    assert set(told["in_force"]) == {"list", "list_version", "engine", "rules", "index", "alert", "weak", "prior"}


def test_top_bounds_the_results(tmp_path):
    namesakes = [ENTRIES[0] | {"id": f"e{at}"} for at in range(5)]
    assert len(run(tmp_path, namesakes, QUERIES, "--top", "2")[1]["q1"]) == 2


def test_a_bad_list_line_is_told_and_the_rest_is_screened_with(tmp_path):
    result, found = run(tmp_path, ["{\n", *ENTRIES])
    assert result.exit_code == 1
    assert "list.jsonl:1 " in result.stderr
    assert [one["id"] for one in found["q1"]] == ["e1"]


def test_a_bad_query_ends_with_its_line_and_without_its_values(tmp_path):
    result, _ = run(tmp_path, ENTRIES, [QUERIES[0], '{"id": 7, "surname": "SECRETNAME"}\n'])
    assert result.exit_code != 0
    assert "queries.jsonl:2" in str(result.exception)
    assert "SECRETNAME" not in str(result.exception) + result.output
