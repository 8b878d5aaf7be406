"""One frozen Settings, from environment and hobnob.toml; the only reader of the environment."""

from ipaddress import ip_network
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from aggregator.errors import SettingsError

CONFIG_FILE = "hobnob.toml"
MEBIBYTE = 1 << 20

Texts = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Every setting is `HOBNOB_` and its name in the environment, or its name in hobnob.toml; the environment wins."""

    model_config = SettingsConfigDict(env_prefix="HOBNOB_", frozen=True, extra="forbid", toml_file=CONFIG_FILE)

    store: str = Field("hobnob.db", description="Where events are kept: a SQLite file, or a postgresql: address.")
    store_read: str | None = Field(
        None, description="A read replica of a store on PostgreSQL, for `hobnob serve` to answer from."
    )
    contact: str | None = Field(None, description="Who runs this: an address or page that site owners can write to.")
    public_url: str | None = Field(None, description="Where people reach this Hobnob, if not at its host and port.")
    place: str | None = Field(None, description="The place it serves, such as `Visalia, CA`; used when none is asked.")
    within: str = Field("15mi", description="How far around a place to look when a query does not say.")
    units: Literal["mi", "km"] = Field("mi", description="How distances are written when a query does not say.")
    admin_token: str | None = Field(None, description="The secret for the operator's pages; `hobnob init` makes one.")
    catalogs: Texts = Field((), description="Catalogue files of your own, in TOML.")
    places: Path | None = Field(None, description="A TOML file with `[[place]]` rows to add to the gazetteer.")
    host: str = Field("127.0.0.1", description="The address that `hobnob serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port that `hobnob serve` listens on.")
    fetch_slots: int = Field(64, ge=1, le=1024, description="How many sites are read at the same time.")
    parse_children: int = Field(2, ge=1, le=64, description="How many processes read pages.")
    host_gap: float = Field(2.0, ge=0, le=3600, description="Seconds between requests to a host; 2 at least in public.")
    deadline: float = Field(30.0, gt=0, le=600, description="Seconds that one whole fetch may take.")
    max_body: int = Field(16 * MEBIBYTE, ge=1024, description="Bytes of one answer, on the wire and inflated.")
    allow_networks: Texts = Field((), description="CIDR:port that may be fetched from although it is not public.")
    connect: Texts = Field((), description="host:port=address:port, where to connect for a host, as curl --connect-to.")
    keys: Texts = Field((), repr=False, description="host=secret of sites that want a key; in the environment only.")
    ca_file: Path | None = Field(None, description="Certificates to trust besides the system's.")
    geocoder: Literal["off", "nominatim", "census"] = Field("off", description="A remote service for street addresses.")
    geocoder_url: str | None = Field(None, description="Where that service is, when not at its usual address.")
    alert_webhook: str | None = Field(None, description="Where to post that a source went down, or is back.")
    alert_to: str | None = Field(None, description="The operator's mail address for the same.")
    suggestions: bool = Field(False, description="Whether anybody may suggest events, groups and fixes to you.")
    smtp_url: str | None = Field(None, repr=False, description="The mail server: smtp://user:password@host:587.")
    mail_from: str | None = Field(None, description="Who letters come from: `Visalia events <digest@example.org>`.")
    postal_address: str | None = Field(None, description="The postal address under every letter; none goes without.")
    trusted_proxies: Texts = Field(
        (), description="CIDRs of proxies, besides this machine, whose X-Forwarded-For is believed."
    )
    map_tiles: str | None = Field(None, description="Where the map's tiles are: an address with {z}, {x} and {y}.")
    map_attribution: str | None = Field(
        None, validate_default=True, description="Whose tiles they are; a last word that is a link is one."
    )
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="The port on which who collects tells metrics, at `host`."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["plain", "json"] = Field("plain", description="How: a line, or a JSON object a line.")

    @property
    def base_url(self) -> str:
        """What links to this Hobnob begin with, without a slash at the end; on this machine if nobody says where."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @field_validator("catalogs", "allow_networks", "connect", "keys", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("store_read")
    @classmethod
    def _check_replica(cls, value: str | None) -> str | None:
        if value and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("a postgresql: address; only PostgreSQL keeps replicas")
        return value

    @field_validator("map_tiles")
    @classmethod
    def _check_tiles(cls, value: str | None) -> str | None:
        if value and not (value.startswith(("https://", "http://")) and all(f"{{{one}}}" in value for one in "zxy")):
            raise ValueError("an address with {z}, {x} and {y}, such as https://tiles.example/{z}/{x}/{y}.png")
        return value

    @field_validator("map_attribution")
    @classmethod
    def _check_attribution(cls, value: str | None, settings: ValidationInfo) -> str | None:
        if settings.data.get("map_tiles") and not value:
            raise ValueError("needed with map_tiles: who makes a map wants to be named")
        return value

    @field_validator("allow_networks")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            network, _, port = entry.rpartition(":")
            ip_network(network.strip("[]"))
            if not port.isdecimal():
                raise ValueError(f"{entry}: a CIDR and a port, such as 127.0.0.1/32:8099")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network)
        return value

    @field_validator("connect")
    @classmethod
    def _check_connect(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            ends = entry.split("=")
            if len(ends) != 2 or not all(end.rpartition(":")[2].isdecimal() and ":" in end for end in ends):
                raise ValueError(f"{entry}: host:port=address:port, such as chamber.example:80=127.0.0.1:8099")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What a command line says wins, then the environment, then the file."""
        return init_settings, env_settings, _File(settings_cls)


class _File(TomlConfigSettingsSource):
    def __call__(self) -> dict[str, Any]:
        """What the file says; SettingsError for a secret of another site, which belongs in no file that is shown."""
        told = super().__call__()
        if "keys" in told:
            raise SettingsError(f"{CONFIG_FILE}: keys belong in the environment, as HOBNOB_KEYS")
        return told


class Tracing(BaseSettings):
    """What OpenTelemetry's own variables say of where traces go; the rest of them its exporter reads by itself."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", frozen=True, extra="ignore")

    exporter_otlp_endpoint: str | None = None
    exporter_otlp_traces_endpoint: str | None = None
    traces_exporter: str = "otlp"
    sdk_disabled: bool = False
    service_name: str = "hobnob"

    @property
    def is_on(self) -> bool:
        """Whether there is somewhere for traces to go."""
        is_named = bool(self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint)
        return is_named and self.traces_exporter == "otlp" and not self.sdk_disabled


def load_settings(**overrides: Any) -> Settings:
    """The settings of this folder and environment; SettingsError names each that is wrong, and how to set it."""
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(map(_explain, error.errors()))) from error
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{CONFIG_FILE}: {error}") from error


def _explain(wrong: ErrorDetails) -> str:
    name = str(wrong["loc"][0])
    if wrong["type"] == "extra_forbidden":
        return f"{CONFIG_FILE}: {name} is no setting"
    why = wrong["msg"].removeprefix("Value error, ")
    return f"setting {name} (in {CONFIG_FILE}, or HOBNOB_{name.upper()}): {why}"
