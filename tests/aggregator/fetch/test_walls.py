"""Bot walls are recognised, and calendars are not taken for them."""

import pytest

from aggregator.fetch.walls import find_wall


@pytest.mark.parametrize(
    ("name", "headers", "body"),
    [
        ("SiteGround", {}, b'<meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2Fevents%2F&y=ipc">'),
        ("SiteGround", {"sg-captcha": "challenge"}, b""),
        ("Cloudflare", {}, b'<html lang="en-US"><head><title>Just a moment...</title>'),
        ("Cloudflare", {}, b"<h1>Just a moment...</h1><p>Checking your browser</p>"),
        ("Cloudflare", {"cf-mitigated": "challenge"}, b""),
        ("Incapsula", {}, b"Request unsuccessful. Incapsula incident ID: 1234"),
        ("Akamai", {}, b"<H1>Access Denied</H1> https://errors.edgesuite.net/18.1"),
        ("DataDome", {}, b"<script src='https://ct.captcha-delivery.com/c.js'></script>geo.captcha-delivery.com"),
        ("AWS WAF", {"x-amzn-waf-action": "challenge"}, b""),
    ],
)
def test_a_wall_is_named_by_its_mark(name, headers, body):
    assert find_wall(headers, body) == name


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (
            {},
            b"<title>Events</title><script src='/cdn-cgi/challenge-platform/h/b/scripts/jsd.js'></script>",
        ),
        ({}, b"<script src='/_Incapsula_Resource?SWJIYLWA=719d'></script><h1>Calendar</h1>"),
        ({}, b"<p>Give us just a moment... the mixer starts at 5.</p>"),
        ({}, b"<title>Just a moment...</title>" + b"<li>Mixer</li>" * 9000),
        ({"content-type": "text/calendar"}, b"SUMMARY:<h1>Just a moment"),
        ({"cf-mitigated": "no"}, b""),
    ],
)
def test_a_calendar_behind_the_same_vendor_is_no_wall(headers, body):
    assert find_wall(headers, body) is None
