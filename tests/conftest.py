"""The stores that tests run on: each is started once a run and emptied before each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stores import DURABLE, embedded_store, flush, redis_server, store_process


@pytest.fixture(scope="session")
def valkey_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of our embedded Valkey, for the whole run."""
    with embedded_store(tmp_path_factory.mktemp("data")) as url:
        yield url


@pytest.fixture(scope="session")
def redis_session() -> Iterator[str]:
    """URL of Debian's redis-server, for the whole run."""
    with store_process(redis_server(), *DURABLE) as url:
        yield url


@pytest.fixture
def valkey_url(valkey_session: str) -> str:
    """URL of our embedded Valkey, empty."""
    flush(valkey_session)
    return valkey_session


@pytest.fixture
def redis_url(redis_session: str) -> str:
    """URL of Debian's redis-server, empty and durable."""
    flush(redis_session)
    return redis_session


@pytest.fixture(params=["valkey", "redis"])
def store_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty, durable store: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
