"""Only what Twilio signed is let in."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict

from sms.signature import Signature
from tests.standins.twilio_words import TOKEN, inbound_form, signature

PUBLIC = "https://medvind.example.dk"
PATH = "/webhooks/twilio/inbound"
SENDER = "+4520123456"
KNOWN = {"Body": "STOP", "From": SENDER, "MessageSid": "SM" + "0" * 32, "To": "+4521000000"}
GENUINE = (
    "STOP",
    "",
    "Ja tak, vi ses på torsdag - æøå ÆØÅ é ö €",
    "Det går godt \N{SEEDLING}\N{FAMILY}",
    "a=b&c=d+e%20f\r\nnæste linje",
    " ",
)


def holds(form: Mapping[str, str], header: str | None, *, public: str = PUBLIC, path: str = PATH, query: str = "") -> bool:
    return Signature(TOKEN, public).holds(path, query, ImmutableMultiDict(form), header)


def test_the_known_good_signature_is_ours_and_twilios() -> None:
    known_good = "qa5jVceM2IiFUNEX2OPc3SMr4o4="
    assert signature("https://example.org/sms/inbound", KNOWN) == known_good
    assert holds(KNOWN, known_good, public="https://example.org", path="/sms/inbound")


@pytest.mark.parametrize("public", [PUBLIC, f"{PUBLIC}/medvind/test", f"{PUBLIC}:8443", "http://127.0.0.1:8000"])
@pytest.mark.parametrize("query", ["", "o=Zk3_-9x"])
@pytest.mark.parametrize("body", GENUINE)
def test_what_twilio_signed_is_let_in_wherever_a_proxy_stands(public: str, query: str, body: str) -> None:
    form = inbound_form(SENDER, body)
    signed = signature(f"{public}{PATH}{'?' * bool(query)}{query}", form)
    received = dict(parse_qsl(urlencode(form), keep_blank_values=True))
    assert holds(received, signed, public=public, query=query)


def test_the_default_port_may_be_spelled_out_in_the_signed_address() -> None:
    form = inbound_form(SENDER, "STOP")
    assert holds(form, signature(f"{PUBLIC}:443{PATH}", form))


@pytest.mark.parametrize("body", GENUINE)
@pytest.mark.parametrize(
    "signed_for",
    [
        f"http://medvind.example.dk{PATH}",
        f"{PUBLIC}{PATH}/",
        f"{PUBLIC}{PATH}?o=1",
        f"{PUBLIC}:8443{PATH}",
        f"https://medvind.example.com{PATH}",
        f"{PUBLIC}/webhooks/twilio/status",
    ],
)
def test_a_signature_for_another_address_is_refused(body: str, signed_for: str) -> None:
    form = inbound_form(SENDER, body)
    assert not holds(form, signature(signed_for, form))


@pytest.mark.parametrize("body", GENUINE)
def test_a_form_that_was_touched_is_refused(body: str) -> None:
    form = inbound_form(SENDER, body)
    signed = signature(PUBLIC + PATH, form)
    changed = [form | {"Body": f"{body}X"}, form | {"From": "+4501000002"}, form | {"Added": "1"}]
    dropped = [{name: value for name, value in form.items() if name != gone} for gone in form]
    assert not any(holds(touched, signed) for touched in changed + dropped)


def test_a_parser_that_drops_blank_fields_would_refuse_a_genuine_request() -> None:
    form = inbound_form(SENDER, "STOP")
    without_blanks = {name: value for name, value in form.items() if value}
    assert holds(form, signature(PUBLIC + PATH, form))
    assert not holds(without_blanks, signature(PUBLIC + PATH, form))


def test_another_key_is_refused() -> None:
    form = inbound_form(SENDER, "STOP")
    assert not holds(form, signature(PUBLIC + PATH, form, token="another"))


@pytest.mark.parametrize("header", [None, "", "æøå", "qa5jVceM2IiFUNEX2OPc3SMr4o4=", "=" * 5000])
def test_a_header_that_is_missing_or_made_up_is_refused(header: str | None) -> None:
    assert not holds(inbound_form(SENDER, "STOP"), header)


@given(header=st.text(), query=st.text(alphabet=st.characters(codec="latin-1")))
def test_no_header_and_no_query_breaks_the_check(header: str, query: str) -> None:
    assert not holds(KNOWN, header, query=query)
