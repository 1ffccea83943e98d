"""Silence, told by heartbeats and steady time alone."""

from __future__ import annotations

from service.store.leases import LEASE_SECONDS, LOOK_SECONDS, Lease, SilenceWatch

LEASE = Lease(number=7, attempts=1, beats=3)


def test_a_lease_that_never_changes_is_silent_after_its_time() -> None:
    watch = SilenceWatch()
    assert watch.look(100, [LEASE]) == []
    assert watch.look(100 + LEASE_SECONDS - 0.1, [LEASE]) == []
    assert watch.look(100 + LEASE_SECONDS, [LEASE]) == [LEASE]


def test_a_beat_or_another_claim_begins_the_time_anew() -> None:
    watch = SilenceWatch()
    for lease in (LEASE, Lease(7, 1, 4), Lease(7, 2, 4)):
        watch.look(100, [LEASE])
        assert watch.look(100 + LEASE_SECONDS, [lease]) == ([LEASE] if lease == LEASE else [])


def test_a_job_that_was_free_in_between_is_seen_anew() -> None:
    watch = SilenceWatch()
    watch.look(100, [LEASE])
    watch.look(101, [])
    assert watch.look(100 + LEASE_SECONDS, [LEASE]) == []


def test_it_looks_now_and_then() -> None:
    watch = SilenceWatch()
    assert watch.is_due(100)
    assert not watch.is_due(100 + LOOK_SECONDS - 0.1)
    assert watch.is_due(100 + LOOK_SECONDS)
