"""`hobnob backup` and `hobnob restore`, as a person has them."""

import shutil
from typing import Any

import pytest


@pytest.fixture(scope="module")
def town(new_folder: Any, publish: Any, calendar_of: Any) -> Any:
    """A folder in which a chamber was collected."""
    folder = new_folder()
    with publish(folder, {"chamber": calendar_of("Mixer", "Lunch")}):
        assert folder.run("collect", "--all", "--catalog", "catalog.toml").returncode == 0
    return folder


def test_what_was_saved_beside_a_server_is_back_after_it_was_lost(town: Any, folder: Any) -> None:
    shutil.copy(town.store, folder.store)
    with folder.running("serve", "--port", "0") as server:
        assert "answers at" in server.stderr.readline()
        saved = folder.run("backup", "kept.db")
        refused = folder.run("restore", "kept.db", "--force")
    folder.store.unlink()
    restored = folder.run("restore", "kept.db")

    assert saved.stdout.startswith("kept.db: 2 events, 1 source, 1 run, 0 subscriptions; ")
    assert (refused.returncode, refused.stderr) == (
        2,
        "hobnob: hobnob.db: another program has it open; stop Hobnob first\n",
    )
    assert restored.stdout.startswith("hobnob.db: 2 events, 1 source, 1 run, 0 subscriptions; ")
    assert "Mixer" in folder.run("events", "--near", "Visalia, CA", "--start", "2030-01-01").stdout


def test_a_backup_and_a_store_are_replaced_only_by_force(town: Any, folder: Any, call: Any) -> None:
    shutil.copy(town.store, folder.store)
    assert call("backup", "kept.db").returncode == 0

    assert call("backup", "kept.db").stderr == "hobnob: kept.db: is there already; choose another name, or --force\n"
    assert call("backup", "kept.db", "--force").returncode == 0
    assert "hobnob.db: holds something; --force puts" in call("restore", "kept.db").stderr
    assert call("restore", "kept.db", "--force").returncode == 0
    assert call("restore", "kept.db", "--store", "other.db").stdout.startswith("other.db: 2 events")
