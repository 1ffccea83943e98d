// What a person meant by an address or a site, and what becomes of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hostPattern, isOnSite, readAddress, readSite, safeLink, sitePattern } from "../../../../extension/settings/addresses.js";

test("an address is read as people write it", () => {
  for (const [written, meant] of [
    ["http://127.0.0.1:8000", "http://127.0.0.1:8000"],
    ["  127.0.0.1:8000/ ", "http://127.0.0.1:8000"],
    ["localhost:9000/checks", "http://localhost:9000"],
    ["[::1]:8000", "http://[::1]:8000"],
    ["check.example.org", "https://check.example.org"],
    ["HTTPS://Check.Example.org:443/a?b#c", "https://check.example.org"],
    ["http://check.example.org:80", "http://check.example.org"],
    ["prüfen.example", "https://xn--prfen-lva.example"],
  ]) assert.equal(readAddress(written), meant, written);
});

test("what is no address of a service is refused", () => {
  for (const written of ["", " ", "ftp://example.org", "file:///etc/passwd", "javascript://x", "https://user@example.org", "https://user:word@example.org", "two words", "http://", "https://exa mple.org", "http://a_b!c.example"]) {
    assert.throws(() => readAddress(written), TypeError, written);
  }
});

test("a site is a host without www", () => {
  assert.equal(readSite("https://www.example.social/home"), "example.social");
  assert.equal(readSite("example.social"), "example.social");
  assert.equal(readSite("news.www.example"), "news.www.example");
  assert.throws(() => readSite("two words"), TypeError);
});

test("a site's pattern takes in what lies below it, but for addresses by number and this machine", () => {
  assert.equal(sitePattern("example.social"), "*://*.example.social/*");
  for (const site of ["127.0.0.1", "[::1]", "localhost"]) assert.equal(sitePattern(site), `*://${site}/*`);
});

test("only the site itself and what lies below it is on it", () => {
  for (const [url, on] of [
    ["https://example.social/a", true],
    ["https://m.example.social:8443/a", true],
    ["https://badexample.social/", false],
    ["https://example.social.evil.example/", false],
    ["https://other.example/?next=example.social", false],
  ]) assert.equal(isOnSite(url, "example.social"), on, url);
});

test("permission is asked for one host, whatever its port", () => {
  assert.equal(hostPattern("http://127.0.0.1:8000"), "http://127.0.0.1/*");
  assert.equal(hostPattern("https://check.example.org"), "https://check.example.org/*");
});

test("only addresses of the web become links", () => {
  assert.equal(safeLink("https://checks.example/a"), "https://checks.example/a");
  for (const url of ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//checks.example/a", "checks.example", "", "file:///etc/passwd"]) assert.equal(safeLink(url), null, url);
});
