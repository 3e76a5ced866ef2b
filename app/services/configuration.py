"""Reads `config.toml` and the variables over it, and says in words what is wrong with them; imported only if there are any.

pydantic-settings takes 0.1 s to import, so that who has configured nothing does not wait for it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from pydantic import Field, ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from app.domain.errors import PostkorbError
from app.domain.wrong_value import wrong_value
from app.language import _
from app.settings import PREFIX, Home, Settings, variable_of


class SettingsUnusable(PostkorbError):
    title = "The configuration cannot be used"
    next_step = "Correct it; `postkorb doctor` tells more."


class _Sources(BaseSettings):
    """Variables come before the file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the name is pydantic's
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the name is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the name is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(home: Home) -> Settings:
    """The settings of this home. Raises SettingsUnusable."""
    try:
        return Settings(**_checked(home).model_dump())
    except ValidationError as error:
        raise SettingsUnusable(
            "; ".join(_place_and_reason(home, found) for found in error.errors())
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsUnusable(f"{home.config_file}: {_place_in_toml(error)}") from error
    except UnicodeDecodeError as error:
        raise SettingsUnusable(
            "{where}: {reason}", where=home.config_file, reason="it is not UTF-8"
        ) from error
    except OSError as error:
        raise SettingsUnusable("{where}: {reason}", where=home.config_file, reason=error.strerror) from error


def _checked(home: Home) -> BaseSettings:
    """Every setting with a value that it may have. Raises ValidationError, TOMLDecodeError, UnicodeDecodeError, OSError."""

    class Sources(_Sources):
        model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", toml_file=home.config_file)

    kinds = get_type_hints(Settings)
    wanted: dict[str, Any] = {}
    for setting in fields(Settings):
        default = setting.default_factory() if setting.default_factory is not MISSING else setting.default
        wanted[setting.name] = (kinds[setting.name], Field(default, **setting.metadata))
    return create_model("Configuration", __base__=Sources, **wanted)()


def _place_and_reason(home: Home, found: Any) -> str:
    """What pydantic found wrong: the variable or the file it stands in, the setting, and why."""
    field = ".".join(map(str, found["loc"]))
    variable = variable_of(str(found["loc"][0]))
    return f"{variable or f'{home.config_file}: {field}'}: {wrong_value(found)}"


def _place_in_toml(error: tomllib.TOMLDecodeError) -> str:
    """Where the file stops being TOML; what the library says about it is English."""
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    if place is None:
        return _("it ends in the middle of a value")
    return _("line {line}, column {column} cannot be read (is a quotation mark missing?)").format(
        line=place[1], column=place[2]
    )
