"""What is asked of a page beside the question itself: its language, its view, and how its links are written."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request

from aggregator.errors import QueryError
from api.site import Site, read_pairs
from api.values import spelled_like
from api.web.language import LANGUAGES, Language, choose_language, read_language
from api.web.static import fingerprint

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`pairs` are what was asked, in order, without empty fields of a form and without `lang` and `view`. `folder` is
    where a proxy serves us, which every link begins with; `origin` what is before it.
    """

    origin: str
    folder: str
    path: str
    pairs: Pairs
    language: Language
    names_language: bool
    view: str = "list"

    @property
    def key(self) -> object:
        """What makes one page another, beside its question."""
        return fingerprint(), self.language.code, self.names_language, self.view, self.pairs

    def link(self, path: str, pairs: Iterable[tuple[str, str]] = (), **own: str) -> str:
        """A link of ours that keeps the language; `own` are parameters of pages alone."""
        kept = {"lang": self.language.code} if self.names_language else {}
        asked = urlencode([*pairs, *{**kept, **own}.items()], safe=",:/")
        return f"{self.folder}{path}" + (f"?{asked}" if asked else "")

    def plain_link(self, path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
        """A link into the API, which has no languages."""
        asked = urlencode([*pairs], safe=",:/")
        return f"{self.folder}{path}" + (f"?{asked}" if asked else "")

    def without(self, *names: str) -> Pairs:
        """The question but for these."""
        return tuple((name, value) for name, value in self.pairs if name not in names)

    def joined(self, *defaults: tuple[str, str]) -> list[tuple[str, str]]:
        """The question with each name once, several values by comma, and these defaults for what was not asked."""
        once: dict[str, str] = {}
        for name, value in self.pairs:
            once[name] = f"{once[name]},{value}" if name in once else value
        return list((dict(defaults) | once).items())

    def absolute(self, link: str) -> str:
        """A link as others are given it."""
        return f"{self.origin}{link}"

    def first(self, name: str) -> str | None:
        """What was asked by that name."""
        return next((value for key, value in self.pairs if key == name), None)


def read_visit(site: Site, request: Request, views: Collection[str] = ()) -> Visit:
    """QueryError for a view or a language that there is none of. A form's empty fields ask nothing."""
    address = urlsplit(site.settings.base_url)
    asked = [(name, value) for name, value in read_pairs(request) if value.strip()]
    own = {name: value for name, value in asked if name == "lang" or (views and name == "view")}
    accepted = request.headers.get("accept-language", "")
    return Visit(
        origin=f"{address.scheme}://{address.netloc}",
        folder=address.path,
        path=request.scope["path"],
        pairs=tuple((name, value) for name, value in asked if name not in own),
        language=read_language(_one_of("lang", own.get("lang") or choose_language(accepted), LANGUAGES)),
        names_language="lang" in own,
        view=_one_of("view", own.get("view", "list"), views or ("list",)),
    )


def plain_visit(site: Site, request: Request) -> Visit:
    """For a page about an address that could not be read."""
    address = urlsplit(site.settings.base_url)
    named = request.query_params.get("lang")
    accepted = choose_language(request.headers.get("accept-language", ""))
    return Visit(
        origin=f"{address.scheme}://{address.netloc}",
        folder=address.path,
        path=request.scope["path"],
        pairs=(),
        language=read_language(named if named in LANGUAGES else accepted),
        names_language=named in LANGUAGES,
    )


def _one_of(name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise QueryError(name, value[:200], f"not one of {', '.join(known)}", spelled_like(value[:200], known))
    return value
