"""The tests that share something expensive run in one process."""

import pytest


def test_pytest_xdist_knows_the_groups(request: pytest.FixtureRequest) -> None:
    """Groups that are lost cost minutes without a word: what they share is made twice."""
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("this run has one process")
    assert [item.nodeid for item in request.session.items if "@" not in item.nodeid] == []
