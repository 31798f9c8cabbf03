import json

from typer.testing import CliRunner

from pnr_pipeline.cli.simulate import app
from pnr_pipeline.errors import UsageFault

run = CliRunner().invoke
ARGUMENTS = ["--flights", "2", "--travellers", "30", "--day", "2026-11-24", "--faults", "0.5", "--out"]


def test_a_scenario_is_written_with_messages_lists_and_truth(tmp_path):
    done = run(app, [*ARGUMENTS, str(tmp_path / "exercise")])
    assert done.exit_code == 0
    messages = sorted(path.name for path in (tmp_path / "exercise" / "messages").iterdir())
    truth = [json.loads(line) for line in (tmp_path / "exercise" / "truth.jsonl").read_text("utf-8").splitlines()]
    assert [line["file"] for line in truth] == messages
    assert {path.suffix for path in (tmp_path / "exercise" / "lists").iterdir()} == {".csv", ".yaml"}


def test_the_summary_counts_and_names_nobody(tmp_path):
    done = run(app, [*ARGUMENTS, str(tmp_path)])
    assert "2 flights" in done.stdout
    assert "Faults:" in done.stdout
    for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines():
        for one in json.loads(line)["travellers"]:
            assert one["surname"] not in done.output
            assert one["name"]["surname"] not in done.output


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "kept").write_text("mine")
    done = run(app, [*ARGUMENTS, str(tmp_path)])
    assert isinstance(done.exception, UsageFault)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_the_same_arguments_print_the_same_summary(tmp_path):
    first, second = (run(app, [*ARGUMENTS, str(tmp_path / name)]).stdout for name in ("a", "b"))
    assert first == second


def test_help_teaches_with_an_example():
    done = run(app, ["--help"])
    assert "pnr simulate --seed 7" in " ".join(done.stdout.split())
