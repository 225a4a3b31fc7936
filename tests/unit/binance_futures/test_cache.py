"""What is kept on a computer can be seen and freed."""

import pytest


def test_the_cache_says_what_it_keeps_and_can_be_cleared(cache, site):
    import binance_futures as bf

    assert bf.cache.status()["objects"] == 0
    bf.connect(site=str(site)).close()
    kept = bf.cache.status()
    assert kept["objects"] > 10
    assert kept["bytes"] == sum(path.stat().st_size for path in cache.rglob("*.parquet"))
    bf.cache.clear()
    assert bf.cache.status()["bytes"] == 0


def test_a_budget_is_for_browsers():
    import binance_futures as bf

    with pytest.raises(NotImplementedError, match="has no budget"):
        bf.cache.set_budget(1)
