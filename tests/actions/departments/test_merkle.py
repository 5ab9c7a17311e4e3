"""The log proves what it holds and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from actions.departments.sandbox import merkle

ENTRIES = st.lists(st.binary(max_size=40), min_size=1, max_size=40)


@given(ENTRIES, st.data())
def test_every_entry_is_proved_under_the_root(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [merkle.leaf(entry) for entry in entries]
    position = data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle.inclusion(leaves, position)
    assert len(proof) <= max(1, (len(leaves) - 1).bit_length())
    assert merkle.included(leaves[position], position, len(leaves), proof, merkle.root(leaves))


@given(ENTRIES, st.binary(max_size=40), st.data())
def test_another_entry_is_not_proved_at_that_place(entries: list[bytes], other: bytes, data: st.DataObject) -> None:
    leaves = [merkle.leaf(entry) for entry in entries]
    position = data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle.inclusion(leaves, position)
    proved = merkle.included(merkle.leaf(other), position, len(leaves), proof, merkle.root(leaves))
    assert proved == (other == entries[position])


@given(ENTRIES, st.data())
def test_changing_any_entry_changes_the_root(entries: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:position], entries[position] + b"x", *entries[position + 1 :]]
    assert merkle.root([merkle.leaf(e) for e in entries]) != merkle.root([merkle.leaf(e) for e in changed])


@given(ENTRIES)
def test_a_cut_proof_proves_nothing(entries: list[bytes]) -> None:
    leaves = [merkle.leaf(entry) for entry in [*entries, b"last"]]
    proof = merkle.inclusion(leaves, 0)
    assert not merkle.included(leaves[0], 0, len(leaves), proof[:-1], merkle.root(leaves))
    assert not merkle.included(leaves[0], len(leaves), len(leaves), proof, merkle.root(leaves))


def test_the_root_of_known_entries_is_the_published_one() -> None:
    """Test vectors of the certificate transparency implementations of RFC 6962."""
    entries = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    ]
    leaves = [merkle.leaf(entry) for entry in entries]
    assert [merkle.root(leaves[: size + 1]).hex() for size in range(6)] == roots
