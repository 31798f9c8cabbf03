"""`pnr keys`: the keystore, for the key custodian (SEC-4): listed, checked, copied, taken back, wrapped anew."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Form, Now, State, clock, folder_of
from pnr_pipeline.cli.outside_acts import admit, log_now, note
from pnr_pipeline.cli.terminal import FINDINGS, err, out, progress
from pnr_pipeline.errors import PnrFault, UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.stores.keystore import WrappedKeys
    from pnr_pipeline.stores.state import StateFolder

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

Custodian = Annotated[str, typer.Option("--as", metavar="CUSTODIAN", help="Who does it: the id, not the name.")]
Copies = Annotated[
    list[Path] | None, typer.Option("--to", metavar="DIR", help="Folder of a copy, named twice; those of last time.")
]


@app.callback()
def keys() -> None:
    r"""The keys that open what is stored. Deletion by law is the end of a key, here and in every copy of it.

    Which keystore is used stands in settings.toml in the state folder, or in PNR_KEYSTORE_… of the environment:

        \[keystore]
        kind = "file"                       # root keys in files; passphrase = true puts them under one

        kind = "vault"                      # or OpenBao: one transit key for each period
        address = "https://vault.example:8200"
        mount = "transit"
        prefix = "pnr"                      # another one for each state folder

        kind = "pkcs11"                     # a hardware security module: one key in it for each period
        module = "/usr/lib/softhsm/libsofthsm2.so"
        token = "pnr"

    Passphrase, token and PIN never stand there. They are asked at the terminal, read from the descriptor that
    PNR_PASSPHRASE_FD, PNR_VAULT_TOKEN_FD or PNR_PKCS11_PIN_FD names, or are the systemd credentials pnr-passphrase,
    pnr-vault-token, pnr-pkcs11-pin. See docs/keystores.md.

    [bold]Example[/bold]: pnr keys check; pnr keys backup --as custodian-1 --to /mnt/a --to /mnt/b
    """


@app.command("list")
def list_keys(form: Form = "text", state: State = None) -> None:
    """Each period with the parts that have a key and those whose key was destroyed. Opens none."""
    import msgspec
    from rich.table import Table

    keystore, _ = _opened(state)
    periods: dict[str, tuple[list[str], list[str]]] = {}
    for place, names in enumerate((keystore.names(), keystore.gone())):
        for name in names:
            period, _, part = name.rpartition("/")
            periods.setdefault(period, ([], []))[place].append(part)
    if form == "json":
        for period in sorted(periods):
            there, gone = periods[period]
            typer.echo(msgspec.json.encode({"period": period, "keys": there, "destroyed": gone}).decode())
        return
    table = Table("period", "keys", "destroyed", title=f"Keys of {len(periods)} periods", title_justify="left")
    for period in sorted(periods):
        table.add_row(period, *(", ".join(parts) for parts in periods[period]))
    out.print(table)


@app.command()
def check(state: State = None) -> None:
    """Open every key once, look for destroyed ones that stand again and for wrapping keys left over, and at the copies.

    Exit code 1 where anything is found.
    """
    from pnr_pipeline.stores.key_copies import copy_states

    keystore, folder = _opened(state)
    found = []
    names = keystore.names()
    for name in progress(names, "keys"):
        try:
            keystore.unwrap(name)
        except PnrFault as fault:
            found.append(str(fault))
    gone = set(keystore.gone()) | deaths_of(folder)
    found += [f"key {name}: was destroyed before, and stands again" for name in names if name in gone]
    if unused := keystore.unused():
        found.append(f"{unused} wrapping keys wrap nothing: pnr keys rotate-root removes them")
    copies = copy_states(keystore)
    found += [f"copy in {copy.place}: {copy.behind}: pnr keys backup" for copy in copies if copy.behind]
    if not copies:
        found.append("no copies: the keys are lost with this disk: pnr keys backup --to DIR --to DIR")
    for one in found:
        out.print(one, markup=False)
    out.print(f"{len(names)} keys, {len(gone)} destroyed, {len(copies)} copies")
    raise typer.Exit(FINDINGS if found else 0)


@app.command()
def backup(custodian: Custodian, to: Copies = None, state: State = None, now: Now = None) -> None:
    """Write both copies of the keystore anew, under the passphrase, in place of the former ones.

    To be done after each sweep that destroyed keys: until then the copies still hold them, and `pnr doctor` says so.
    Once the places are known, `pnr daily` does it.

    [bold]Example[/bold]: pnr keys backup --as custodian-1 --to /mnt/safe-a --to /mnt/safe-b
    """
    from pnr_pipeline.stores.given_secrets import given_secret
    from pnr_pipeline.stores.key_copies import copy_keys, places_of

    keystore, folder = _opened(state)
    at = clock(now)
    admit(folder, custodian, "keys", at)
    note(folder, "keys.backup", "", custodian, at)
    head = copy_keys(keystore, to or [], given_secret("passphrase"), at)
    log_now(state, folder, at)
    places = places_of(keystore.folder)
    if len({place.stat().st_dev for place in places}) < len(places):
        err.print("the copies lie on one file system: one broken disk takes both")
    out.print(f"{len(places)} copies of {head.keys} keys; {head.gone} are noted as destroyed")


@app.command()
def restore(
    copies: Annotated[
        list[Path], typer.Option("--from", metavar="FILE", help="A copy; name both, where both are at hand.")
    ],
    custodian: Custodian,
    state: State = None,
    now: Now = None,
) -> None:
    """Take a copy back where the keys were lost. What was destroyed since stays destroyed.

    Known as destroyed is what either copy, the marks that still stand or the file `destroyed-keys` of the state folder
    tells.

    The staff file cannot be asked before its key is back: the act is noted, and the data-protection officer sees it.

    [bold]Example[/bold]: pnr keys restore --as custodian-1 --from /mnt/safe-a/pnr-keys.copy
    --from /mnt/safe-b/pnr-keys.copy
    """
    from pnr_pipeline.stores.given_secrets import given_secret
    from pnr_pipeline.stores.key_copies import lay_files, take_back

    folder = folder_of(state)
    passphrase = given_secret("passphrase")
    lay_files(folder.keys, copies, passphrase)
    keystore, _ = _opened(state)
    at = clock(now)
    taken, held_back = take_back(keystore, copies, passphrase, deaths_of(folder), at)
    note(folder, "keys.restore", "", custodian, at)
    log_now(state, folder, at)
    out.print(f"{taken} keys taken back, {held_back} of the copy stay destroyed; {len(keystore.gone())} marks stand")


@app.command("rotate-root")
def rotate_root(custodian: Custodian, state: State = None, now: Now = None) -> None:
    """Wrap every key anew under a new root, or under new keys in Vault or token, and destroy the old ones.

    Files of before, wherever a disk or a copy kept them, do not open any more. With `passphrase = true` in the settings
    the new root is under the passphrase. Write the copies anew afterwards.
    """
    keystore, folder = _opened(state)
    at = clock(now)
    admit(folder, custodian, "keys", at)
    note(folder, "keys.rotate-root", "", custodian, at)
    number = keystore.rotate()
    log_now(state, folder, at)
    out.print(f"{number} keys wrapped anew; now: pnr keys backup")


def deaths_of(folder: "StateFolder") -> set[str]:
    """The names in the ledger of destroyed keys."""
    return set(folder.deaths.read_text("utf-8").split()) if folder.deaths.is_file() else set()


def _opened(state: Path | None) -> "tuple[WrappedKeys, StateFolder]":
    from pnr_pipeline.stores.keystores import open_keystore

    folder = folder_of(state)
    if not folder.keys.is_dir():
        raise UsageFault(f"no keys in {folder.keys}: `pnr run` makes them, PNR_KEYS names another place")
    return open_keystore(folder), folder
