"""docker-compose.yml and the Dockerfile: what every container is held to, and that all they name is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from aggregator.settings import Settings
from api.cli.main import app

ROOT = Path(__file__).parent.parent
TOLD: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, Any] = TOLD["services"]


def ours() -> dict[str, Any]:
    return {name: one for name, one in CONTAINERS.items() if "build" in one}


def texts(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        told = [*told.keys(), *told.values()]
    for one in told if isinstance(told, list) else ():
        yield from texts(one)
    if isinstance(told, str):
        yield told


@pytest.fixture(params=CONTAINERS)
def container(request: pytest.FixtureRequest) -> Any:
    return CONTAINERS[request.param]


def test_it_can_change_nothing_of_its_own_and_has_no_rights(container: Any) -> None:
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc", "userns_mode"} & container.keys()
    assert "docker.sock" not in str(container)


def test_it_starts_again_says_whether_it_is_well_and_takes_no_more_than_its_share(container: Any) -> None:
    limits = container["deploy"]["resources"]["limits"]

    assert container["restart"] == "unless-stopped"
    assert container["healthcheck"]["test"][0] == "CMD"
    assert limits.keys() == {"cpus", "memory", "pids"}


def test_it_is_no_root(container: Any) -> None:
    is_ours, is_unprivileged = "build" in container, "unprivileged" in container["image"]

    assert is_ours or is_unprivileged or container["user"] not in {"root", "0", "0:0"}


def test_its_image_is_pinned(container: Any) -> None:
    assert container["image"] == "hobnob:local" or re.search(r":v?\d+\.\d+", container["image"])


def test_it_is_reached_from_this_machine_only(container: Any) -> None:
    assert all(port.startswith("127.0.0.1:") for port in container.get("ports", ()))


def test_it_waits_for_those_of_its_profiles_until_they_are_well(container: Any) -> None:
    for name, told in container.get("depends_on", {}).items():
        assert told == {"condition": "service_healthy"}
        assert set(container["profiles"]) <= set(CONTAINERS[name]["profiles"])


def test_it_is_in_networks_and_on_volumes_that_are_there(container: Any) -> None:
    mounts = [volume.split(":") for volume in container.get("volumes", ())]

    assert set(container.get("networks", ())) <= {"default", *TOLD["networks"]}
    for source, *_ in mounts:
        assert source in TOLD["volumes"] or source == "./catalog" or (ROOT / source).is_file()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"HOBNOB_([A-Z_]+)", "\n".join(texts(TOLD))))))
def test_every_variable_is_a_setting(name: str) -> None:
    assert name.lower() in Settings.model_fields


@pytest.mark.parametrize("name", ours())
def test_each_of_ours_runs_a_command_that_is_there(name: str) -> None:
    (command,) = CONTAINERS[name]["command"]

    assert command in getattr(typer.main.get_command(app), "commands", {})


def test_no_secret_is_written_down() -> None:
    for name in ("HOBNOB_ADMIN_TOKEN", "HOBNOB_KEYS"):
        assert all(one["environment"][name] is None for one in ours().values())
    assert "${POSTGRES_PASSWORD:-}" in CONTAINERS["postgres"]["environment"].values()


def test_one_container_is_all_of_the_default_profile_and_seven_are_all_of_the_other() -> None:
    profiles = {name: one["profiles"] for name, one in CONTAINERS.items()}

    assert [name for name, told in profiles.items() if "default" in told] == ["hobnob"]
    assert sorted(name for name, told in profiles.items() if "scale" in told) == [
        *("api-1", "api-2", "mail", "postgres", "proxy", "schedule", "work"),
    ]
    assert CONTAINERS["work"]["deploy"]["replicas"] == 2


def test_the_database_is_reached_by_hobnob_only() -> None:
    inside = {name for name, one in CONTAINERS.items() if "store" in one.get("networks", ())}

    assert TOLD["networks"]["store"]["internal"] is True
    assert inside == {"postgres", "api-1", "api-2", "schedule", "work"}
    assert "ports" not in CONTAINERS["postgres"]


def test_the_apis_believe_the_proxy_and_the_proxy_finds_the_apis() -> None:
    address = {name: CONTAINERS[name]["networks"]["front"]["ipv4_address"] for name in ("proxy", "api-1", "api-2")}

    for number in "12":
        assert CONTAINERS["proxy"]["environment"][f"API_{number}"] == f"{address[f'api-{number}']}:8000"
        trusted = CONTAINERS[f"api-{number}"]["environment"]["HOBNOB_TRUSTED_PROXIES"]
        assert trusted == f"${{HOBNOB_TRUSTED_PROXIES:-{address['proxy']}/32}}"


def test_the_proxys_template_is_filled_by_its_environment() -> None:
    wanted = set(re.findall(r"\$\{(\w+)\}", (ROOT / "deploy" / "nginx.conf.template").read_text()))
    given = CONTAINERS["proxy"]["environment"]

    assert wanted == given.keys() - {"NGINX_ENVSUBST_FILTER"}
    assert all(re.fullmatch(given["NGINX_ENVSUBST_FILTER"].replace("$$", "$"), name) for name in wanted)


def test_the_image_is_no_roots_and_names_no_registry_of_packages() -> None:
    told = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^USER hobnob$", told, re.MULTILINE)
    assert "HEALTHCHECK" in told
    assert not re.search(r"https?://(?!127\.0\.0\.1)|--index-url|--extra-index-url|--find-links (?!/)", told)
    assert all(re.search(r":\d+\.\d+", image) for image in re.findall(r"^FROM (\S+)", told, re.MULTILINE))
