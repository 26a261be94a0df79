"""A small HTTP client for measuring: some connections that stay open, each asking again as soon as it was answered."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True)
class Outcome:
    """What one round gave."""

    milliseconds: list[float]
    """Of each request."""
    seconds: float
    """Of the whole round."""
    bytes_each: int
    """Of the body."""

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds


def hammer(port: int, path: str, *, requests: int, headers: str = "") -> Outcome:
    """Ask the same address many times over loopback. Every answer must be 200 and of the same length."""
    return asyncio.run(_round(port, path, requests, headers))


async def _round(port: int, path: str, requests: int, headers: str) -> Outcome:
    question = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: keep-alive\r\n{headers}\r\n".encode()
    left = iter(range(requests))
    took: list[float] = []
    sizes: set[int] = set()

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in left:
            begun = time.perf_counter()
            writer.write(question)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head[:200]
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            sizes.add(len(await reader.readexactly(int(length.partition(b":")[2]))))
            took.append((time.perf_counter() - begun) * 1000)
            if b"connection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    seconds = time.perf_counter() - begun
    assert len(sizes) == 1, sizes
    return Outcome(took, seconds, sizes.pop())
