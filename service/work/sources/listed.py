"""Sources that list addresses: feeds and sitemaps, and what is behind them, read one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from service.errors import CheckFault, PageUnavailable
from service.pipeline.fact_checks import read_reviews_of
from service.pipeline.listings import Entry, Listing, read_feed, read_sitemap
from service.pipeline.polite import Fetched, Known, SiteAsksToWait
from service.store.source_documents import MAX_DOCUMENTS, Document
from service.work.sources.visit import Visit

MAX_IN_A_ROW = 5  # articles that cannot be read: then the site is left alone until the next run
MAX_LISTS = 500  # lists that one run reads: they may lead to ever more lists
PAGES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
LISTS = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"

ReadList = Callable[[bytes, str, str], Listing]  # of content, type and address
ReadArticle = Callable[[Visit, Document, Fetched], int]  # returns how many reviews were there


class SourceMoved(PageUnavailable):
    """The source says that it has moved to another site for good."""

    code = "source-moved"


def read_feed_source(visit: Visit) -> None:
    """Read a feed and the articles that are new in it."""
    read_listed(visit, visit.plan.address, read_feed)


def read_sitemap_source(visit: Visit) -> None:
    """Read a sitemap, those below it, and the pages that are new in them."""
    read_listed(visit, visit.plan.address, read_sitemap)


def take_markup(visit: Visit, _document: Document, fetched: Fetched) -> int:
    """Take the reviews in the markup of an article."""
    return visit.take(visit.application.reader.read(read_reviews_of, fetched.page()))


def read_listed(visit: Visit, root: str, read_list: ReadList, read_article: ReadArticle = take_markup) -> None:
    """Read the list at `root`, and then what is to be read of all that the source ever listed, the newest first.

    Raises SliceOver, SiteAsksToWait; CheckFault where the list itself, or one article after the other, cannot be read.
    """
    documents, number, failed = visit.application.sources.documents, visit.run.number, 0
    documents.enter_root(visit.source.id, root, number)
    if is_looked_through(visit):
        documents.try_again(visit.source.id, number)
    lists = documents.lists_tried(visit.source.id, number)
    while (document := documents.next(visit.source.id, number, lists=lists < MAX_LISTS)) is not None:
        lists += document.is_list
        if lists == MAX_LISTS:
            visit.say(f"{MAX_LISTS} lists were read: further ones wait for the next runs")
        if not document.is_list and visit.run.tally.pages + visit.run.tally.failed_pages >= visit.plan.most_pages:
            visit.say(f"{documents.waiting(visit.source.id)} further articles wait for the next runs")
            return
        visit.go_on()
        try:
            read_document(visit, document, read_list, read_article)
        except SiteAsksToWait:
            raise
        except CheckFault as fault:
            documents.note_failure(visit.source.id, document, number)
            failed += 1
            if document.address == root or failed >= MAX_IN_A_ROW:
                raise
            visit.count(failed_pages=1)
            visit.say(f"{fault.code}: {fault}")
        else:
            failed = 0
        visit.keep()


def read_document(visit: Visit, document: Document, read_list: ReadList, read_article: ReadArticle) -> None:
    """Read a list or an article, where it has changed. Raises CheckFault."""
    accept = LISTS if document.is_list else PAGES
    before = None if is_looked_through(visit) else Known(document.etag, document.last_modified)
    fetched = visit.fetch(document.address, before, accept)
    known: tuple[str | None, str | None] | None = (fetched.known.etag, fetched.known.last_modified)
    if document.is_list:
        follow_move(visit, document, fetched)
    if not fetched.changed:
        known = None
        visit.count(**({} if document.is_list else {"pages": 1, "unchanged_pages": 1}))
    elif document.is_list:
        listing: Listing = visit.application.reader.read(read_list, fetched.content, fetched.content_type, fetched.url)
        enter_listed(visit, listing.entries)
        if not listing.entries:
            visit.say("the list is empty")
        if not listing.whole:
            visit.say("the list is damaged or cut off: what could be read of it was")
            known = (None, None)
    else:
        if not visit.hosts.holds(fetched.url):
            raise PageUnavailable("The article leads to another site, which is not on the allowlist.")
        found = read_article(visit, document, fetched)
        visit.count(pages=1, unmarked_pages=0 if found else 1)
    visit.application.sources.documents.note_read(visit.source.id, document, visit.run.number, known)


def is_looked_through(visit: Visit) -> bool:
    """Whether a run asks for all of what its turn is, not only for what changed, and for what could not be read.

    Once a week: some sites say "unchanged" always, and some are down for a day.
    """
    read_at, began = visit.source.succeeded_at, visit.source.created_at
    return read_at is not None and (read_at - began).days // 7 < (visit.run.started_at - began).days // 7


def enter_listed(visit: Visit, entries: Iterable[Entry]) -> None:
    """Enter what a list names, where its publisher counts."""
    documents, wanted, further = visit.application.sources.documents, [], []
    for entry in entries:
        row = (entry.address, entry.mark, entry.is_list, entry.said)
        if not visit.hosts.holds(entry.address):
            visit.unvet(entry.address)
        elif entry.follows:
            further.append(row)
        elif entry.is_list or not visit.plan.path or visit.plan.path in entry.address:
            wanted.append(row)
    if documents.enter(visit.source.id, wanted):
        documents.enter(visit.source.id, further)
    if (wanted or further) and not documents.room(visit.source.id):
        visit.say(f"the lists name more than {MAX_DOCUMENTS:,} addresses: name a shorter list, or a `path`")


def follow_move(visit: Visit, document: Document, fetched: Fetched) -> None:
    """Note where the source's own list has moved to for good. Raises SourceMoved where that is another site."""
    if fetched.moved_to is None or document.address != visit.plan.address:
        return
    if not visit.hosts.holds(fetched.moved_to):
        raise SourceMoved(
            f"The source has moved to another site: {fetched.moved_to[:200]}. If that is the publisher's, "
            "change the source's address."
        )
    visit.say(f"the list has moved to {fetched.moved_to[:200]}, which is its address from now on")
    moved = replace(visit.plan, address=fetched.moved_to)
    visit.application.sources.change(visit.source.id, moved)
