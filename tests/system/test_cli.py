"""The command line: every complaint is one sentence on stderr, and nothing heavy is imported to say it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground import __version__, cli
from playground.cli_commands import doctor, errors, render, train
from playground.cli_commands.parser import SentenceParser, new_png, one_of, picture_size, whole_number
from playground.experiment import DEFAULT_SEED, TASK_SETTINGS, ExperimentError, default_networks
from playground.tasks import TASKS


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "playground", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def parse(*arguments: str) -> argparse.Namespace:
    parser, _ = cli.build_parser(arguments[0])
    return parser.parse_args(arguments)


def test_help_names_every_command_and_imports_neither_qt_nor_torch() -> None:
    program = (
        "import sys\n"
        "from playground.cli import COMMANDS, main\n"
        "assert main(['--help']) == 0\n"
        "for command in COMMANDS:\n"
        "    assert main([command.name, '--help']) == 0\n"
        "heavy = {'torch', 'PySide6', 'pyqtgraph', 'rich', 'ziamath'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(command.name in done.stdout for command in cli.COMMANDS)


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"Sequence Playground {__version__}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trian"], "There is no command 'trian'; did you mean 'train'?"),
        (["--foo"], "There is no option '--foo'"),
        (["train"], "TASK is missing"),
        (["train", "nature-shwo"], "There is no task 'nature-shwo'; did you mean 'nature-show'?"),
        (["train", "zzz"], f"There is no task 'zzz'; there is: {', '.join(TASK_SETTINGS)}."),
        (["train", "nature-show", "extra"], "'extra' is one word too many"),
        (["train", "nature-show", "--network", "LSTN"], "There is no network 'LSTN'; did you mean 'lstm'?"),
        (
            ["train", "nature-show", "--updatse", "4"],
            "There is no option '--updatse'; did you mean '--updates'?",
        ),
        (["train", "nature-show", "--updates"], "--updates needs a value"),
        (
            ["train", "nature-show", "--updates", "0"],
            "--updates needs a whole number from 1 to 1,000,000, not '0'.",
        ),
        (["train", "nature-show", "--updates", "2.5"], "--updates needs a whole number"),
        (
            ["train", "nature-show", "--seeds", "many"],
            "--seeds needs a whole number from 1 to 1,000, not 'many'.",
        ),
        (
            ["train", "nature-show", "--flowers", "61"],
            "--flowers needs a whole number from 0 to 60, not '61'.",
        ),
        (["render"], "PAGE, OUT.png is missing"),
        (["render", "memry", "x.png"], "There is no page 'memry'; did you mean 'memory'?"),
        (
            ["render", "memory", "x.jpg"],
            "The picture is written as PNG: name a file like picture.png, not 'x.jpg'.",
        ),
        (["render", "memory", "no/such/x.png"], "The folder 'no/such' does not exist"),
        (
            ["render", "memory", "x.png", "--size", "big"],
            "--size needs width x height in pixels, like 1600x900",
        ),
        (["render", "memory", "x.png", "--size", "10x10"], "--size needs a size from 1024x700"),
        (["render", "memory", "x.png", "--theme", "drak"], "There is no theme 'drak'; did you mean 'dark'?"),
        (["render", "memory", "x.png", "--vocabulary", "book"], "There is no vocabulary 'book'; "),
        (["render", "memory", "x.png", "--timestep", "0"], "--timestep needs a whole number from 1"),
        (["doctor", "--xml"], "There is no option '--xml'"),
        (["window", "3"], "'3' is one word too many"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == cli.WRONG_USE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("playground")
    assert words in captured.err


def test_train_arguments() -> None:
    args = parse("train", "Nature_Show")
    assert (args.task, args.networks, args.updates, args.seeds, args.flowers, args.json) == (
        ("nature-show", None, None, None, None, False)
    )
    args = parse(
        *"train nature-show --network rnn --network guide_lstm --network LSTM --network rnn".split(),
        *"--updates 20 --seeds 3 --flowers 0 --json".split(),
    )
    assert set(args.networks) == {"rnn", "lstm", "guide_lstm"}
    assert len(args.networks) == 3  # each once
    assert (args.updates, args.seeds, args.flowers, args.json) == (20, 3, 0, True)


def test_every_task_has_its_settings() -> None:
    assert set(TASKS) == set(TASK_SETTINGS)


def test_every_task_and_network_can_be_named() -> None:
    for task in TASK_SETTINGS:
        assert parse("train", task).task == task
    for name, network in zip(train.NETWORK_NAMES, default_networks(), strict=True):
        assert parse("train", "nature-show", "--network", name).networks == (network.cell,)


def test_render_arguments(tmp_path: Path) -> None:
    out = tmp_path / "picture.png"
    args = parse("render", "step", str(out))
    assert (args.page, args.out, args.timestep, args.seed) == ("step", out, None, DEFAULT_SEED)
    assert args.size == (1600, 900)
    assert (args.theme, args.lecture, args.vocabulary) == ("light", False, "guide")
    args = parse(
        *f"render memory {out} --updates 0 --timestep 4 --seed 7 --size 1280x720 --theme dark".split(),
        *"--lecture --vocabulary textbook".split(),
    )
    assert (args.updates, args.timestep, args.seed, args.size) == (0, 4, 7, (1280, 720))
    assert (args.theme, args.lecture, args.vocabulary) == ("dark", True, "textbook")
    args = parse(
        *f"render step {out} --task nature-show --network gru --network lstm-1997 --network gru".split()
    )
    assert (args.task, args.networks) == ("nature-show", ("gru", "lstm_1997"))
    assert [parse("render", page, str(out)).page for page in render.PAGES] == list(render.PAGES)


def test_no_command_means_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.cli_commands import window

    monkeypatch.setattr(window, "run", lambda args: 17)
    assert cli.main([]) == 17
    assert cli.main(["window"]) == 17


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "Stopped with Ctrl+C.\n"),
        (errors.CommandError("It rains."), 1, "It rains.\n"),
        (errors.UsageError("Take an umbrella."), 2, "Take an umbrella.\n"),
        (ExperimentError("Units must be at least 1."), 1, "Units must be at least 1.\n"),
        (
            ImportError("libEGL.so.1: cannot open shared object file: No such file"),
            1,
            "libEGL.so.1 is missing",
        ),
        (
            ModuleNotFoundError("No module named 'torch'", name="torch"),
            1,
            "The Python package torch is missing",
        ),
        (ZeroDivisionError("division by zero"), 1, "not foreseen (ZeroDivisionError: division by zero)"),
    ],
)
def test_a_failing_command_says_so_in_one_sentence(
    error: BaseException,
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))

    def fail(args: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(doctor, "run", fail)
    assert cli.main(["doctor"]) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    if isinstance(error, ZeroDivisionError):
        assert "Traceback" in (tmp_path / "sequence-playground-problem.txt").read_text()


def test_a_developer_sees_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cli.DEBUG_VARIABLE, "1")
    monkeypatch.setattr(doctor, "run", lambda args: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        cli.main(["doctor"])


def test_output_that_nobody_reads_is_no_error() -> None:
    command = [sys.executable, "-m", "playground", "--help"]
    # Unbuffered, argparse would meet the broken pipe itself, and swallow it.
    buffered = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=buffered) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # long before Python has started: what is written meets nobody
        assert process.stderr.read() == ""
    assert process.returncode == cli.FAILED


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (whole_number(1, 10), "10", 10),
        (one_of("page", ["memory"]), " Memory ", "memory"),
        (picture_size, "1920x1080", (1920, 1080)),
        (picture_size, "1024×700", (1024, 700)),
    ],
)
def test_types_of_arguments(read: object, text: str, value: object) -> None:
    assert callable(read)
    assert read(text) == value


def test_a_picture_needs_a_file_in_a_folder_that_is_there(tmp_path: Path) -> None:
    assert new_png(str(tmp_path / "a.PNG")) == tmp_path / "a.PNG"
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(argparse.ArgumentTypeError, match="is a folder"):
        new_png(str(tmp_path / "folder.png"))


def test_anything_else_that_argparse_says_still_becomes_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as leaving:
        SentenceParser(prog="playground").error("something new")
    assert leaving.value.code == 2
    assert capsys.readouterr().err == "playground: something new; `playground --help` shows how it is used.\n"


def test_tasks_lists_every_task_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["tasks"]) == cli.DONE
    lines = capsys.readouterr().out.splitlines()
    for name, task in TASKS.items():
        assert any(line.split()[0] == name and task.question in line for line in lines), name


def test_flowers_are_the_nature_show_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", "parity", "--flowers", "3"]) == cli.WRONG_USE
    assert capsys.readouterr().err.startswith("--flowers is about the nature show; 'parity' has settings")
    assert cli.main(["train", "parity", "--curriculum"]) == cli.WRONG_USE
