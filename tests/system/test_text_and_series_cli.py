"""Texts and series on the command line: own files, baselines beside the networks, and writing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.cli import DONE, FAILED, WRONG_USE, main
from playground.tasks import TASKS


@pytest.fixture(autouse=True)
def reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_PATH", "reference")


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "mine.txt"
    path.write_bytes("Der Wolf heult. Ölmühle?\r\n".encode("latin-1") * 200)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    lines = [f"{day};{100 + day % 7},5;-" if day % 50 else f"{day};;-" for day in range(300)]
    path.write_text("row;load;comment\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_an_own_text_is_trained_beside_its_baselines(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["train", "text", "--file", str(text), "--updates", "3", "--network", "rnn", "--json"]) == DONE
    )
    found = json.loads(capsys.readouterr().out)
    assert found["task"] == "text"
    assert found["results"][0]["network"] == "rnn"
    assert found["results"][0]["updates"] == 3
    assert found["baselines"]["trigram"] < found["baselines"]["unigram"]
    assert "read as Latin-1" in found["notices"][0]


def test_an_own_table_is_trained_beside_its_naive_forecasts(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "train",
        "series",
        "--file",
        str(table),
        "--column",
        "load",
        "--updates",
        "2",
        "--network",
        "rnn",
    ]
    assert main([*words, "--json"]) == DONE
    found = json.loads(capsys.readouterr().out)
    assert found["baselines"]["same as now"]["mae"] > 0
    assert found["results"][0]["mape"] > 0
    assert "were interpolated" in found["notices"][0]
    assert main(words) == DONE
    shown = capsys.readouterr().out
    assert "same as now" in shown
    assert "MAPE" in shown
    assert "RNN" in shown


def test_shares_say_plainly_what_cannot_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "shares", "--updates", "1", "--network", "rnn"]) == DONE
    assert "'tomorrow = today' is not beaten" in capsys.readouterr().out.replace("\n", " ")


def test_a_network_writes_after_training(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["generate", "names", "--updates", "2", "--network", "rnn", "--length", "30", "--seed", "4"]
    assert main([*words, "--prompt", "Ann7"]) == DONE
    first = capsys.readouterr()
    assert first.out.startswith("Ann")
    assert "held-out loss" in first.err
    assert "does not know them: 7" in first.err
    assert main([*words, "--prompt", "Ann7"]) == DONE
    assert capsys.readouterr().out == first.out
    assert main([*words, "--stop-at-newline", "--temperature", "0", "--top-k", "3", "--top-p", "0.9"]) == DONE


def test_a_text_of_one_s_own_is_written_on(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["generate", "text", "--file", str(text), "--updates", "1", "--network", "rnn", "--length", "9"])
        == DONE
    )
    shown = capsys.readouterr()
    assert "Latin-1" in shown.err
    assert 1 <= len(shown.out) <= 10


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["train", "text"], WRONG_USE, "Which text is to be learned? Name it with --file."),
        (["train", "series"], WRONG_USE, "Which table is to be learned?"),
        (
            ["train", "names", "--file", "x"],
            WRONG_USE,
            "The task 'names' takes no --file: 'text' and 'series' learn a file",
        ),
        (
            ["train", "names", "--column", "x"],
            WRONG_USE,
            "The task 'names' takes no --column; `playground tasks`",
        ),
        (["train", "nature-show", "--memory", "reset"], WRONG_USE, "takes no --memory"),
        (["train", "text", "--file", "no-such-file.txt"], WRONG_USE, "no file 'no-such-file.txt'"),
        (["generate", "shares"], WRONG_USE, "There is no text to write from 'shares'"),
        (
            ["generate", "names", "--temperature", "9"],
            WRONG_USE,
            "--temperature needs a number from 0 to 5, not '9'.",
        ),
        (["generate", "names", "--length", "0"], WRONG_USE, "--length needs a whole number from 1"),
        (["train", "names", "--memory", "never"], WRONG_USE, "There is no way of keeping memory 'never'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: list[str], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    shown = capsys.readouterr().err
    assert sentence in shown
    assert shown.count("\n") == 1


def test_a_text_that_is_too_short_for_its_rows_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.txt"
    path.write_text("to be or not to be\n" * 15, encoding="utf-8")
    assert main(["train", "text", "--file", str(path), "--updates", "1"]) == FAILED
    assert "too short: 32 rows of 64 timesteps" in capsys.readouterr().err


def test_all_texts_and_series_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tasks"]) == DONE
    shown = capsys.readouterr().out
    assert all(name in shown for name in TASKS)
