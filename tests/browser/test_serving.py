"""`flk serve`: the report to this machine alone, and nothing beside it."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.publication.report.serving import HEADERS, ReportServer, report_server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    report = tmp_path / "report"
    (report / "data").mkdir(parents=True)
    (report / "index.html").write_text("<title>första sidan</title>", "utf-8")
    (report / "data" / "goals.csv").write_text("area_name\n", "utf-8")
    (report / ".hidden").write_text("secret", "utf-8")
    (tmp_path / "outside.txt").write_text("secret", "utf-8")
    (report / "way-out.txt").symlink_to(tmp_path / "outside.txt")
    return report


@pytest.fixture
def server(folder: Path) -> Iterator[ReportServer]:
    with report_server(folder, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


def get(
    server: ReportServer, target: str, host: str = "127.0.0.1", method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    connection.putrequest(method, target, skip_host=True)
    connection.putheader("Host", f"{host}:{server.server_port}")
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), content


def test_a_page_comes_with_its_headers(server: ReportServer) -> None:
    status, headers, content = get(server, "/")
    assert (status, content.decode()) == (200, "<title>första sidan</title>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert HEADERS.items() <= headers.items()
    assert get(server, "/data/goals.csv")[1]["Content-Type"] == "text/csv; charset=utf-8"
    assert get(server, "/", method="HEAD")[2] == b""


@pytest.mark.parametrize(
    "target",
    [
        "/data/",
        "/data",
        "/nothing.html",
        "/.hidden",
        "/way-out.txt",
        "/../outside.txt",
        "/data/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/data/%2e%2e/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "//outside.txt",
        "/%00",
        "/..%5coutside.txt",
    ],
)
def test_no_list_of_a_folder_and_nothing_outside_the_report(
    server: ReportServer, target: str
) -> None:
    status, headers, content = get(server, target)
    assert status == 404
    assert b"secret" not in content
    assert b"goals.csv" not in content
    assert HEADERS.items() <= headers.items()


def test_only_this_machine_is_answered(server: ReportServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert get(server, "/", host="example.org")[0] == 421
    assert get(server, "/", host="localhost")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reading(server: ReportServer, method: str) -> None:
    assert get(server, "/", method=method)[0] == 501
