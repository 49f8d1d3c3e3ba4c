"""The keys derived from the installation's one secret."""

from dataclasses import astuple

from gateway.derived_keys import derive_keys


def test_each_purpose_has_its_own_key() -> None:
    """No two keys are the same, none is the secret, and the same secret gives the same keys."""
    secret = b"s" * 32
    keys = astuple(derive_keys(secret))

    assert len(set(keys)) == len(keys)
    assert secret not in keys
    assert all(len(key) == 32 for key in keys)
    assert keys == astuple(derive_keys(secret))
    assert not set(keys) & set(astuple(derive_keys(b"t" * 32)))


def test_keys_stay_out_of_what_is_printed() -> None:
    """A representation that ends in a log shows none of them."""
    keys = derive_keys(b"s" * 32)
    assert not any(repr(key) in repr(keys) for key in astuple(keys))
