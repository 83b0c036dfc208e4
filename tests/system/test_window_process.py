"""The window as a process of its own: it starts, says when, ends with exit code 0, and draws the same picture twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from playground.cli import main
from playground.cli_commands import window
from playground.cli_commands.errors import CommandError, UsageError
from playground.cli_commands.render import PAGES, Studio
from playground.engine import learning
from playground.experiment import Experiment, TrainingSettings
from playground.ui.asking import Asking

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0


def start(arguments: list[str], folder: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "playground", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PLAYGROUND_SETTINGS": str(folder / "settings"),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(what: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def report(path: Path) -> dict[str, float]:
    try:
        read: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return read


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to another process")
@pytest.mark.parametrize(
    ("number", "moment"),
    [(signal.SIGINT, "first_paint_seconds"), (signal.SIGTERM, "engine_ready_seconds")],
)
def test_starts_reports_and_ends_in_order(number: signal.Signals, moment: str, tmp_path: Path) -> None:
    told = tmp_path / "start.json"
    process = start([], tmp_path, PLAYGROUND_STARTUP_REPORT=str(told))
    wait_until(lambda: moment in report(told), process)
    process.send_signal(number)
    out, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, errors
    assert (out, errors) == ("", "")
    times = report(told)
    assert 0 < times["first_paint_seconds"] <= times.get("engine_ready_seconds", 1e9)
    assert json.loads((tmp_path / "settings/settings.json").read_text(encoding="utf-8"))["page"] == "train"
    assert not (tmp_path / "settings/problems.log").exists()


DRAW = """
import sys
from playground.cli import main

for page in sys.argv[1:]:
    code = main(["render", page, page + ".png", "--updates", "2", "--size", "1280x720", "--timestep", "4"])
    assert code == 0, page
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """Every page drawn by two processes, which begin at either end: so what was drawn before makes no difference."""
    processes, folders = [], []
    for pages in (PAGES, PAGES[::-1]):
        folder = tmp_path_factory.mktemp("pictures")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYGROUND_SETTINGS": str(folder / "settings")}
        folders.append(folder)
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", DRAW, *pages],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    for process in processes:
        said, _ = process.communicate(timeout=2 * PATIENCE_SECONDS)
        assert (process.returncode, said) == (0, "")
    return [{page: (folder / f"{page}.png").read_bytes() for page in PAGES} for folder in folders]


@pytest.mark.parametrize("page", PAGES)
def test_the_same_arguments_draw_the_same_picture(page: str, pictures: list[dict[str, bytes]]) -> None:
    one, two = (each[page] for each in pictures)
    assert one == two
    assert one.startswith(b"\x89PNG")
    assert len(set(pictures[0].values())) == len(PAGES)


def test_the_command_draws_a_picture_in_a_process_of_its_own(
    tmp_path: Path, pictures: list[dict[str, bytes]]
) -> None:
    arguments = ["render", PAGES[0], "one.png", "--updates", "2", "--size", "1280x720", "--timestep", "4"]
    process = start(arguments, tmp_path)
    out, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, out, errors) == (0, "", "")
    assert (tmp_path / "one.png").read_bytes() == pictures[0][PAGES[0]]


@pytest.mark.usefixtures("qapp")
class TestStudio:
    def test_every_argument_changes_the_picture(self, tmp_path: Path) -> None:
        usual: dict[str, object] = {"size": (1280, 720)}
        others: list[dict[str, object]] = [
            {},
            {"size": (1440, 900)},
            {"experiment": Experiment(training=TrainingSettings(seed=7))},
            {"theme": "dark"},
            {"vocabulary": "textbook"},
        ]
        pictures = []
        for number, other in enumerate(others):
            out = tmp_path / f"{number}.png"
            with Studio(**{**usual, **other}) as studio:  # type: ignore[arg-type]
                studio.train(2)
                studio.draw("train", out)
            pictures.append(out.read_bytes())
        assert len(set(pictures)) == len(others)

    def test_what_is_asked_again_and_again_is_asked_about_the_end(self, tmp_path: Path) -> None:
        with Studio(experiment=Experiment.of_task("names"), page="generate") as studio:
            studio.train(2)
            studio.draw("generate", tmp_path / "generate.png")
            asking = studio.window.findChildren(Asking)
            assert asking
            assert all(2 in each.about for each in asking if each.about is not None)  # type: ignore[operator]

    def test_updates_timestep_and_lecture(self, tmp_path: Path) -> None:
        with Studio(size=(1280, 720)) as studio:
            for number, (updates, timestep, lecture) in enumerate(
                [(0, 1, False), (2, 1, False), (0, 2, False), (0, 2, True)]
            ):
                studio.train(updates)
                studio.draw("train", tmp_path / f"{number}.png", timestep=timestep, lecture=lecture)
            assert studio.window.monitor.snapshot.update == 2
            assert "a second" not in studio.window.top_bar.facts.text
        assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 4

    def test_a_timestep_that_is_not_there(self, tmp_path: Path) -> None:
        with Studio() as studio, pytest.raises(UsageError, match="has 10 timesteps: there is no timestep 11"):
            studio.draw("train", tmp_path / "x.png", timestep=11)

    def test_a_picture_that_cannot_be_written(self, tmp_path: Path) -> None:
        with Studio() as studio, pytest.raises(CommandError, match="could not be written"):
            studio.draw("train", tmp_path / "nowhere" / "x.png")


def test_a_window_too_small_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "train", str(tmp_path / "x.png"), "--size", "800x600"]) == 2
    assert "needs a size from 1024x700" in capsys.readouterr().err


@pytest.mark.usefixtures("qapp")
def test_without_a_display_it_trains_and_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLAYGROUND_STARTUP_REPORT", raising=False)
    monkeypatch.setattr(learning, "FRESH_SEQUENCES", 64)
    monkeypatch.setattr(window, "TOUR_UPDATES", 2)
    monkeypatch.setattr(window, "TOUR_SIZE", (1280, 720))
    assert main(["window"]) == 0
    said = capsys.readouterr()
    assert "So there is no window: training here instead" in said.err
    assert "LSTM" in said.out
    names = sorted(path.name for path in (tmp_path / "playground-tour").iterdir())
    assert names == ["memory.png", "step.png", "train.png"]
    for name in names:
        assert str(Path("playground-tour", name)) in said.out


def test_a_tour_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    in_the_way = tmp_path / "playground-tour"
    in_the_way.write_text("a file", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be made"):
        window.draw_tour(in_the_way, 2, (1280, 720))


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from playground.app import build_window, make_application\n"
        "application = make_application()\n"
        "window = build_window(None)\n"
        "painted = []\n"
        "window.first_painted.connect(lambda: painted.append(set(sys.modules)))\n"
        "window.show()\n"
        "while not painted: application.processEvents()\n"
        "heavy = {'torch', 'pyqtgraph', 'qtawesome', 'ziamath', 'numpy.random', 'playground.runner', "
        "'playground.ui.pages.step', 'playground.ui.pages.memory', 'playground.ui.command_palette'}\n"
        "print(sorted(heavy & painted[0]))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYGROUND_SETTINGS": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
