"""Walls: pages that stand before a site to keep programs out; they are told of, never climbed."""

from collections.abc import Mapping

SAMPLE = 64 * 1024
"""Bytes. A wall is a small page; a calendar that speaks of one is a long one."""

HEADERS: tuple[tuple[str, str, str], ...] = (
    ("Cloudflare", "cf-mitigated", "challenge"),
    ("SiteGround", "sg-captcha", "challenge"),
    ("AWS WAF", "x-amzn-waf-action", "challenge"),
    ("AWS WAF", "x-amzn-waf-action", "captcha"),
    ("Vercel", "x-vercel-mitigated", "challenge"),
)

MARKS: tuple[tuple[str, bytes], ...] = (
    ("SiteGround", b"/.well-known/sgcaptcha/"),
    ("SiteGround", b"/.well-known/captcha/"),
    ("Cloudflare", b"<title>just a moment..."),
    ("Cloudflare", b"<h1>just a moment..."),
    ("Cloudflare", b"<title>attention required! | cloudflare"),
    ("Cloudflare", b"window._cf_chl_opt"),
    ("Incapsula", b"incapsula incident id"),
    ("Incapsula", b'<iframe id="main-iframe" src="/_incapsula_resource'),
    ("Akamai", b"//errors.edgesuite.net/"),
    ("Akamai", b"bm-verify="),
    ("Akamai", b"sec-if-cpt-container"),
    ("DataDome", b"geo.captcha-delivery.com"),
    ("PerimeterX", b"px-captcha"),
    ("Sucuri", b"sucuri_cloudproxy_js"),
    ("Sucuri", b"<title>sucuri website firewall"),
    ("DDoS-Guard", b"<title>ddos-guard</title>"),
    ("AWS WAF", b"awswafcookiedomainlist"),
)
"""In lower case. What these vendors put into every page they deliver is not among them."""


def find_wall(headers: Mapping[str, str], body: bytes) -> str | None:
    """Whose wall this answer is; None when it is none. `headers` has lower-case names."""
    for name, header, value in HEADERS:
        if headers.get(header, "").strip().lower() == value:
            return name
    if len(body) > SAMPLE or "calendar" in headers.get("content-type", ""):
        return None
    text = body.lower()
    return next((name for name, mark in MARKS if mark in text), None)
