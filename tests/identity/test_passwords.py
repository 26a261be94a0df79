"""How expensive guessing is."""

from __future__ import annotations

from argon2 import PasswordHasher

from identity import passwords


def test_hashes_are_argon2id_with_at_least_the_parameters_of_the_rfc() -> None:
    hasher = PasswordHasher()
    assert hasher.type.name == "ID"
    assert hasher.memory_cost >= 65536
    assert hasher.time_cost >= 3


def test_a_hash_with_other_parameters_is_outdated() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    assert passwords.is_outdated(weaker.hash("x"))
    assert not passwords.is_outdated(passwords.hash_password("x"))
