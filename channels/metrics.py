"""Prometheus counters of one gateway; no label says anything about a citizen."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """One registry per gateway, so that several can live in one process (tests)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("mitra_turns", "Turns done", ["channel", "kind"], registry=self.registry)
        self.turn_seconds = Histogram(
            "mitra_turn_seconds",
            "From taking a message to its last reply",
            ["channel"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.stage_seconds = Histogram(
            "mitra_stage_seconds", "One stage of a turn", ["stage"], buckets=SECONDS, registry=self.registry
        )
        self.acknowledge_seconds = Histogram(
            "mitra_acknowledge_seconds", "From a webhook to its 200", buckets=SECONDS, registry=self.registry
        )
        self.failures = Counter("mitra_failures", "What went wrong, by kind", ["kind"], registry=self.registry)
        self.running = Gauge("mitra_turns_running", "Turns at work now", registry=self.registry)

    def text(self) -> bytes:
        return generate_latest(self.registry)
