"""The guard judges what an address reaches, however it is written."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import AddressRefusedError, FetchError, SettingsError
from aggregator.fetch.guard import DENIED, Guard, Resolver, read_allowance, read_connection, why_denied

pytestmark = pytest.mark.anyio

DENIED_V4 = [network for network in DENIED if network.version == 4]
EMBEDDINGS = {
    "mapped": lambda v4: 0xFFFF << 32 | v4,
    "compatible": lambda v4: v4,
    "translated": lambda v4: 0xFFFF << 48 | v4,
    "NAT64": lambda v4: 0x64FF9B << 96 | v4,
    "6to4": lambda v4: 0x2002 << 112 | v4 << 80,
    "Teredo": lambda v4: 0x20010000 << 96 | v4 ^ 0xFFFFFFFF,
}


class Names:
    """A resolver that knows these names only, and can change its mind."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self.answers = {name.replace("_", "."): list(found) for name, found in answers.items()}

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        if host not in self.answers:
            raise OSError("no such name")
        return self.answers[host]


def test_the_table_names_at_least_thirty_networks():
    assert len(DENIED) >= 30


@pytest.mark.parametrize("network", DENIED, ids=str)
def test_both_ends_of_every_listed_network_are_denied(network):
    assert why_denied(network[0])
    assert why_denied(network[-1])


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "fec0::1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"),
        *("::ffff:127.0.0.2", "64:ff9b:1::1", "2001::1", "::ffff:0:127.0.0.1", "3fff::1", "5f00::1", "192.88.99.1"),
        *("255.255.255.255", "168.63.129.16", "4000::1", "a000::1"),
    ],
)
def test_an_address_that_is_not_public_is_denied_with_a_reason(address):
    assert why_denied(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_a_public_address_is_not_denied(address):
    assert why_denied(ip_address(address)) is None


@given(st.sampled_from(DENIED_V4), st.integers(0, 2**32 - 1), st.sampled_from(sorted(EMBEDDINGS)))
def test_a_denied_address_is_denied_in_every_ipv6_embedding(network, offset, embedding):
    hidden = int(network[0]) + offset % network.num_addresses
    assert why_denied(IPv6Address(EMBEDDINGS[embedding](hidden)))


@given(st.integers(0, 2**32 - 1), st.sampled_from(["mapped", "NAT64"]))
def test_an_embedding_that_reaches_an_ipv4_address_is_judged_as_that_address(number, embedding):
    embedded = IPv6Address(EMBEDDINGS[embedding](number))
    assert why_denied(embedded) == why_denied(IPv4Address(number))


async def test_one_refused_answer_refuses_the_name():
    guard = Guard((), (), Names(both_example=["93.184.215.14", "10.0.0.1"]))
    with pytest.raises(AddressRefusedError, match=r"both\.example: 10\.0\.0\.1 is private"):
        await guard.destination("both.example", 443)


async def test_a_name_with_only_public_answers_is_reached_at_those_answers():
    guard = Guard((), (), Names(chamber_example=["93.184.215.14", "2606:4700::1111"]))
    destination = await guard.destination("chamber.example", 443)
    assert destination.addresses == ("93.184.215.14", "2606:4700::1111")
    assert destination.is_public


@pytest.mark.parametrize("port", [22, 25, 8080, 0])
async def test_a_port_that_is_not_the_webs_is_refused_in_public(port):
    guard = Guard((), (), Names(chamber_example=["93.184.215.14"]))
    with pytest.raises(AddressRefusedError, match=f"port {port}"):
        await guard.destination("chamber.example", port)


async def test_an_allowed_network_is_allowed_on_its_port_only():
    guard = Guard(("127.0.0.1/32:8099",), (), Names())
    assert not (await guard.destination("127.0.0.1", 8099)).is_public
    for host, port in (("127.0.0.1", 8098), ("127.0.0.2", 8099), ("127.0.0.1", 80)):
        with pytest.raises(AddressRefusedError):
            await guard.destination(host, port)


async def test_the_mapped_spelling_of_an_allowed_address_is_that_address():
    guard = Guard(("127.0.0.1/32:8099",), (), Names())
    assert await guard.destination("::ffff:127.0.0.1", 8099)


async def test_a_connection_setting_leads_elsewhere_but_only_where_it_is_allowed():
    connect = ("chamber.example:80=127.0.0.1:8099", "library.example:80=127.0.0.1:8098")
    guard = Guard(("127.0.0.1/32:8099",), connect, Names())
    assert (await guard.destination("chamber.example", 80)).addresses == ("127.0.0.1",)
    with pytest.raises(AddressRefusedError, match=r"library\.example"):
        await guard.destination("library.example", 80)


@pytest.mark.parametrize("answers", [{}, {"silent_example": []}])
async def test_a_name_without_an_answer_is_a_failure_and_not_a_refusal(answers):
    with pytest.raises(FetchError, match=r"silent\.example") as caught:
        await Guard((), (), Names(**answers)).destination("silent.example", 80)
    assert not isinstance(caught.value, AddressRefusedError)


async def test_the_systems_resolver_answers_with_addresses():
    resolver = Resolver(1)
    try:
        assert "127.0.0.1" in await resolver("127.0.0.1", 80)
    finally:
        resolver.close()


@pytest.mark.parametrize("text", ["[::1/128]:80", "::1/128:80"])
def test_an_allowance_may_be_of_ipv6(text):
    network, port = read_allowance(text)
    assert (str(network), port) == ("::1/128", 80)


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.0/8", "10.0.0.1/8:80", "chamber.example:80", "10.0.0.0/8:http"])
def test_an_allowance_that_makes_no_sense_is_named(text):
    with pytest.raises(SettingsError, match="allow_networks"):
        read_allowance(text)


def test_a_connection_setting_is_read_as_curl_reads_it():
    assert read_connection("Chamber.example:443=[::1]:8099") == (("chamber.example", 443), ("::1", 8099))


@pytest.mark.parametrize("text", ["chamber.example:80", "a:80=b:80=c:80", "a:x=b:80"])
def test_a_connection_setting_that_makes_no_sense_is_named(text):
    with pytest.raises(SettingsError, match="connect"):
        read_connection(text)
