"""The very requests that Vault took, recorded: that we still ask so is seen without a server, and by `make vault` that
the server still answers so."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from keystore_kinds import VaultServer

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores import transit_keys
from pnr_pipeline.stores.transit_keys import TransitKeys

RECORDED = Path(__file__).parent.parent / "vectors" / "vault" / "transit.json"
NAME, KEY = "S/2026-01-10/identity", b"k" * 32


def act(address, token):
    """A key wrapped, opened, listed and ended, opened in vain; whether each did what it should."""
    keys = TransitKeys(address, lambda: token, prefix="recorded")
    handle = keys.fresh()
    sealed = keys.seal(handle, NAME, KEY)
    assert keys.open(handle, NAME, sealed) == KEY
    assert keys.unused(set()) == 1
    keys.end(handle)
    keys.end(handle)
    with pytest.raises(StoreFault):
        keys.open(handle, NAME, sealed)
    assert keys.unused({handle}) == 0


def plain(ciphertext, told):
    """An exchange without what differs from one server to the next."""
    return json.loads(json.dumps(told).replace(ciphertext, "vault:v1:CIPHERTEXT") if ciphertext else json.dumps(told))


@pytest.mark.vault
def test_a_server_still_answers_as_recorded(monkeypatch, tmp_path):
    server, exchanges, real = VaultServer(tmp_path), [], requests.Session.request

    def noting(session, method, url, **named):
        answer = real(session, method, url, **named)
        content = answer.json() if answer.content else None
        data = (content or {}).get("data") or {}
        kept = {key: data[key] for key in ("ciphertext", "plaintext", "ttl", "renewable") if key in data}
        if isinstance(data.get("keys"), list):
            kept["keys"] = [name for name in data["keys"] if name.startswith("recorded-")]
        exchanges.append([method.upper(), urlsplit(url).path, named.get("json"), answer.status_code, kept])
        return answer

    monkeypatch.setattr(requests.Session, "request", noting)
    monkeypatch.setattr(transit_keys.secrets, "token_hex", lambda size: "0f" * size)
    act(server.address, server.token)
    ciphertext = next(one[4]["ciphertext"] for one in exchanges if "ciphertext" in one[4])
    told = plain(ciphertext, exchanges)
    if not RECORDED.exists():
        RECORDED.parent.mkdir(exist_ok=True)
        RECORDED.write_text(json.dumps(told, indent=1) + "\n")
    assert told == json.loads(RECORDED.read_text())


def test_we_ask_a_server_what_was_recorded_and_read_its_answers(monkeypatch):
    left = json.loads(RECORDED.read_text())

    def answering(session, method, url, **named):
        asked, path, told, status, data = left.pop(0)
        assert (method.upper(), urlsplit(url).path, named.get("json")) == (asked, path, told)
        answer = requests.Response()
        answer.status_code, answer._content = status, json.dumps({"data": data} if status < 400 else {}).encode()
        answer._content = b"" if status == 204 else answer._content
        return answer

    monkeypatch.setattr(requests.Session, "request", answering)
    monkeypatch.setattr(transit_keys.secrets, "token_hex", lambda size: "0f" * size)
    act("https://vault.example", "no token")
    assert left == []
