"""Decode strangers' audio in a process that may be killed: one worker per thread that asks, started when first needed.

The worker has a limit on its memory; a file that crashes it, or keeps it busy past the time-out, is corrupt, and the
next file gets a new worker.
"""

from __future__ import annotations

import atexit
import os
import resource
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from voice.audio import MAX_BYTES, RATE, Samples, decode_trusted
from voice.errors import Reason, Unheard

MEMORY = 2 * 1024**3
WARM_UP_SECONDS = 30.0


class Worker:
    """The process and our end of the line to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "voice.guard", str(theirs.fileno())]
        self.process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env={**os.environ, "PYTHONPATH": path}, stdin=subprocess.DEVNULL
        )
        theirs.close()
        self.line = Connection(ours.detach())
        atexit.register(self.stop)
        if not self.line.poll(WARM_UP_SECONDS):
            self.stop()
            raise Unheard(Reason.BUSY)
        self.line.recv_bytes()

    def ask(self, content: bytes, timeout: float) -> Samples:
        """Send a file, get samples; any silence or broken line is corrupt."""
        try:
            self.line.send_bytes(content)
            if not self.line.poll(timeout):
                raise EOFError
            answer = self.line.recv_bytes()
        except (EOFError, OSError) as fault:
            self.stop()
            raise Unheard(Reason.CORRUPT) from fault
        if answer[:1] == b"!":
            raise Unheard(answer[1:].decode())
        return np.frombuffer(answer, np.float32, offset=4).copy()

    def stop(self) -> None:
        """Kill the process and close the line; harmless when done twice."""
        self.process.kill()
        self.process.wait()
        self.line.close()
        atexit.unregister(self.stop)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self.process.poll() is None and not self.line.closed


_here = threading.local()


def guarded_decode(content: bytes, timeout: float) -> Samples:
    """Decode in this thread's worker."""
    worker: Worker | None = getattr(_here, "worker", None)
    if worker is None or not worker.alive:
        worker = _here.worker = Worker()
    return worker.ask(content, timeout)


def answer(content: bytes) -> bytes:
    """Four bytes and float32 samples, or `!` and a reason."""
    try:
        return b"f32:" + decode_trusted(content).astype(np.float32).tobytes()
    except Unheard as fault:
        return b"!" + fault.reason.encode()


def serve(descriptor: int) -> None:
    """Answer files until the line closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    line = Connection(descriptor)
    line.send_bytes(str(RATE).encode())
    while True:
        try:
            line.send_bytes(answer(line.recv_bytes(MAX_BYTES)))
        except EOFError:
            return


if __name__ == "__main__":
    serve(int(sys.argv[1]))
