"""Local: sources that need no network, data: addresses (RFC 2397) and files."""

import base64
import binascii
import mimetypes
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

from aggregator.errors import FetchError, TooLargeError
from aggregator.source import Page, Request

MAX_FILES = 1000
SUFFIXES = frozenset({".csv", ".ics", ".toml"})
"""What is read of a folder; a README or a flyer beside them is nobody's mistake."""


def read_inline(request: Request, now: datetime, limit: int) -> Page:
    """The page that a data: address holds; FetchError when it is not one."""
    head, comma, content = request.url.removeprefix("data:").partition(",")
    if not comma:
        raise FetchError(f"{request.url[:80]}: a data: address has a comma before what it holds")
    kind, is_base64 = (head[:-7], True) if head.lower().endswith(";base64") else (head, False)
    body = unquote_to_bytes(content)
    if is_base64:
        try:
            body = base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise FetchError(f"{request.url[:80]}: is not base64 ({error})") from error
    if len(body) > limit:
        raise TooLargeError(f"{request.url[:80]}: more than {limit} bytes")
    headers = (("content-type", kind or "text/plain;charset=US-ASCII"),)
    return Page(request=request, url=request.url, body=body, fetched_at=now, headers=headers)


def read_files(request: Request, now: datetime, limit: int) -> tuple[Page, ...]:
    """The file of a file: address, or each calendar, table and rule of a folder (not of folders in it, and no hidden
    one), by name; FetchError if absent.
    """
    address = urlsplit(request.url)
    if address.scheme != "file" or address.netloc not in {"", "localhost"}:
        raise FetchError(f"{request.url}: is not the address of a file on this machine")
    path = Path(url2pathname(address.path))
    try:
        files = sorted(filter(_is_read, path.iterdir())) if path.is_dir() else [path]
        if len(files) > MAX_FILES:
            raise TooLargeError(f"{request.url}: more than {MAX_FILES} files")
        return tuple(_read_file(request, one, now, limit) for one in files)
    except OSError as error:
        raise FetchError(f"{request.url}: {error.strerror or error}") from error


def _is_read(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _read_file(request: Request, path: Path, now: datetime, limit: int) -> Page:
    with path.open("rb") as file:
        body = file.read(limit + 1)
    if len(body) > limit:
        raise TooLargeError(f"{path}: more than {limit} bytes")
    kind = mimetypes.guess_type(path.name)[0]
    headers = (("content-type", kind),) if kind else ()
    return Page(request=request, url=path.absolute().as_uri(), body=body, fetched_at=now, headers=headers)
