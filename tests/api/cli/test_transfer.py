"""`hobnob export` and `import`: a town moves as one file, and a stranger's file does no harm."""

import json
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from aggregator.store import open_reader

ALL = ("collect", "--all", "--catalog", "catalog.toml")
SPOKEN = "s3cret"
PLACES = '[[place]]\nname = "Rocky Hill"\nlatitude = 36.27\nlongitude = -119.10\n'


@pytest.fixture(scope="module")
def town(new_folder: Any, publish: Any, calendar_of: Any) -> Any:
    """A folder in which a chamber and hikers were collected and a club vetoed, and its archive, town.zip."""
    folder = new_folder()
    with publish(folder, {"chamber": calendar_of("Mixer", "Lunch"), "hikers": calendar_of("Hike")}):
        assert folder.run(*ALL).returncode == 0
    assert folder.run("sources", "veto", "Elm Club", "--reason", "jo@elm.example asked").returncode == 0
    folder.write("places.toml", PLACES)
    folder.write("catalog.toml", f"# Jo, 559-555-0100\n{(folder.path / 'catalog.toml').read_text()}")
    told = folder.run("export", "town.zip", "--catalog", "catalog.toml", PLACES="places.toml", ADMIN_TOKEN=SPOKEN)
    assert told.returncode == 0, told.stderr
    return folder


@pytest.fixture
def archive(town: Any, folder: Any) -> Path:
    """A copy of it in an empty folder."""
    return Path(shutil.copy(town.path / "town.zip", folder.path))


def told_by(store: Path) -> dict[str, str]:
    with open_reader(str(store)) as reader, reader.snapshot() as town:
        return {one.event.name: one.id for one in town.listings()}


def members(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, told: dict[str, bytes], method: int = ZIP_DEFLATED) -> None:
    with ZipFile(path, "w", method) as archive:
        for name, text in told.items():
            archive.writestr(name, text)


def test_a_town_moves_with_its_ids_files_and_vetoes(town: Any, folder: Any, archive: Path) -> None:
    ran = folder.run("import", "town.zip")

    assert ran.stdout.splitlines() == [
        "town.zip: 3 new events, 0 changed, 2 new sources, 1 veto more",
        "wrote catalog.toml, places.toml: name catalogues in `catalogs`, places in `places`",
    ]
    assert told_by(folder.store) == told_by(town.store)
    assert folder.run("sources", "vetoes").stdout.startswith("elm club: ")
    assert (
        "Hike" in folder.run("events", "--near", "Visalia, CA", "--start", "2030-01-01", "--end", "2030-02-01").stdout
    )
    assert (folder.path / "places.toml").read_text() == PLACES


def test_a_second_import_changes_nothing(folder: Any, archive: Path) -> None:
    folder.run("import", "town.zip")
    files = {path.name: path.read_bytes() for path in folder.path.glob("*.toml")}

    assert folder.run("import", "town.zip").stdout == "town.zip: nothing new\n"
    assert {path.name: path.read_bytes() for path in folder.path.glob("*.toml")} == files


def test_one_store_gives_one_archive_to_the_byte_and_so_does_its_copy(town: Any, folder: Any, archive: Path) -> None:
    folder.run("import", "town.zip")
    ran = folder.run("export", "again.zip", "--catalog", "catalog.toml", PLACES="places.toml")

    assert ran.stdout.startswith("again.zip: 3 events of 2 sources, 1 veto, 2 files of yours, ")
    assert (folder.path / "again.zip").read_bytes() == archive.read_bytes()


def test_no_secret_and_no_address_of_a_person_is_in_an_archive(archive: Path) -> None:
    whole = b"".join(members(archive).values())

    for secret in (SPOKEN.encode(), b"jo@elm", b"555-0100", b"events@operator.example", b"admin_token"):
        assert secret not in whole
    assert set(members(archive)) == {
        "manifest.json",
        "vetoes.jsonl",
        "sources.jsonl",
        "listings.jsonl",
        "corrections.jsonl",
        "hides.jsonl",
        "catalogs/catalog.toml",
        "places/places.toml",
    }


def test_the_manifest_says_what_there_is(archive: Path) -> None:
    manifest = json.loads(members(archive)["manifest.json"])

    assert manifest["format"] == 1
    stored = {"vetoes": 1, "sources": 2, "listings": 3, "corrections": 0, "hides": 0}
    assert manifest["counts"] == stored | {"catalogs": 1, "places": 1}
    assert manifest["moment"]


def test_a_veto_of_the_new_store_holds(folder: Any, archive: Path, town: Any) -> None:
    shutil.copy(town.store, folder.store)
    folder.run("sources", "veto", "hikers")

    ran = folder.run("import", "town.zip")

    assert ran.stdout.splitlines()[0] == "town.zip: nothing new, 1 event vetoed"
    assert "Hike" not in told_by(folder.store)


def test_another_file_of_that_name_is_kept_unless_it_is_forced(folder: Any, call: Any, archive: Path) -> None:
    folder.write("places.toml", "# mine\n")

    refused = call("import", "town.zip")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("hobnob: places.toml: is here already and differs; nothing was imported")
    assert not folder.store.exists()
    assert not (folder.path / "catalog.toml").exists()

    assert call("import", "town.zip", "--force").returncode == 0
    assert (folder.path / "places.toml").read_text() == PLACES


def test_a_store_can_be_named(folder: Any, call: Any, archive: Path) -> None:
    assert call("import", "town.zip", "--store", "other.db").returncode == 0

    assert not folder.store.exists()
    assert set(told_by(folder.path / "other.db")) == {"Mixer", "Lunch", "Hike"}


def without_a_line(told: dict[str, bytes]) -> dict[str, bytes]:
    return told | {"listings.jsonl": told["listings.jsonl"].rsplit(b"\n", 2)[0] + b"\n"}


def of_another_source(told: dict[str, bytes]) -> dict[str, bytes]:
    return told | {"listings.jsonl": told["listings.jsonl"].replace(b'"hikers"', b'"walkers"')}


def cut_line(told: dict[str, bytes]) -> dict[str, bytes]:
    return told | {"listings.jsonl": told["listings.jsonl"][:-20]}


def next_format(told: dict[str, bytes]) -> dict[str, bytes]:
    return told | {"manifest.json": told["manifest.json"].replace(b'"format": 1', b'"format": 2')}


def with_more(name: str, text: bytes = b"") -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda told: told | {name: text}


def only(*names: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda _: dict.fromkeys(names, b"")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (with_more("../hobnob.toml"), "../hobnob.toml: is no part of a town's archive"),
        (with_more("/etc/passwd"), "is no part of a town's archive"),
        (with_more("catalogs/../../a.toml"), "is no part of a town's archive"),
        (with_more("catalogs/..\\a.toml"), "is no part of a town's archive"),
        (with_more("catalogs/.bashrc"), "is no part of a town's archive"),
        (with_more("catalogs/"), "is no part of a town's archive"),
        (with_more("catalogs/HOBNOB.toml"), "is no part of a town's archive"),
        (with_more("hobnob.toml"), "is no part of a town's archive"),
        (with_more("places/catalog.toml", PLACES.encode()), "catalog.toml: is there more than once"),
        (with_more("catalogs/big.toml", b" " * (17 << 20)), "is 17,825,792 bytes when unpacked, and 16,777,216"),
        (with_more("manifest.json", b" " * (2 << 20)), "manifest.json: is 2,097,152 bytes when unpacked"),
        (with_more("listings.jsonl", b"0" * (3 << 20)), "listings.jsonl, line 1: is longer than 1,048,576 bytes"),
        (with_more("catalogs/odd.toml", b"\xff"), "catalogs/odd.toml: is not in UTF-8"),
        (with_more("catalogs/odd.toml", b"[settings]"), "catalogs/odd.toml: "),
        (with_more("places/odd.toml", b"place = 1"), "places/odd.toml: places are told as [[place]] rows"),
        (with_more("catalogs/more.toml"), "manifest.json promises "),
        (next_format, "manifest.json: is of format 2, and this Hobnob reads 1: update Hobnob"),
        (cut_line, "listings.jsonl, line 3: Invalid JSON"),
        (without_a_line, "manifest.json promises "),
        (of_another_source, "is of walkers, which is not in sources.jsonl"),
        (only("a.txt"), "a.txt: is no part of a town's archive"),
        (only(), "was not written by `hobnob export`"),
        (only(*(f"catalogs/{number}.toml" for number in range(1001))), "holds 1,001 files"),
    ],
)
def test_a_hostile_or_damaged_archive_is_refused_in_one_line_and_nothing_is_written(
    folder: Any, call: Any, archive: Path, spoil: Any, said: str
) -> None:
    pack(archive, spoil(members(archive)))

    assert_refused(folder, call("import", "town.zip"), said)


def assert_refused(folder: Any, ran: Any, said: str) -> None:
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert ran.stderr.startswith("hobnob: ")
    assert ran.stderr.count("\n") == 1
    assert [path.name for path in folder.path.iterdir()] == ["town.zip"]


def test_a_repacked_archive_that_says_the_same_is_accepted(folder: Any, call: Any, archive: Path) -> None:
    pack(archive, members(archive))

    assert call("import", "town.zip").returncode == 0


def cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def lie_about_the_size(whole: bytes) -> bytes:
    """The directory says that a member is one byte long; what is behind it is more."""
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"places/places.toml"))
    return whole[: at + 24] + struct.pack("<I", 1) + whole[at + 28 :]


def nothing(_: bytes) -> bytes:
    return b""


def a_page(_: bytes) -> bytes:
    return b"<html>"


def turn_a_bit(whole: bytes) -> bytes:
    at = whole.index(b"listings.jsonl") + 60
    return whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]


@pytest.mark.parametrize("spoil", [cut, lie_about_the_size, turn_a_bit, nothing, a_page])
def test_a_file_that_is_broken_or_no_archive_is_refused(
    folder: Any, call: Any, archive: Path, spoil: Callable[[bytes], bytes]
) -> None:
    archive.write_bytes(spoil(archive.read_bytes()))

    assert_refused(folder, call("import", "town.zip"), "town.zip: is damaged, or was not written by `hobnob export`")


def test_another_packing_is_refused(folder: Any, call: Any, archive: Path) -> None:
    pack(archive, members(archive), ZIP_BZIP2)

    assert_refused(folder, call("import", "town.zip"), "packed in a way that `hobnob export` does not use")


def test_a_file_that_is_not_there_is_named(call: Any) -> None:
    assert call("import", "none.zip").stderr == "hobnob: none.zip: No such file or directory\n"


@pytest.fixture
def filled(folder: Any, town: Any) -> Iterator[Any]:
    """An empty folder with a copy of the store."""
    shutil.copy(town.store, folder.store)
    return folder


def test_an_older_archive_is_replaced_and_nothing_else_is(filled: Any, call: Any) -> None:
    assert call("export", "town.zip").returncode == 0
    assert call("export", "town.zip").returncode == 0
    ran = call("export", "hobnob.db")

    assert "hobnob.db: is there already, and is no archive; nothing was written" in ran.stderr
    assert set(told_by(filled.store)) == {"Mixer", "Lunch", "Hike"}
    assert not list(filled.path.glob("*.new"))


def test_there_is_nothing_to_export_without_a_store(call: Any, folder: Any) -> None:
    ran = call("export", "town.zip")

    assert (ran.returncode, list(folder.path.iterdir())) == (2, [])
    assert "there is no store here" in ran.stderr


ROW = '[[source]]\nname = "elm"\nplatform = "ics"\nurl = "https://elm.example/jo%40elm.example/a.ics#559-555-0100"\n'


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ('note = "jo@elm.example allowed it" # or call 559-555-0100\n', "allowed it"),
        ("# jo@elm.example\n", "#"),
        ('organizer = "Elm # 1"\n', 'organizer = "Elm # 1"'),
    ],
)
def test_people_are_taken_out_of_notes_and_comments_and_links_stay(
    filled: Any, call: Any, line: str, kept: str
) -> None:
    filled.write("a.toml", ROW + line)
    ran = call("export", "town.zip", "--catalog", "a.toml")

    assert ran.returncode == 0, ran.stderr
    text = members(filled.path / "town.zip")["catalogs/a.toml"].decode()
    assert text.startswith(ROW)
    assert kept in text
    assert "jo@" not in text
    assert "559-555-0100" not in text.removeprefix(ROW)
    assert call("import", "town.zip").stdout == "town.zip: nothing new\n"
    assert (filled.path / "a.toml").read_text() == ROW + line


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "", "cannot go into an archive by this name"),
        ("other/b.toml", "", "two files are called b.toml"),
        ("a.toml", "x", "a.toml: "),
        ("a.toml", ROW + 'organizer = "Elm # jo@elm.example"\n', "mend its notes and comments"),
    ],
)
def test_files_that_cannot_go_into_an_archive_are_named(
    filled: Any, call: Any, name: str, text: str, said: str
) -> None:
    (filled.path / "other").mkdir()
    filled.write("b.toml", "")
    filled.write(name, text)
    ran = call("export", "town.zip", "--catalog", name, "--catalog", "b.toml")

    assert (ran.returncode, ran.stdout, (filled.path / "town.zip").exists()) == (2, "", False)
    assert said in ran.stderr
