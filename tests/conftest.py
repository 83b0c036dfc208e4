"""What every test can rely on: no screen, one torch thread, settings of its own, the same examples, and silence.

Silence: a Python warning, a Qt message or a log line of WARNING or above fails the test that caused it. A test that
means to log says so with `@pytest.mark.expects_log("regular expression")`.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Before numpy, torch or Qt are imported anywhere, and inherited by the processes that tests start.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("PLAYGROUND_TEST_PLATFORM", "offscreen")
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"
os.environ.pop("PLAYGROUND_DEBUG", None)
_HOME = tempfile.mkdtemp(prefix="sequence-playground-tests-")
os.environ["PLAYGROUND_SETTINGS"] = str(Path(_HOME, "settings"))
os.environ["XDG_CONFIG_HOME"] = str(Path(_HOME, "config"))
os.environ["XDG_CACHE_HOME"] = str(Path(_HOME, "cache"))
os.environ["PLAYGROUND_PATH"] = "reference"  # whatever is compiled here; tests of the fast path ask for it
os.environ.pop("PLAYGROUND_CACHE", None)
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from tests.garbage import GarbageBetweenTests  # noqa: E402
from tests.leaks import LeakWatch, started  # noqa: E402

TESTS = Path(__file__).parent
WATCHED_FOLDERS = (TESTS / "ui", TESTS / "runner")


# The same examples everywhere and each time; how long one takes says something about the machine, not about us.
settings.register_profile(
    "everywhere", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("everywhere")

garbage = GarbageBetweenTests()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "expects_log(pattern): log lines of WARNING or above that match are meant"
    )
    config.addinivalue_line("markers", "watch_leaks: fail when threads, timers or windows are left behind")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(folder in item.path.parents for folder in WATCHED_FOLDERS):
            item.add_marker("watch_leaks")


def pytest_sessionfinish() -> None:
    garbage.end()


@pytest.fixture(autouse=True)
def _garbage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collects cyclic garbage in this thread, between tests, as soon as Qt is there: see tests/garbage.py."""
    garbage.before(with_qt="qapp" in request.fixturenames or "qtbot" in request.fixturenames)
    yield
    garbage.after()


@pytest.fixture(autouse=True)
def _no_leaks(request: pytest.FixtureRequest, _garbage: None) -> Iterator[None]:
    """Fails a test that leaves something behind. Asked for first, it is torn down last: after qtbot has closed all."""
    if request.node.get_closest_marker("watch_leaks") is None:
        yield
        return
    if "qapp" in request.fixturenames or "qtbot" in request.fixturenames:
        started.watch()
    watch = LeakWatch()
    yield
    leaks = watch.leaks()
    if leaks:
        pytest.fail("This test left something behind. " + " ".join(leaks), pytrace=False)


@pytest.fixture(autouse=True)
def _silence(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test that logs a warning or worse without saying so."""
    yield
    expected = [marker.args[0] for marker in request.node.iter_markers("expects_log")]
    loud = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= 30]
    unexpected = [text for text in loud if not any(re.search(pattern, text) for pattern in expected)]
    if unexpected:
        pytest.fail("This test logged: " + " | ".join(unexpected), pytrace=False)
    missing = [pattern for pattern in expected if not any(re.search(pattern, text) for text in loud)]
    if missing:
        pytest.fail("This test was to log: " + " | ".join(missing), pytrace=False)


@pytest.fixture(autouse=True)
def _plain_arithmetic() -> Iterator[None]:
    """Training takes tiny numbers as zero in its thread; a test that trains in this one must not leave it so."""
    yield
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_flush_denormal(False)


@pytest.fixture
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty settings folder for this test alone."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("PLAYGROUND_SETTINGS", str(folder))
    return folder
