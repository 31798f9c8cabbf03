"""What a run is told: command line first, then `PNR_…` of the environment, then the defaults."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pnr_pipeline.records.watchlist import Domain
from pnr_pipeline.wire.csv_table import Charset


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class RunOptions(BaseSettings):
    """Options of `pnr run`; frozen, so that they name the workplace of a process.

    `now` stops the clock, for exercises over old messages; without zone it is UTC. `keep` leaves followed files where
    they are. A run that follows is drained and begun anew, in the same process, after `bundles_per_run` bundles or
    `seconds_per_run`: until then the runner keeps about 31 KB for each bundle, as generators nested one in the other,
    and beyond some 900 its counters cannot be read for depth (`metrics.monitoring_infos.consolidate` of Beam 2.77).
    """

    model_config = SettingsConfigDict(env_prefix="PNR_", frozen=True, extra="forbid")

    state: Path = Path("pnr-state")
    database: str = ""
    """The address of a PostgreSQL database, without password; that of the state folder's settings if not given."""
    lists: Path | None = None
    """The shelf of list snapshots; that of the state folder if not given."""
    answers: Path | None = None
    """Where answers to carriers are laid down; none are made if not given."""
    domain: Domain = "law_enforcement"
    """Border checks and the fight against these offences never share a store, a key or a queue (SCR-12)."""
    hand_on: Path | None = None
    """The spool of the other domain: files that the profile sends there too are laid there before they are deleted."""
    profile: str = "eu"
    charset: Charset = "utf-8"
    """The alphabet of uploaded tables; messages declare their own."""
    now: Annotated[datetime, AfterValidator(_aware)] | None = None
    keep: bool = False
    poll_seconds: Annotated[float, Field(gt=0, le=60)] = 0.5
    bundle_files_max: Annotated[int, Field(gt=0)] = 1_000
    bundle_seconds: Annotated[float, Field(gt=0, le=60)] = 1.0
    """From the first receipt of a topic to the end of its bundle; each goes through all stages at once."""
    idle_seconds: Annotated[float, Field(gt=0, le=600)] = 2.0
    """How long a bundle of a topic waits for its first receipt: so often at least lists and deletions are looked at."""
    bundles_per_run: Annotated[int, Field(gt=0, le=900)] = 500
    files_per_run: Annotated[int, Field(gt=0)] = 2_000
    """Of a run that does not follow: the files of one bounded pipeline."""
    seconds_per_run: Annotated[float, Field(gt=0)] = 600.0

    metrics_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    """Where the figures are served; nowhere if not given. With 0 the system chooses a port and the log tells it."""
    metrics_host: str = "127.0.0.1"
    """On another address everybody who reaches it reads the figures: counts and ages, no personal data."""

    traces: str = ""
    """Where spans are sent to over OTLP/HTTP, such as http://127.0.0.1:4318/v1/traces; none are made if not given."""

    def clock(self) -> datetime:
        """The time now, UTC."""
        return self.now or datetime.now(UTC)
