"""Fetching from a real server on loopback: redirects, limits, types, and names that lead where they should not."""

from __future__ import annotations

import gzip
import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, unquote_to_bytes

import brotli
import pytest
from backports import zstd

from service.config import Settings
from service.errors import (
    AddressRefused,
    PageBehindWall,
    PageBrokenOff,
    PageLeadsInCircles,
    PageLimitsVisits,
    PageNeedsCookies,
    PageNotFound,
    PageTooLarge,
    PageTooSlow,
    PageUnavailable,
    PageUnsupported,
)  # fmt: skip
from service.pipeline.fetch import HttpFetcher, supplied_page

pytestmark = pytest.mark.loopback

LONG = b"<html><title>Hi</title>" + b"".join(b"<p>Law %d bans ducks.</p>" % n for n in range(500)) + b"</html>"
HTML = b"<html><title>Hi</title><p>Ducks are banned.</p></html>"


class Handler(BaseHTTPRequestHandler):
    """Answers by path; remembers the headers it was sent."""

    seen: dict[str, str]
    posted: bytes

    def do_GET(self) -> None:
        type(self).seen = dict(self.headers)
        # Asked as a proxy, the path is a whole address.
        name = re.sub(r"^http://[^/]+", "", self.path).split("?")[0].strip("/").split("/")[0] or "page"
        getattr(self, f"send_{name}")()

    def do_POST(self) -> None:
        type(self).posted = self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content_Type": "text/html", "Content_Length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_page(self) -> None:
        self.reply(HTML)

    def send_status(self) -> None:
        self.reply(b"no", int(self.path.rsplit("/", 1)[1]))

    def send_to(self) -> None:
        self.reply(b"", 302, Location=self.path.split("?to=", 1)[1])

    def send_away(self) -> None:
        where = unquote_to_bytes(self.path.split("?to=", 1)[1]).decode("latin-1")
        self.reply(b"", 302, Location=where)

    def send_loop(self) -> None:
        self.reply(b"", 301, Location="/loop")

    def send_hops(self) -> None:
        left = int(self.path.rsplit("/", 1)[1])
        self.reply(b"", 302, Location=f"/hops/{left - 1}" if left else "/page")

    def send_image(self) -> None:
        self.reply(b"\x89PNG", Content_Type="image/png")

    def send_gzip(self) -> None:
        self.reply(gzip.compress(HTML), Content_Encoding="gzip")

    def send_bomb(self) -> None:
        self.reply(gzip.compress(bytes(100_000_000), 9), Content_Encoding="gzip")

    def send_damaged(self) -> None:
        self.reply(b"this is not packed at all", Content_Encoding="br")

    def send_encoded(self) -> None:
        name, packed = self.path.split("?", 1)[1].split("=", 1)
        pack = {"br": brotli.compress, "zstd": zstd.compress, "gzip": gzip.compress, "": bytes}[packed]
        self.reply(pack(HTML), Content_Encoding=unquote(name))

    def send_raw(self) -> None:
        where = unquote_to_bytes(self.path.split("?", 1)[1])
        self.wfile.write(b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: " + where + b"\r\n\r\n")

    def send_echo(self) -> None:
        self.reply(HTML.replace(b"Hi", self.path.encode()))

    def send_cookies(self) -> None:
        self.reply(b"", 302, Location="/cookies", Set_Cookie="seen=1")

    def send_newcookies(self) -> None:
        self.reply(b"", 302, Location=f"{self.path}1", Set_Cookie="seen=1")

    def send_pages(self) -> None:
        other = "b" if self.path.endswith("a") else "a"
        self.reply(b'<meta http-equiv="refresh" content="0; url=/pages/%s">' % other.encode())

    def send_refresh(self) -> None:
        self.reply(f'<meta http-equiv="refresh" content="0; url={unquote(self.path.split("?to=", 1)[1])}">'.encode())

    def send_itself(self) -> None:
        self.reply(f'<meta http-equiv="refresh" content="0; url=HTTP://{self.headers["Host"]}/itself#top">'.encode())

    def send_onward(self) -> None:
        self.reply(b"on", Refresh="0; url=/page")

    def send_promised(self) -> None:
        self.reply(b"x", Content_Length="99999999")

    def send_endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(100_000):
                self.wfile.write(b"<p>more</p>" * 1000)
        except OSError:
            pass

    def send_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(60):
                self.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            pass

    def send_cut(self) -> None:
        """A packed page without its end; how it is sent says nothing of that."""
        name = self.path.split("?", 1)[1]
        pack = {"br": brotli.compress, "zstd": zstd.compress, "gzip": gzip.compress}[name]
        packed = pack(LONG)
        self.reply(packed[: len(packed) // 2], Content_Encoding=name)

    def send_short(self) -> None:
        self.reply(LONG[:1000], Content_Length=str(len(LONG)))

    def send_chunk(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.wfile.write(b"%x\r\n%b\r\n" % (1000, LONG[:1000]))

    def send_broken(self) -> None:
        self.wfile.write(b"NOT HTTP AT ALL\r\n\r\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetcher(site: str, **settings: object) -> HttpFetcher:
    return HttpFetcher(Settings(fetch_hosts=(site,), fetch_proxy="", **{"fetch_seconds": 5, **settings}))  # type: ignore[arg-type]


def test_a_page_is_fetched_with_an_honest_name_and_nothing_about_the_person(site: str) -> None:
    page = fetcher(site).fetch(f"http://{site}/page?q=1")
    assert (page.content, page.content_type, page.fetched) == (HTML, "text/html", True)
    assert page.final_url == f"http://{site}/page?q=1"
    assert Handler.seen["User-Agent"].startswith("Gegencheck/")
    assert set(Handler.seen) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Accept-Language"}


def test_what_is_posted_arrives_as_it_is_and_the_status_comes_back(site: str) -> None:
    sent = {"content-type": "application/json", "webhook-id": "msg_1"}
    assert fetcher(site).post(f"http://{site}/status/202", '{"ä": 1}'.encode(), sent) == 202
    assert Handler.posted == '{"ä": 1}'.encode()
    seen = {name.lower(): value for name, value in Handler.seen.items()}
    assert seen.keys() == {"host", "user-agent", "content-length", *sent}
    assert (seen["webhook-id"], seen["user-agent"].endswith("; webhook)")) == ("msg_1", True)
    assert fetcher(site).post(f"http://{site}/status/503", b"{}", {}) == 503


def test_what_is_posted_follows_no_redirect_and_reads_no_answer(site: str) -> None:
    assert fetcher(site).post(f"http://{site}/to?to=/page", b"{}", {}) == 302
    assert fetcher(site).post(f"http://{site}/endless", b"{}", {}) == 200


def test_nothing_is_posted_into_a_private_network(private_host: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.1", "93.184.216.34"]

    posting = HttpFetcher(Settings(fetch_proxy=""), resolve)
    with pytest.raises(AddressRefused):
        posting.post(f"http://{private_host}/hook", b"{}", {})
    with pytest.raises(AddressRefused):
        posting.post("https://hook.example.org/", b"{}", {})


def test_redirects_are_followed_to_the_final_address(site: str) -> None:
    page = fetcher(site).fetch(f"http://{site}/hops/4")
    assert page.url == f"http://{site}/hops/4"
    assert page.final_url == f"http://{site}/page"


def test_a_packed_page_is_unpacked(site: str) -> None:
    assert fetcher(site).fetch(f"http://{site}/gzip").content == HTML


@pytest.mark.parametrize(
    ("name", "packed"),
    [("br", "br"), ("zstd", "zstd"), ("GZIP", "gzip"), ("UTF-8", ""), ("none", ""), ("binary", ""), ("identity", ""),
     ("identity, gzip", "gzip"), ("gzip, utf-8", "gzip"), ("utf-8", "gzip")],
)  # fmt: skip
def test_every_packing_of_browsers_is_undone_and_what_names_none_is_passed_over(
    site: str, name: str, packed: str
) -> None:
    assert fetcher(site).fetch(f"http://{site}/encoded?{quote(name)}={packed}").content == HTML


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/echo/größe".encode(), "/echo/gr%C3%B6%C3%9Fe"), ("/echo/größe".encode("latin-1"), "/echo/gr%F6%DFe"),
        (b"/echo/zwei worte", "/echo/zwei%20worte"),
        ("/echo/voilà".encode(), "/echo/voil%C3%A0"), ("/echo?q=Süß & gut".encode(), "/echo?q=S%C3%BC%C3%9F%20&%20gut"),
        (b"/echo/100%/%41", "/echo/100%/%41"), ("/echo/\u6f22\u5b57#ziel".encode(), "/echo/%E6%BC%A2%E5%AD%97"),
        (b'/echo/"<a>"', "/echo/%22%3Ca%3E%22"),
    ],
)  # fmt: skip
def test_a_redirect_to_an_address_that_is_not_encoded_is_followed(site: str, location: bytes, path: str) -> None:
    page = fetcher(site).fetch(f"http://{site}/raw?{quote(location, safe='')}")
    assert page.final_url == f"http://{site}{path}"
    assert f"<title>{path}</title>".encode() in page.content


def test_a_typed_address_may_hold_umlauts_and_blanks(site: str) -> None:
    assert fetcher(site).fetch(f"http://{site}/echo/Größe und mehr?ä=ö").final_url == (
        f"http://{site}/echo/Gr%C3%B6%C3%9Fe%20und%20mehr?%C3%A4=%C3%B6"
    )


@pytest.mark.parametrize("path", ["refresh?to=/page", "refresh?to=/refresh?to=/page", "onward"])
def test_a_page_that_leads_on_by_itself_is_followed(site: str, path: str) -> None:
    page = fetcher(site).fetch(f"http://{site}/{path}")
    assert (page.final_url, page.content) == (f"http://{site}/page", HTML)


@pytest.mark.parametrize("where", ["http://127.0.0.1:1/", "http://169.254.169.254/", "//localhost/", "http://0x7f.1/"])
def test_what_leads_on_is_judged_like_a_redirect(site: str, where: str) -> None:
    with pytest.raises(AddressRefused):
        fetcher(site).fetch(f"http://{site}/refresh?to={where}")


def test_a_page_that_leads_on_to_itself_is_read_under_whatever_spelling(site: str) -> None:
    page = fetcher(site).fetch(f"http://{site}/itself")
    assert (page.final_url, b"HTTP://" in page.content) == (f"http://{site}/itself", True)


def test_a_download_is_taken_as_it_is(site: str) -> None:
    assert b"refresh" in fetcher(site).download(f"http://{site}/refresh?to=/page").content


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("status/404", PageNotFound), ("status/410", PageNotFound), ("status/401", PageBehindWall),
        ("status/403", PageBehindWall), ("status/429", PageLimitsVisits), ("status/451", PageBehindWall),
        ("status/500", PageUnavailable), ("status/503", PageUnavailable), ("status/304", PageUnavailable),
        ("loop", PageLeadsInCircles), ("hops/6", PageLeadsInCircles), ("bomb", PageTooLarge),
        ("cookies", PageNeedsCookies), ("newcookies/1", PageNeedsCookies), ("pages/a", PageLeadsInCircles),
        ("damaged", PageUnsupported), ("promised", PageTooLarge), ("endless", PageTooLarge), ("broken", PageUnavailable),
        ("to?to=http://127.0.0.1:1/", AddressRefused), ("to?to=http://169.254.169.254/", AddressRefused),
        ("to?to=http://[::1]/", AddressRefused), ("to?to=http://0x7f.1/", AddressRefused),
        ("to?to=file:///etc/passwd", AddressRefused), ("to?to=//localhost/", AddressRefused),
        ("to?to=https://user:pw@example.org/", AddressRefused),
    ],
)  # fmt: skip
def test_everything_that_is_not_the_page_has_its_own_error(site: str, path: str, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        fetcher(site).fetch(f"http://{site}/{path}")
    assert type(raised.value) is error
    assert site not in str(raised.value)


@pytest.mark.parametrize("path", ["cut?gzip", "cut?br", "cut?zstd", "short", "chunk"])
def test_a_page_that_breaks_off_is_given_as_far_as_it_came_and_nothing_else_is(site: str, path: str) -> None:
    page = fetcher(site).fetch(f"http://{site}/{path}")
    assert not page.is_whole
    assert isinstance(page.content, bytes)
    assert LONG.startswith(page.content)
    assert len(page.content) < len(LONG)
    for ask in (fetcher(site).download, lambda url: fetcher(site).ask(url, {}, 1_000_000)):
        with pytest.raises(PageBrokenOff, match="Try again"):
            ask(f"http://{site}/{path}")


def test_a_slow_drip_ends_with_the_whole_time_not_with_each_byte(site: str) -> None:
    started = time.monotonic()
    with pytest.raises(PageTooSlow):
        fetcher(site, fetch_seconds=1).fetch(f"http://{site}/drip")
    assert time.monotonic() - started < 3


def test_a_server_that_never_answers_is_too_slow() -> None:
    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            time.sleep(2.5)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"127.0.0.1:{server.server_address[1]}"
        with pytest.raises(PageTooSlow):
            fetcher(site, fetch_seconds=1).fetch(f"http://{site}/")
        server.shutdown()


def test_nobody_listening_is_said_plainly(site: str) -> None:
    with pytest.raises(PageUnavailable, match="cannot be reached"):
        fetcher("127.0.0.1:9").fetch("http://127.0.0.1:9/")


# ---------------------------------------------------------------- names and addresses


def resolving(answers: dict[str, list[str]], asked: list[str] | None = None) -> Callable[[str, int], list[str]]:
    def resolve(host: str, port: int) -> list[str]:
        if asked is not None:
            asked.append(host)
        if host not in answers:
            raise OSError("no such host")
        return answers[host]

    return resolve


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.7"], ["93.184.215.14", "192.168.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
     ["100.64.1.1"], ["169.254.169.254"], ["0.0.0.0"]],
)  # fmt: skip
def test_a_name_that_leads_to_any_private_address_is_refused_when_the_socket_opens(addresses: list[str]) -> None:
    fetch = HttpFetcher(Settings(fetch_proxy=""), resolving({"rebind.example": addresses}))
    with pytest.raises(AddressRefused, match="private network"):
        fetch.fetch("https://rebind.example/")


def test_a_name_without_an_address_is_no_host() -> None:
    with pytest.raises(PageUnavailable, match="no such host"):
        HttpFetcher(Settings(fetch_proxy=""), resolving({})).fetch("https://nowhere.example/")


def test_dns_is_asked_once_and_its_answer_is_the_address_connected_to(site: str) -> None:
    host, port = site.split(":")
    asked: list[str] = []
    answers = iter([[host], ["10.0.0.1"]])

    def changing(name: str, _port: int) -> list[str]:
        asked.append(name)
        return next(answers)

    settings = Settings(fetch_hosts=(f"changing.example:{port}",), fetch_proxy="")
    page = HttpFetcher(settings, changing).fetch(f"http://changing.example:{port}/page")
    assert page.content == HTML
    assert asked == ["changing.example"]


def test_every_redirect_is_resolved_and_checked_again(site: str) -> None:
    host, port = site.split(":")
    settings = Settings(fetch_hosts=(f"first.example:{port}",), fetch_proxy="")
    fetch = HttpFetcher(settings, resolving({"first.example": [host], "second.example": ["10.0.0.1"]}))
    with pytest.raises(AddressRefused):
        fetch.fetch(f"http://first.example:{port}/to?to=http://second.example/")


def test_no_redirect_leads_to_a_private_host_however_it_is_spelled(site: str, private_host: str) -> None:
    host, port = site.split(":")
    asked: list[str] = []
    settings = Settings(fetch_hosts=(f"first.example:{port}",), fetch_proxy="", fetch_seconds=5)
    fetch = HttpFetcher(settings, resolving({"first.example": [host]}, asked))
    for where in (f"http://{private_host}/", f"//{private_host}/x"):
        with pytest.raises(PageUnavailable):
            fetch.fetch(f"http://first.example:{port}/away?to={quote(where, safe='')}")
    assert set(asked) == {"first.example"}, "no name server is asked either"


def test_a_slow_name_server_does_not_hold_the_check() -> None:
    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(2)
        return ["93.184.215.14"]

    started = time.monotonic()
    with pytest.raises(PageTooSlow):
        HttpFetcher(Settings(fetch_seconds=1, fetch_proxy=""), slow).fetch("https://slow.example/")
    assert time.monotonic() - started < 1.8


def test_a_certificate_that_nobody_signed_is_not_trusted(site: str) -> None:
    with pytest.raises(PageUnavailable):
        fetcher(site).fetch(f"https://{site}/")


def test_a_missing_ca_bundle_names_its_setting(site: str) -> None:
    with pytest.raises(PageUnavailable, match="GEGENCHECK_CA_BUNDLE"):
        fetcher(site, ca_bundle="/nowhere/ca.pem").fetch(f"https://{site}/")


# ---------------------------------------------------------------- proxy, downloads, supplied pages


def test_through_a_proxy_the_request_goes_to_the_proxy_and_private_hosts_are_still_refused(site: str) -> None:
    fetch = HttpFetcher(Settings(fetch_proxy=f"http://{site}", fetch_seconds=5))
    assert fetch.fetch("http://public.example/page").content == HTML
    for private in ("http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/", "http://[::1]/"):
        with pytest.raises(AddressRefused):
            fetch.fetch(private)


def test_a_download_takes_any_type_under_the_same_rules(site: str) -> None:
    download = fetcher(site).download(f"http://{site}/image")
    assert (download.content, download.content_type) == (b"\x89PNG", "image/png")
    with pytest.raises(PageTooLarge):
        fetcher(site).download(f"http://{site}/page", max_bytes=10)
    with pytest.raises(AddressRefused):
        fetcher(site).download("http://127.0.0.1:1/")


def test_a_supplied_page_is_never_taken_for_a_fetched_one() -> None:
    page = supplied_page("<p>x", "https://bank.example/")
    assert not page.fetched
    assert page.url == "https://bank.example/"
