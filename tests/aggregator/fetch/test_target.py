"""What may be asked for, and where a redirect may lead."""

import pytest

from aggregator.errors import AddressRefusedError
from aggregator.fetch.target import read_redirect, read_target


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://chamber.example/events?page=2", "http://chamber.example"),
        ("HTTPS://Chamber.Example:443/a", "https://chamber.example"),
        ("https://chamber.example:8443/", "https://chamber.example:8443"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]"),
        ("http://93.184.215.14/", "http://93.184.215.14"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://chamber.example/café menu", "https://chamber.example"),
    ],
)
def test_a_plain_address_is_accepted_with_its_origin(url, origin):
    assert str(read_target(url).origin) == origin


def test_a_fragment_is_never_sent():
    assert read_target("http://chamber.example/a#b").url == "http://chamber.example/a"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://chamber.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "gopher://chamber.example/",
            "chamber.example",
        ),
        *("http://user@chamber.example/", "http://user:pass@chamber.example/", "http:///path"),
        *("http://127.0.0.2:80\\@chamber.example/", "http://chamber.example/\r\nX: 1", "http://cham\tber.example/"),
        *(
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0/",
            "http://127.0.0.1./",
        ),
        *("http://127.0.0.%31/", "http://①②⑦.⓪.⓪.①/", "http://cham ber.example/"),
        *("http://[fe80::1%25eth0]/", "http://chamber.example/" + "a" * 9000, "http://-/\x00", ""),
    ],
)
def test_an_address_that_is_not_plain_is_refused(url):
    with pytest.raises(AddressRefusedError):
        read_target(url)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b?c=d", "https://chamber.example/b?c=d"),
        ("b", "https://chamber.example/a/b"),
        ("//www.chamber.example/", "https://www.chamber.example/"),
        ("https://library.example/x#y", "https://library.example/x"),
        (" /spaces around ", "https://chamber.example/spaces%20around"),
    ],
)
def test_a_redirect_leads_where_it_says(location, url):
    assert read_redirect(read_target("https://chamber.example/a/start"), location).url == url


def test_a_redirect_may_lead_from_http_to_https():
    target = read_redirect(read_target("http://chamber.example/"), "https://chamber.example/")
    assert target.origin.scheme == "https"


@pytest.mark.parametrize(
    "location",
    [
        *(
            "http://chamber.example/",
            "ftp://chamber.example/",
            "data:text/calendar,BEGIN:VCALENDAR",
            "https:///internal",
        ),
        *(
            "https://a@b.example/",
            "https://a.example\\@b.example/",
            "https://b.example\t/",
            "/\xc3\xa9",
            "/a%0d%0aX:%201",
        ),
        *("http://①/".encode().decode("latin-1"), "/" + "a" * 300_000, "https://[::1/"),
    ],
)
def test_a_redirect_that_could_mislead_is_refused_and_names_whence(location):
    with pytest.raises(AddressRefusedError, match=r"^https://chamber\.example/a: redirects"):
        read_redirect(read_target("https://chamber.example/a"), location)
