"""Published replies to subscribe to."""

import xml.etree.ElementTree as ElementTree  # nosec B405  our own feed

import pytest

from tests.petitions.replies import publish, revise, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, query=""):
    response = client.get(f"/petitions/replies/feed.atom{query}")
    assert response.status_code == 200
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")  # nosec B314


def test_the_latest_replies_stand_in_it_a_withdrawn_one_does_not(client, peer):
    first, second = publish(peer, title="夜间施工", kind="complaint"), publish(peer, title="路灯 <b>不亮</b>", kind="help")
    assert {entry.find(f"{ATOM}id").text for entry in entries(client)} == {f"urn:uuid:{uid}" for uid in (first, second)}
    assert [entry.find(f"{ATOM}title").text for entry in entries(client, "?kind=help")] == ["路灯 <b>不亮</b>"]
    assert len(entries(client, "?kind=nonsense")) == 2

    revise(peer, second)
    withdraw(peer, first)
    (entry,) = entries(client)
    assert "更正了罚款金额" in entry.find(f"{ATOM}summary").text
    rss = client.get("/petitions/replies/feed.rss")
    assert rss["Content-Type"].startswith("application/rss+xml")
    assert rss.content.count(b"<item>") == 1
