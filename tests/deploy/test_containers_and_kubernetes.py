"""Compose and Kubernetes: nobody is root, nobody talks to whom he need not, secrets are named and never there."""

import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from go_command import go_command
from typer.testing import CliRunner

from pnr_pipeline.cli.topics import app as topics
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.stores.kafka.settings import KafkaSettings

DEPLOY = Path(__file__).parents[2] / "deploy"
BASE, FLINK = DEPLOY / "kubernetes/base", DEPLOY / "kubernetes/flink"
COMPOSE = DEPLOY / "compose.yaml"


def documents(*files: Path) -> list[dict[str, Any]]:
    return [one for file in files for one in yaml.safe_load_all(file.read_text("utf-8")) if one]


def resources(folder: Path) -> list[dict[str, Any]]:
    """As they stand in the files of a folder."""
    return [one for one in documents(*sorted(folder.glob("*.yaml"))) if "metadata" in one]


def leaves(told: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """(key, value) of every single value."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield from leaves(value, str(name))
    elif isinstance(told, list):
        for value in told:
            yield from leaves(value, key)
    else:
        yield key, told


def runs(arguments: list[str]) -> None:
    """Fails where these arguments of `pnr` name no command or option that there is."""
    noun, *rest = arguments
    command = typer.main.get_command(import_module(f"pnr_pipeline.cli.{noun}").app)
    if verbs := getattr(command, "commands", None):
        command = verbs[rest[0]]
    assert {one for one in rest if one.startswith("--")} <= {name for one in command.params for name in one.opts}


@pytest.mark.law("SEC-4", "RET-7")
def test_topics_and_users_on_kubernetes_are_those_declared(tmp_path, monkeypatch):
    monkeypatch.setenv("PNR_STATE", str(tmp_path / "none"))
    told = CliRunner().invoke(topics, ["show", "--profile", "demo", "--format", "kubernetes"])
    assert told.exit_code == 0, told.output
    written = BASE / "topics.yaml"
    command = written.read_text("utf-8").splitlines()[0]
    assert written.read_text("utf-8") == f"{command}\n{told.stdout}", command
    found = list(yaml.safe_load_all(told.stdout))
    users = {one["metadata"]["name"]: one["spec"] for one in found if one["kind"] == "KafkaUser"}
    unit = next(name for name in users if "-unit-" in name)
    reads = [one for one in users[unit]["authorization"]["acls"] if one["resource"]["type"] == "topic"]
    assert [one["operations"] for one in reads] == [["Describe", "Read"]]
    assert reads[0]["resource"]["name"].endswith(unit.rpartition("-unit-")[2]), "its own topic and no other"
    assert all(users[name]["authentication"] == {"type": "scram-sha-512"} for name in users)


@pytest.mark.law("SEC-4")
def test_no_secret_stands_in_a_file():
    told = [path for path in DEPLOY.rglob("*.yaml") if "local" not in path.parts]
    assert len(told) > 10
    assert not [one for one in documents(*told) if one.get("kind") == "Secret"]
    for path in told:
        for key, value in leaves(documents(path)):
            if re.search(r"(?i)(password|passphrase|token|api_?key|private_?key)(__?file)?$", key):
                assert isinstance(value, bool) or str(value).startswith("/run/secrets/"), f"{path.name}: {key}"
    assert "password" not in (DEPLOY / "systemd/pnr.env").read_text("utf-8").lower()


def test_settings_of_the_container_are_settings_that_there_are():
    (config,) = [one["data"] for one in resources(BASE) if one["kind"] == "ConfigMap"]
    known = {f"PNR_{name.upper()}" for name in RunOptions.model_fields}
    known |= {f"PNR_KAFKA_{name.upper()}" for name in KafkaSettings.model_fields}
    environment = yaml.safe_load(COMPOSE.read_text())["services"]["run"]["environment"]
    assert config.keys() | environment.keys() <= known
    users = {one["metadata"]["name"] for one in resources(BASE) if one["kind"] == "KafkaUser"}
    assert config["PNR_KAFKA_USER"] in users


def test_what_the_containers_run_exists():
    (pipeline,) = [one for one in resources(BASE) if one["kind"] == "StatefulSet"]
    (daily,) = [one for one in resources(BASE) if one["kind"] == "CronJob"]
    for spec in (pipeline["spec"]["template"]["spec"], daily["spec"]["jobTemplate"]["spec"]["template"]["spec"]):
        for container in spec["containers"]:
            runs(container["args"])
    for service in yaml.safe_load(COMPOSE.read_text())["services"].values():
        if service.get("image") == "pnr-pipeline":
            runs(service["command"])


@pytest.mark.law("SEC-4")
def test_everything_is_denied_that_is_not_named_and_no_pod_is_without_a_policy():
    policies = [one for one in [*resources(BASE), *resources(FLINK)] if one["kind"] == "NetworkPolicy"]
    deny = next(one["spec"] for one in policies if one["metadata"]["name"] == "default-deny")
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for policy in policies:
        for rule in [*policy["spec"].get("ingress", []), *policy["spec"].get("egress", [])]:
            assert rule.get("from") or rule.get("to") or {port["port"] for port in rule["ports"]} <= {443, 6443}
    (namespace,) = [one for one in resources(BASE) if one["kind"] == "Namespace"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.law("SEC-4")
def test_containers_of_compose_have_no_rights_and_no_open_door():
    told = yaml.safe_load(COMPOSE.read_text())
    for name, service in told["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service.get("read_only") or name == "database", name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
    assert told["networks"]["inside"] == {"internal": True}
    for service in ("database", "run", "prepare"):
        assert told["services"][service]["networks"] == ["inside"]


def test_the_image_runs_as_nobody_and_copies_what_is_there():
    text = (DEPLOY / "container/Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "--require-hashes" in text
    for source in re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", text, re.MULTILINE):
        assert all((DEPLOY.parent / one).exists() for one in source.split()), source
    for script in (DEPLOY / "container").glob("*.sh"):
        assert subprocess.run(["sh", "-n", script]).returncode == 0
        assert script.stat().st_mode & 0o111, script.name


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kustomize, Kubernetes' types and Compose's reader."""
    built = tmp_path_factory.mktemp("go") / "manifests"
    folder = Path(__file__).parent / "manifests"
    subprocess.run([go_command(), "build", "-o", str(built), "."], cwd=folder, check=True)
    return built


def pods(found: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """(name, pod's spec) of everything that makes pods of ours."""
    made = []
    for one in found:
        spec = one.get("spec", {})
        for path in (("template", "spec"), ("jobTemplate", "spec", "template", "spec"), ("podTemplate", "spec")):
            inner: Any = spec
            for key in path:
                inner = inner.get(key, {}) if isinstance(inner, dict) else {}
            if inner.get("containers"):
                made.append((one["metadata"]["name"], inner))
    return made


@pytest.mark.deployment
@pytest.mark.parametrize("folder", [BASE, FLINK], ids=lambda folder: folder.name)
def test_kustomize_builds_it_and_every_pod_is_restricted(manifests, folder):
    done = subprocess.run([manifests, "kubernetes", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = [one for one in yaml.safe_load_all(done.stdout) if one]
    assert all(one["metadata"].get("namespace") == "pnr" for one in found if one["kind"] != "Namespace")
    made = pods(found)
    assert {name for name, _ in made} >= {"pipeline", "daily"}
    for name, pod in made:
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        assert not any("hostPath" in volume for volume in pod.get("volumes", [])), name
        for container in pod["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False, name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
            assert not container.get("env"), "settings by ConfigMap, secrets by files"


@pytest.mark.deployment
@pytest.mark.parametrize("spoilt", ["automountServiceAccountToken", "concurrencyPolicy", "podSelector"])
def test_a_word_that_kubernetes_does_not_know_is_found(manifests, tmp_path, spoilt):
    for path in BASE.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(f"{spoilt}:", f"{spoilt}s:"), "utf-8")
    done = subprocess.run([manifests, "kubernetes", tmp_path], capture_output=True, text=True)
    assert done.returncode == 1 and f"{spoilt}s" in done.stderr


@pytest.mark.deployment
def test_compose_reads_its_file_and_refuses_a_broken_one(manifests, tmp_path):
    done = subprocess.run([manifests, "compose", COMPOSE], capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()) == (0, ["database", "grafana", "prepare", "prometheus", "run"])
    broken = tmp_path / "compose.yaml"
    broken.write_text(COMPOSE.read_text("utf-8").replace("read_only:", "reads_only:"), "utf-8")
    assert subprocess.run([manifests, "compose", broken], capture_output=True).returncode == 1
