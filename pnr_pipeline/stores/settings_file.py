"""Tables of `settings.toml` in a state folder, each read by a model; the environment goes before the file."""

import tomllib
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.state import StateFolder


class FileSettings(BaseSettings):
    """Settings of one table: `PNR_<TABLE>_…` of the environment, then the file, then the defaults."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        """The environment before the file."""
        return env_settings, init_settings


S = TypeVar("S", bound=FileSettings)


def read_settings(state: StateFolder, table: str, model: type[S]) -> S:
    """The settings of one table; UsageFault where they are wrong, without the value."""
    try:
        told: dict[str, Any] = tomllib.loads(state.settings.read_text("utf-8")).get(table, {})
    except FileNotFoundError:
        told = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageFault(f"{state.settings.name}: {fault}") from None
    try:
        return model(**told)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        where = ".".join((table, *map(str, first["loc"])))
        raise UsageFault(f"{state.settings.name} or PNR_{table.upper()}_…: {where}: {first['msg']}") from None
