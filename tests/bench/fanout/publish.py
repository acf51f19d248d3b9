"""`publish.py PORT MESSAGES RATE`: what nchan is given to send on; on SIGUSR1 it posts so many stamped messages, as peers.py sends them."""

from __future__ import annotations

import signal
import socket
import sys
import time

HEAD = b"POST /pub HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 48\r\n\r\n"


def main(port: int, messages: int, rate: int) -> None:
    """Until it is killed."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    with socket.create_connection(("127.0.0.1", port)) as channel:
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        signal.sigwait({signal.SIGUSR1})
        first = time.monotonic_ns() + 50_000_000
        for n in range(messages):
            due = first + n * 10**9 // rate
            time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
            channel.sendall(HEAD + (b"ts:%019d" % min(due, time.monotonic_ns())).ljust(48, b"."))
            channel.recv(65536)
        signal.sigwait({signal.SIGTERM})


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
