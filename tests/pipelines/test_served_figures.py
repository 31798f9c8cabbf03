"""`pnr run --metrics-port`: a monitoring reads of a run what its account and the doctor tell."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request

from store_setup import NOW, entry, registration
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.stores.list_snapshots import ListShelf

PNR = "from pnr_pipeline.cli.main import main; main()"
PAXLST = """UNA:+.? 'UNB+UNOA:4+QXCARR+PNRGOV+260108:0900+1'UNG+PAXLST+QXCARR+PNRGOV+260108:0900+1+UN+D:12B'\
UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'TDT+20+QX1'LOC+125+IST'DTM+189:2601101000:201'LOC+87+SKP'\
DTM+232:2601101040:201'NAD+FL+++ZQVORNIK:ARBEN'ATT+2++M'DTM+329:610202'LOC+178+IST'LOC+179+SKP'NAT+2+TUR'\
DOC+P:110:111+U7654321'DTM+36:300101'LOC+91+TUR'CNT+42:1'UNT+18+1'UNE+1+1'UNZ+1+1'"""


def figures(body: str) -> dict[str, float]:
    return {key: float(value) for key, value in re.findall(r"^([a-z_]+(?:{[^}]*})?) (\S+)$", body, re.MULTILINE)}


def test_a_run_serves_what_it_did_and_how_the_store_is(tmp_path):
    spool, state = tmp_path / "in", tmp_path / "state"
    spool.mkdir()
    ListShelf(state / "lists").publish(registration(), [entry("1", "ZQVORNIK", "ARBEN", "1961-02-02")], NOW)
    (spool / "1.edi").write_text(PAXLST)
    (spool / "2.edi").write_text("no message at all")
    run = subprocess.Popen(
        [sys.executable, "-c", PNR, "run", str(spool), "--follow", "--state", str(state), "--profile", "demo",
         "--now", "2026-01-08", "--metrics-port", "0", "--log-level", "info"],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        served = next(line for line in run.stderr if "metrics served" in line)
        told: dict[str, float] = {}
        until = time.monotonic() + 60
        while told.get("pnr_transmissions_total") != 2 and time.monotonic() < until:
            with urllib.request.urlopen(f"http://127.0.0.1:{json.loads(served)['port']}/metrics", timeout=20) as answer:
                body = answer.read().decode()
            told = figures(body)
            time.sleep(0.1)
    finally:
        run.send_signal(signal.SIGTERM)
        run.stderr.read()
        assert run.wait(60) == 0
    assert told['pnr_messages_total{kind="PAXLST"}'] == told['pnr_travellers_total{kind="PAXLST"}'] == 1
    assert told["pnr_hits_total"] == told['pnr_matches_total{list="wanted"}'] == 1
    assert told['pnr_buried_total{reason="unreadable"}'] == 1
    assert told["pnr_commit_seconds_count"] == 2 and told["pnr_store_up"] == 1
    assert told['pnr_list_entries{list="wanted"}'] == 1
    assert told['pnr_feed_waiting{feed="folder",partition=""}'] == 0
    assert told['pnr_duty_late{duty="backup"}'] == 1
    assert told["process_resident_memory_bytes"] > 10_000_000
    for planted in ("ZQVORNIK", "ARBEN", "7654321", "610202", "1961", "edi"):
        assert planted not in body

    printed = CliRunner().invoke(app, ["doctor", "--state", str(state), "--format", "prometheus"])
    assert printed.exit_code == 0, printed.output
    after = figures(printed.stdout)
    assert (after["pnr_hits_waiting"], after["pnr_dead_letters"]) == (1, 1)
    doctor = CliRunner().invoke(app, ["doctor", "--state", str(state), "--format", "json"])
    what = {one["subject"]: one["what"] for one in json.loads(doctor.stdout)}
    assert what["dead letters"].startswith("1 waiting") and what["list wanted"].startswith("1 entries")


def test_a_store_in_trouble_is_told_and_the_rest_still_served(tmp_path):
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "pnr.sqlite").write_bytes(b"no database" * 1000)
    printed = CliRunner().invoke(app, ["doctor", "--state", str(tmp_path / "state"), "--format", "prometheus"])
    assert figures(printed.stdout)["pnr_store_up"] == 0
