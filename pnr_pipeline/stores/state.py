"""Where a deployment keeps what it must remember: one folder, and the keys beside it."""

import os
from pathlib import Path

from pnr_pipeline.stores.act_ledger import ActLedger
from pnr_pipeline.stores.durable_file import private_folder


class StateFolder:
    """The places of one deployment's database, list snapshots, queue files and log below `root`, and of its keys.

    Keys never lie in the database nor, by default, inside this folder: a copy of the folder is a copy of
    ciphertext. `PNR_KEYS` names another place for them. `address` is that of a PostgreSQL database, `PNR_DATABASE` if
    not given; '' leaves it to the settings (`stores.sql.place`). Folders are made on `prepare`, readable by the owner
    alone.
    """

    def __init__(self, root: Path | str, *, keys: Path | str | None = None, address: str = "") -> None:
        self.root = Path(root).absolute()
        self.address = address or os.environ.get("PNR_DATABASE", "")
        named = keys or os.environ.get("PNR_KEYS")
        self.keys = Path(named).absolute() if named else self.root.with_name(f"{self.root.name}-keys")

    @classmethod
    def default(cls) -> "StateFolder":
        """`PNR_STATE` if set, else `pnr-state` in the working directory."""
        return cls(os.environ.get("PNR_STATE") or "pnr-state")

    @property
    def database(self) -> Path:
        """The SQLite file; its -wal and -shm stand beside it."""
        return self.root / "pnr.sqlite"

    @property
    def lists(self) -> Path:
        """Root of the list snapshots (`stores.list_snapshots.ListShelf`)."""
        return self.root / "lists"

    @property
    def queues(self) -> Path:
        """Folder of the JSON Lines projections, one file per unit."""
        return self.root / "queues"

    @property
    def log(self) -> Path:
        """Folder of the published audit log: tiles, entry bundles and the checkpoint."""
        return self.root / "log"

    @property
    def approver_card(self) -> Path:
        """The public keys of the approver, as his tool wrote them; taken in by `pnr staff add`."""
        return self.root / "approver.json"

    @property
    def lake(self) -> Path:
        """Root of the lake: closed days as sealed Parquet files."""
        return self.root / "lake"

    @property
    def backups(self) -> Path:
        """Where sealed backups are laid, to be taken elsewhere."""
        return self.root / "backups"

    @property
    def settings(self) -> Path:
        """The deployment's settings; no secret stands in them."""
        return self.root / "settings.toml"

    @property
    def deaths(self) -> Path:
        """Names of the destroyed keys, away from the keys: a copy of those that is restored ends them again."""
        return self.root / "destroyed-keys"

    @property
    def acts(self) -> ActLedger:
        """Acts that must outlive the data, beside the keys: an older database does them again (`act_ledger`)."""
        return ActLedger(self.keys / "acts.jsonl")

    @property
    def profiles(self) -> Path:
        """Profiles with deviations that were in force, by digest (`stores.profile_seal`); no personal data."""
        return self.root / "profiles"

    @property
    def staff(self) -> Path:
        """Who may act here (`stores.staff_file`)."""
        return self.root / "staff.yaml"

    @property
    def staff_signature(self) -> Path:
        """Signature over the staff file, in hex."""
        return self.root / "staff.sig"

    @property
    def staff_root(self) -> Path:
        """The public key that signs staff files, beside the keys: a changed state folder cannot bring its own."""
        return self.keys / "staff.pub"

    def prepare(self) -> None:
        """Make the folders that are missing, mode 0700."""
        for folder in (self.root, self.lists, self.queues, self.keys):
            private_folder(folder)
