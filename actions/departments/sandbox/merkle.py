"""A Merkle tree after RFC 6962: an append-only list whose every entry can be proved with a few hashes."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of all entries, in order."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node(root(leaves[:split]), root(leaves[split:]))


def inclusion(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes that lead from the entry at `position` to the root, nearest first."""
    if not 0 <= position < len(leaves):
        raise IndexError(position)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if position < split:
        return [*inclusion(leaves[:split], position), root(leaves[split:])]
    return [*inclusion(leaves[split:], position - split), root(leaves[:split])]


def included(entry: bytes, position: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Whether the proof shows that this leaf hash stands at `position` of the `size` entries under `head`."""
    if not 0 <= position < size:
        return False
    sides = _sides(position, size)
    if len(sides) != len(proof):
        return False
    found = entry
    for is_left, other in zip(sides, proof, strict=True):
        found = node(found, other) if is_left else node(other, found)
    return found == head


def _sides(position: int, size: int) -> list[bool]:
    """At each level from the leaf up, whether we are the left one."""
    if size == 1:
        return []
    split = _split(size)
    if position < split:
        return [*_sides(position, split), True]
    return [*_sides(position - split, size - split), False]


def _split(size: int) -> int:
    """The greatest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
