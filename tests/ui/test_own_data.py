"""Own data as a user brings them: dropped, opened, pasted; read beside the window; refused with a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from playground.tasks.series.series_task import SeriesTask
from playground.tasks.series.settings import SeriesFileSettings
from playground.tasks.series.sources import NO_TIMES
from playground.tasks.text.settings import TextFileSettings
from playground.ui.main_window import MainWindow
from playground.ui.own_data_overlay import OwnDataOverlay
from playground.ui.own_table_preview import TableChoice
from tests.ui.shell import Shell, make_shell

TEXT = "It was a quiet evening. " * 200
TABLE = "day;demand;price\n" + "\n".join(
    f"{dt.date(2024, 1, 1) + dt.timedelta(days=n)};{100 + (7 * n) % 13},5;{3 + n % 5}" for n in range(240)
)


@pytest.fixture
def shell(qtbot: QtBot) -> Iterator[Shell]:
    shell = make_shell(qtbot)
    yield shell
    shell.window.own_data.stop()


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def drop(shell: Shell, path: Path) -> None:
    """What Qt sends when a file is dropped on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    arguments = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *arguments)
    QApplication.sendEvent(shell.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(shell.window, QDropEvent(QPoint(50, 50), *arguments))


def settled(qtbot: QtBot, shell: Shell) -> OwnDataOverlay:
    qtbot.waitUntil(lambda: not shell.window.own_data.reading, timeout=10_000)
    return shell.window.own_data.overlay


def is_open(shell: Shell) -> bool:
    return shell.window.overlay_open


def is_reading(shell: Shell) -> bool:
    return shell.window.own_data.reading


def loads(shell: Shell) -> int:
    return sum(isinstance(call, tuple) and call[0] == "load" for call in shell.runner.calls)


def test_a_dropped_text_is_offered_and_learned_only_when_it_is_wanted(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    path = written(tmp_path, "evening.txt", TEXT)
    before = shell.monitor.experiment
    drop(shell, path)
    overlay = settled(qtbot, shell)
    assert shell.window.overlay_open
    assert overlay.title.text() == "evening.txt"
    assert f"{len(TEXT):,} characters" in overlay.words.text()
    assert shell.monitor.experiment is before
    assert loads(shell) == 1
    qtbot.keyClick(overlay, Qt.Key.Key_Return)
    assert not is_open(shell)
    assert shell.monitor.experiment.task_name == "text"
    assert shell.monitor.experiment.task == TextFileSettings(file=str(path))
    assert shell.state.page == "generate"
    assert "start" in shell.runner.calls


def test_escape_leaves_everything_as_it_is(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    before = shell.monitor.experiment
    drop(shell, written(tmp_path, "evening.txt", TEXT))
    settled(qtbot, shell)
    shell.press("Esc")
    assert not shell.window.overlay_open
    assert shell.monitor.experiment is before
    assert loads(shell) == 1


def test_a_dropped_table_is_previewed_and_its_columns_chosen(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    path = written(tmp_path, "demand.csv", TABLE)
    drop(shell, path)
    overlay = settled(qtbot, shell)
    assert [overlay.preview.values.itemText(k) for k in range(overlay.preview.values.count())] == [
        "demand",
        "price",
    ]
    assert overlay.preview.times.currentData() == "day"
    assert overlay.preview.separator.currentData() == ";"
    assert overlay.preview.decimal.currentData() == ","
    assert overlay.preview.header.currentData() == "yes"
    cell = overlay.preview.table.item(0, 1)
    assert cell is not None
    assert cell.text() == "100,5"
    overlay.preview.values.setCurrentIndex(overlay.preview.values.findData("price"))
    qtbot.mouseClick(overlay.start, Qt.MouseButton.LeftButton)
    settled(qtbot, shell)
    task = shell.monitor.experiment.task
    assert isinstance(task, SeriesFileSettings)
    assert (task.file, task.column, task.time_column, task.separator) == (str(path), "price", "day", ";")
    assert shell.state.page == "generate"


class CutsIt(QWidget):
    """A page that shows how own data are cut."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[str, object]] = []

    def take_own_data(self, task_name: str, settings: object) -> None:
        self.taken.append((task_name, settings))


@pytest.mark.parametrize(("name", "content", "task"), [("a.txt", TEXT, "text"), ("a.csv", TABLE, "series")])
def test_a_page_that_cuts_own_data_gets_them_and_the_run_goes_on(
    qtbot: QtBot,
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str,
    task: str,
) -> None:
    page = CutsIt()
    qtbot.addWidget(page)
    monkeypatch.setattr(MainWindow, "current_page", property(lambda window: page))
    before = shell.monitor.experiment
    path = written(tmp_path, name, content)
    drop(shell, path)
    overlay = settled(qtbot, shell)
    assert overlay.cut.isVisible()
    qtbot.keyClick(overlay, Qt.Key.Key_Return)
    ((taken, settings),) = page.taken
    assert taken == task
    assert isinstance(settings, TextFileSettings | SeriesFileSettings)
    assert settings.file == str(path)
    assert not is_open(shell)
    assert shell.monitor.experiment is before


def test_what_was_guessed_wrong_can_be_said(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    drop(shell, written(tmp_path, "demand.csv", TABLE))
    overlay = settled(qtbot, shell)
    overlay.preview.decimal.setCurrentIndex(overlay.preview.decimal.findData("."))
    overlay.preview.decimal.activated.emit(overlay.preview.decimal.currentIndex())
    settled(qtbot, shell)
    assert [overlay.preview.values.itemText(k) for k in range(overlay.preview.values.count())] == ["price"]
    assert overlay.preview.decimal.currentData() == "."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.txt", "", "is empty"),
        ("picture.txt", bytes(range(256)) * 40, "picture.txt"),
        ("short.txt", "too short", "needs at least"),
        ("one.csv", "a,b,c", "only one line"),
        ("gone.txt", None, "is not there"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_and_changes_nothing(
    qtbot: QtBot, shell: Shell, tmp_path: Path, name: str, content: str | bytes | None, words: str
) -> None:
    before = shell.monitor.experiment
    path = tmp_path / name if content is None else written(tmp_path, name, content)
    drop(shell, path)
    overlay = settled(qtbot, shell)
    assert words in overlay.words.text()
    assert overlay.words.text().endswith(".")
    assert not overlay.start.isVisible()
    assert shell.monitor.experiment is before
    assert loads(shell) == 1
    qtbot.mouseClick(overlay.cancel, Qt.MouseButton.LeftButton)
    assert not is_open(shell)


def test_a_table_without_numbers_cannot_be_started(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    drop(shell, written(tmp_path, "words.csv", "name,colour\nanna,red\nben,blue\ncleo,green\n"))
    overlay = settled(qtbot, shell)
    assert "nothing can be forecast" in overlay.preview.outlook.text()
    assert not overlay.start.isEnabled()


def test_a_column_that_never_changes_is_refused(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    table = "a,b\n" + "\n".join(f"{n % 7},5" for n in range(60))
    before = shell.monitor.experiment
    drop(shell, written(tmp_path, "flat.csv", table))
    overlay = settled(qtbot, shell)
    choose(overlay.preview.values, "b")
    assert "always 5" in settled(qtbot, shell).preview.outlook.text()
    assert not overlay.start.isEnabled()
    assert shell.monitor.experiment is before


GAPS = "day;load;code;site\n" + "\n".join(
    f"{dt.date(2024, 1, 1) + dt.timedelta(days=n)};{'' if n % 40 == 7 else 'fault' if n % 40 == 8 else f'{n % 9},5'};"
    f"{2000 + n % 20};{'3' if n % 4 else 'north'}"
    for n in range(120)
)
"""A load with 3 values missing and 3 that are no number, codes that may be years, a site that is mostly a number."""


def choose(combo: QComboBox, key: str) -> None:
    """What a user's choice in a list does."""
    combo.setCurrentIndex(combo.findData(key))
    combo.activated.emit(combo.currentIndex())


def names(combo: QComboBox) -> list[str]:
    return [combo.itemText(at) for at in range(combo.count())]


def test_what_will_be_learned_is_told_before_it_begins(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    drop(shell, written(tmp_path, "load.csv", GAPS))
    overlay = settled(qtbot, shell)
    assert overlay.preview.values.currentData() == "load"
    said = overlay.preview.outlook.text()
    assert said.startswith("120 values, 1 Jan 2024 to 29 Apr 2024; the last 24 are held out")
    assert "In 'load' 3 values are missing and 3 are no number: 6 were interpolated." in said
    choose(overlay.preview.missing, "drop")
    assert "114 values" in settled(qtbot, shell).preview.outlook.text()
    assert overlay.start.isEnabled()


def test_every_column_can_be_said_to_hold_another_kind(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    drop(shell, written(tmp_path, "load.csv", GAPS))
    overlay = settled(qtbot, shell)
    assert names(overlay.preview.values) == ["load", "code"]
    assert overlay.preview.kind.currentData() == "number"
    assert overlay.preview.consequence.text() == (
        "Of the first 120 rows, 3 are empty and 3 are no number: 6 would be missing."
    )
    choose(overlay.preview.kind, "text")
    assert names(overlay.preview.values) == ["code"]
    assert overlay.preview.consequence.text() == "It is not used."
    overlay.preview.table.setCurrentCell(0, 3)
    assert overlay.preview.kind_of.text() == "‘site’ holds"
    choose(overlay.preview.kind, "number")
    assert (
        overlay.preview.consequence.text() == "Of the first 120 rows, 30 are no number: 30 would be missing."
    )
    assert overlay.preview.values.currentData() == "site"
    assert "always 3" in settled(qtbot, shell).preview.outlook.text()
    overlay.preview.table.setCurrentCell(0, 2)
    choose(overlay.preview.kind, "date")
    assert (
        overlay.preview.consequence.text()
        == "All of the first 120 rows are dates like 2012: nothing would be missing."
    )
    assert overlay.preview.times.currentData() == "code"
    assert names(overlay.preview.times) == ["no column: rows are counted", "day", "code"]
    overlay.preview.table.setCurrentCell(0, 3)
    choose(overlay.preview.kind, "date")
    assert overlay.preview.consequence.text().startswith("No form of dates known here reads them")


def test_kinds_are_changed_with_the_keyboard(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    drop(shell, written(tmp_path, "load.csv", GAPS))
    overlay = settled(qtbot, shell)
    overlay.preview.table.setFocus()
    assert overlay.preview.table.currentColumn() == 1
    qtbot.keyClick(overlay.preview.table, Qt.Key.Key_Right)
    assert overlay.preview.kind_of.text() == "‘code’ holds"
    qtbot.keyClick(overlay.preview.table, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is overlay.preview.kind
    qtbot.keyClick(overlay.preview.kind, Qt.Key.Key_Down)
    assert overlay.preview.kind.currentData() == "date"
    assert overlay.preview.times.currentData() == "code"


def test_rows_are_counted_and_the_calendar_told_if_that_is_chosen(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    drop(shell, written(tmp_path, "load.csv", GAPS))
    overlay = settled(qtbot, shell)
    overlay.preview.calendar.setChecked(True)
    assert overlay.choice() == TableChoice("load", "day", ";", ",", "yes", "interpolate", calendar=True)
    choose(overlay.preview.times, NO_TIMES)
    assert not overlay.preview.calendar.isEnabled()
    assert settled(qtbot, shell).preview.outlook.text().startswith("120 values; the last 24")
    overlay.start.click()
    settled(qtbot, shell)
    task = shell.monitor.task
    assert isinstance(task, SeriesTask)
    assert task.series.times is None
    assert not task.settings.calendar


def test_reading_can_be_given_up(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    path = written(tmp_path, "long.txt", TEXT * 400)
    shell.window.own_data.take_file(str(path))
    assert shell.window.own_data.reading
    assert shell.window.own_data.overlay.progress.isVisible()
    shell.press("Esc")
    assert not is_reading(shell)
    shell.window.own_data.stop()
    QApplication.processEvents()
    assert not is_open(shell)


def test_the_text_of_the_clipboard(qtbot: QtBot, shell: Shell) -> None:
    QGuiApplication.clipboard().setText("too short")
    shell.press("Ctrl+V")
    overlay = shell.window.own_data.overlay
    assert "9 characters" in overlay.words.text()
    shell.press("Esc")
    QGuiApplication.clipboard().setText(TEXT)
    shell.press("Ctrl+V")
    assert f"{len(TEXT):,} characters" in settled(qtbot, shell).words.text()
    overlay.start.click()
    task = shell.monitor.experiment.task
    assert isinstance(task, TextFileSettings)
    assert Path(task.file).read_text(encoding="utf-8") == TEXT


def test_a_file_is_opened_from_the_dialog(
    qtbot: QtBot, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "evening.txt", TEXT)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (str(path), ""))
    shell.press("Ctrl+O")
    assert settled(qtbot, shell).title.text() == "evening.txt"
    shell.press("Esc")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: ("", ""))
    shell.press("Ctrl+O")
    assert not shell.window.overlay_open
