"""The local server does what GitHub Pages does with a project site."""

import pytest
from futures_explorer.errors import ExplorerError
from futures_explorer.project import BASE
from futures_explorer.site.serve import application, free_socket, serve
from starlette.testclient import TestClient


@pytest.fixture
def client(tmp_path):
    (tmp_path / "index.html").write_text("<p>" + "hello " * 500)
    (tmp_path / "404.html").write_text("nothing here")
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "index.html").write_text("lab")
    (tmp_path / "data.parquet").write_bytes(bytes(range(256)) * 8)
    return TestClient(application(tmp_path), base_url="http://testserver" + BASE)


def test_it_serves_under_the_sub_path_and_redirects_the_root(client):
    assert client.get("index.html").text.startswith("<p>hello")
    assert client.get("http://testserver/", follow_redirects=False).headers["location"] == BASE
    assert client.get("http://testserver/index.html").status_code == 404


def test_a_folder_serves_its_index_and_a_missing_page_the_404_page(client):
    assert client.get("lab/").text == "lab"
    missing = client.get("missing")
    assert (missing.status_code, missing.text) == (404, "nothing here")


def test_a_range_is_answered_with_exactly_its_bytes(client):
    got = client.get("data.parquet", headers={"Range": "bytes=10-19"})
    assert got.status_code == 206
    assert got.headers["content-range"] == "bytes 10-19/2048"
    assert got.content == bytes(range(10, 20))


def test_text_is_gzipped_and_data_and_ranges_are_not(client):
    accepts = {"Accept-Encoding": "gzip"}
    assert client.get("index.html", headers=accepts).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("data.parquet", headers=accepts).headers
    ranged = client.get("index.html", headers={**accepts, "Range": "bytes=0-99"})
    assert "content-encoding" not in ranged.headers
    assert len(ranged.content) == 100


def test_no_cross_origin_isolation_headers_as_on_pages(client):
    headers = {name.lower() for name in client.get("index.html").headers}
    assert not {name for name in headers if name.startswith("cross-origin")}


def test_a_taken_port_yields_the_next_free_one():
    first, port = free_socket(18_900, tries=200)
    first.listen()
    second, other = free_socket(port, tries=200)
    first.close()
    second.close()
    assert other > port


def test_where_every_port_is_taken_it_says_so():
    taken, port = free_socket(18_900, tries=200)
    taken.listen()
    with pytest.raises(ExplorerError, match=rf"Ports {port} to {port} are all taken.*PORT="):
        free_socket(port, tries=1)
    taken.close()


def test_serving_an_unbuilt_site_says_what_to_run(tmp_path):
    with pytest.raises(ExplorerError, match="make build"):
        serve(tmp_path, 18_900)
