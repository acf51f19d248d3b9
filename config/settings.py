"""The settings of a deployment: environment variables, each also a key of the office file, where the variable wins."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from config.errors import SettingsWrong
from config.findings import findings, shown, suggestion
from config.places import OFFICE_FILE, data_folder
from config.toml_file import Step, TomlFile, read_toml, toml_files

PREFIX = "KAYAN_"
DAY = 24 * 60 * 60
SECONDS = "a whole number of seconds from 1 to 86400"
WARN_SECONDS = "a list of up to ten whole seconds, each below the guarantee, such as [1800, 2400]"
SECRETS = ("secret", "metrics_token")


def a_whole_number(value: object) -> object:
    """Refuses true and false, which Python would take for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a whole number")  # noqa: TRY004, only a ValueError becomes a finding
    return value


def a_list(value: object) -> object:
    """A list as a variable gives it: `[1800, 2400]` or `1800,2400`."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value if value.lstrip().startswith("[") else f"[{value}]")
    except ValueError:
        return value


Whole = Annotated[int, BeforeValidator(a_whole_number)]


class GuaranteeOverride(BaseModel):
    """The promise, where it is to differ from the office file's."""

    model_config = ConfigDict(frozen=True)

    seconds: Whole | None = Field(default=None, ge=1, le=DAY, description=SECONDS)
    warn_seconds: Annotated[tuple[Whole, ...] | None, BeforeValidator(a_list)] = Field(
        default=None, max_length=10, description=WARN_SECONDS
    )

    @field_validator("warn_seconds")
    @classmethod
    def within_the_promise(cls, value: tuple[int, ...] | None, info: ValidationInfo) -> tuple[int, ...] | None:
        """Warnings come after the taking and before the promise falls due."""
        limit = info.data.get("seconds") or DAY
        if value is not None and not all(1 <= warn < limit for warn in value):
            raise ValueError(f"a list of whole seconds from 1 to {limit - 1}, below the guarantee")
        return value


class EscalationOverride(BaseModel):
    """The times of an escalation, where they are to differ from the office file's."""

    model_config = ConfigDict(frozen=True)

    confirm_seconds: Whole | None = Field(default=None, ge=1, le=DAY, description=SECONDS)
    accept_seconds: Whole | None = Field(default=None, ge=1, le=DAY, description=SECONDS)
    call_seconds: Whole | None = Field(default=None, ge=1, le=DAY, description=SECONDS)


class Settings(BaseSettings):
    """All that a deployment may set. Make it with `load_settings`; None means: what the office file says."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", enable_decoding=False, extra="ignore", frozen=True)

    host: str = Field(default="0.0.0.0", description="an address or a host name of this computer, such as 0.0.0.0")
    port: Whole = Field(default=8000, ge=0, le=65535, description="a whole number from 1 to 65535, or 0 for any free port")
    public_url: str = Field(default="", description="the address that visitors use, such as https://antrean.example.go.id")
    data: Path = Field(default_factory=data_folder, description="a folder")
    store_url: str = Field(
        default="", repr=False, description="empty, or redis://host:6379/0, rediss://host:6379/0 or unix:///path/to/socket"
    )
    store_may_forget: bool = Field(default=False, description="true or false")
    offices: Path = Field(default=OFFICE_FILE, description="an office file (TOML) or a folder of them")
    guarantee: GuaranteeOverride = Field(default=GuaranteeOverride(), description="left out: set KAYAN_GUARANTEE__SECONDS instead")
    escalation: EscalationOverride = Field(
        default=EscalationOverride(), description="left out: set KAYAN_ESCALATION__ACCEPT_SECONDS instead"
    )
    always_open: bool | None = Field(default=None, description="true or false")
    limits: bool = Field(default=True, description="on or off")
    shared_frame: bool = Field(default=True, description="on or off")
    trusted_proxies: str = Field(default="", description="addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8")
    secret: str | None = Field(
        default=None, pattern=r"^[!-~]{32,256}$", repr=False, description="32 to 256 letters, digits and signs, no space"
    )
    metrics_token: str | None = Field(
        default=None, pattern=r"^[!-~]{16,256}$", repr=False, description="16 to 256 letters, digits and signs, no space"
    )
    session_idle_seconds: Whole = Field(default=4 * 60 * 60, ge=60, le=DAY, description="a whole number of seconds from 60 to 86400")
    session_absolute_seconds: Whole = Field(
        default=12 * 60 * 60, ge=60, le=7 * DAY, description="a whole number of seconds from 60 to 604800"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="debug, info, warning or error")

    @field_validator("host")
    @classmethod
    def an_address(cls, value: str) -> str:
        """An IPv4 or IPv6 address or a host name."""
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.-]{0,252}|[0-9A-Fa-f:.]{2,45}", value):
            raise ValueError(cls.model_fields["host"].description)
        return value

    @field_validator("public_url")
    @classmethod
    def an_origin(cls, value: str) -> str:
        """Scheme, host and port alone: the pages hold addresses from the root."""
        parts = _split(value)
        origin = f"{parts.scheme}://{parts.netloc}" if parts and parts.hostname and "@" not in parts.netloc else None
        if value and not (origin == value.rstrip("/") and origin.startswith(("http://", "https://"))):
            raise ValueError("http:// or https://, a host name and perhaps a port, nothing after it: https://antrean.example.go.id")
        return value.rstrip("/")

    @field_validator("store_url")
    @classmethod
    def a_store(cls, value: str) -> str:
        """What redis-py's from_url takes, of the kinds that we support."""
        parts = _split(value)
        network = parts is not None and parts.scheme in ("redis", "rediss") and parts.hostname and re.fullmatch(r"(/\d{0,3})?", parts.path)
        socket = parts is not None and parts.scheme == "unix" and not parts.hostname and len(parts.path) > 1
        if value and not (network or socket):
            raise ValueError(cls.model_fields["store_url"].description)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def networks(cls, value: str) -> str:
        """The same list without spaces, as uvicorn takes it."""
        try:
            return ",".join(str(ip_network(part.strip(), strict=False)) for part in value.split(",") if part.strip())
        except ValueError:
            raise ValueError(cls.model_fields["trusted_proxies"].description) from None

    @field_validator("log_level", mode="before")
    @classmethod
    def in_small_letters(cls, value: object) -> object:
        """`INFO` is as good as `info`."""
        return value.lower() if isinstance(value, str) else value

    @field_validator("session_absolute_seconds")
    @classmethod
    def no_shorter_than_idle(cls, value: int, info: ValidationInfo) -> int:
        """A session cannot rest longer than it lives."""
        idle = info.data.get("session_idle_seconds", 0)
        if value < idle:
            raise ValueError(f"at least {idle}, the seconds that a session may be idle")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` gathered: no process environment behind a caller's back, no .env file."""
        return (init_settings,)


def _split(url: str) -> SplitResult | None:
    """The parts of `url`, or None where it is none: a space or control character in it, a port out of range."""
    try:
        parts = urlsplit(url)
        return None if re.search(r"[^!-~]", url) or parts.port == 0 else parts
    except ValueError:
        return None


SERVER_KEYS = tuple(name for name in Settings.model_fields if name not in ("offices", "guarantee", "escalation", "always_open"))
"""The keys of an office file that are the deployment's and not one office's."""


def load_settings(env: Mapping[str, str]) -> Settings:
    """The settings that the variables in `env` and the office files they lead to give together; a variable wins over a file.

    Raises SettingsWrong with all that is wrong in either, except what concerns the offices themselves (`load_offices`)."""
    variables = _variables(env)
    files, wrong = _files(variables)
    keys: dict[str, TomlFile] = {}
    for file in files:
        for key in (key for key in SERVER_KEYS if key in file.data and key not in variables):
            first = keys.setdefault(key, file)
            if file.data[key] != first.data[key]:
                wrong.append(f"{file.path}:{file.line([key])}: {key} must be the same as in {first.path}, or in one of them only")
    try:
        settings = Settings.model_validate({key: file.data[key] for key, file in keys.items()} | variables)
    except ValidationError as error:
        for finding in findings(error, Settings, SECRETS):
            holder = keys.get(str(finding.steps[0]))
            place = f"{holder.path}:{holder.line(finding.steps)}: {finding.key}" if holder else _variable(*finding.steps)
            wrong.append(f"{place} {finding.says}")
    if wrong:
        raise SettingsWrong(wrong)
    return settings


def unknown_variables(env: Mapping[str, str]) -> list[str]:
    """A line for each KAYAN_ variable that sets nothing: a slip of the pen is told, but stops no start."""
    nested: dict[str, type[BaseModel]] = {"guarantee": GuaranteeOverride, "escalation": EscalationOverride}
    known = [_variable(name) for name in Settings.model_fields if name not in nested]
    known += [_variable(name, inner) for name, model in nested.items() for inner in model.model_fields]
    ours = [name for name in env if name.upper().startswith(PREFIX)]
    return [f"{name} is not a setting{suggestion(name, known)}" for name in ours if name.upper() not in known]


def _variable(*steps: Step) -> str:
    return PREFIX + "__".join(step.upper() for step in steps if isinstance(step, str))


def _variables(env: Mapping[str, str]) -> dict[str, object]:
    """What `env` says, still as text. An empty variable is one that is not set."""
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in env.items() if value.strip()}
    return source()


def _files(variables: Mapping[str, object]) -> tuple[list[TomlFile], list[str]]:
    files: list[TomlFile] = []
    wrong: list[str] = []
    try:
        paths = toml_files(Path(str(variables.get("offices", OFFICE_FILE))))
    except SettingsWrong as error:
        return [], [f"KAYAN_OFFICES = {shown(variables.get('offices'))}: {line}" for line in error.lines]
    for path in paths:
        try:
            files.append(read_toml(path))
        except SettingsWrong as error:
            wrong.extend(error.lines)
    return files, wrong
