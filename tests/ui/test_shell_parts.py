"""Icons, style sheet, problems, Qt's messages: the small parts of the shell."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from playground.app import StartupReport, build_window, seconds_since_start
from playground.ui.icons import ICONS, icon, icon_pixmap, set_icon
from playground.ui.problems import ADVICE, Problems
from playground.ui.qt_messages import NO_NEWS, qt_messages_logged
from playground.ui.settings import WindowSettings
from playground.ui.style_sheet import control_picture, mixed, qt_palette, style_sheet
from playground.ui.theme import DARK, LECTURE_SCALE, LIGHT, Palette, Theme, contrast
from tests.ui.fake_runner import FakeRunner

THEMES = [Theme(palette, scale) for palette in (LIGHT, DARK) for scale in (1.0, LECTURE_SCALE)]


# -- icons


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", list(ICONS))
def test_every_icon_is_drawn_within_its_square(name: str) -> None:
    image = icon_pixmap(name, QColor("#ff0000"), 64).toImage()
    inked = [(x, y) for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() > 0]
    assert len(inked) > 60
    assert all(image.pixelColor(x, y).red() > 200 for x, y in inked if image.pixelColor(x, y).alpha() > 250)
    edges = {0, 63}
    assert not any(x in edges or y in edges for x, y in inked), "cut off"


@pytest.mark.usefixtures("qapp")
def test_icons_have_the_colour_of_the_theme_and_fine_screens() -> None:
    light, dark = (icon("play", Theme(palette)).pixmap(16, 16).toImage() for palette in (LIGHT, DARK))
    assert light != dark
    fine = icon_pixmap("play", QColor("black"), 16, 2.0)
    assert (fine.width(), fine.devicePixelRatio()) == (32, 2.0)
    assert icon("play", Theme()).cacheKey() == icon("play", Theme()).cacheKey(), "made once"


def test_an_icon_keeps_its_distance_from_words(qtbot: QtBot) -> None:
    worded, bare = QPushButton("Train"), QPushButton()
    for button in (worded, bare):
        qtbot.addWidget(button)
        set_icon(button, "play", Theme(), size=14)
    assert worded.iconSize().width() == bare.iconSize().width() + 6
    with pytest.raises(KeyError):
        set_icon(bare, "no such icon", Theme())


# -- style sheet and palette


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("theme", THEMES)
def test_the_style_sheet_is_complete(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        assert Path(path).is_file()
    sizes = {int(size) for size in re.findall(r"font-size: (\d+)px", sheet)}
    assert min(sizes) >= theme.px(11)


def test_the_style_sheet_is_understood(qtbot: QtBot) -> None:
    """Qt says so on the console when it is not, and that fails a test."""
    field = QLineEdit()
    qtbot.addWidget(field)
    for theme in THEMES:
        field.setStyleSheet(style_sheet(theme))
        field.ensurePolished()
    assert field.minimumSizeHint().height() > 0


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_can_be_read(palette: Palette) -> None:
    grounds = {"text": ("ground", "surface", "sunken"), "muted": ("ground", "surface")}
    for ink, under in grounds.items():
        for ground in under:
            assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5, (ink, ground)
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.pending_ink, palette.pending_soft) >= 4.5
    assert contrast(palette.danger_ink, palette.danger_soft) >= 4.5
    hovered = mixed("#000000" if palette is LIGHT else palette.text, palette.accent, 0.88)
    assert contrast(palette.on_accent, hovered) >= 4.5


@pytest.mark.usefixtures("qapp")
def test_qts_own_palette_is_the_themes() -> None:
    for theme in THEMES:
        palette = qt_palette(theme)
        assert palette.color(QPalette.ColorRole.Window) == theme.colour("ground")
        assert palette.color(QPalette.ColorRole.Text) == theme.colour("text")
        disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        assert disabled != theme.colour("text")
        assert control_picture(theme, "check") == control_picture(theme, "check")


def test_mixed_colours() -> None:
    assert mixed("#000000", "#ffffff", 0.0) == "#000000"
    assert mixed("#000000", "#ffffff", 1.0) == "#ffffff"
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


# -- problems


@pytest.fixture
def problems() -> Problems:
    return Problems()


def happen(kind: type[BaseException] = RuntimeError, said: str = "the heat map is upside down") -> None:
    try:
        raise kind(said)
    except kind as error:
        sys.excepthook(kind, error, error.__traceback__)


@pytest.mark.expects_log("Not foreseen")
def test_a_problem_becomes_a_sentence_once(problems: Problems, caplog: pytest.LogCaptureFixture) -> None:
    problems.watch()
    try:
        for _ in range(30):
            happen()
    finally:
        problems.unwatch()
    sentence = "Something went wrong that was not foreseen (RuntimeError: the heat map is upside down)."
    assert problems.take() == [(sentence, ADVICE)]
    assert problems.take() == []
    assert len([record for record in caplog.records if record.message == "Not foreseen"]) == 1
    assert "the heat map is upside down" in caplog.text


@pytest.mark.expects_log("Not foreseen")
def test_a_problem_on_another_thread_is_told_too(problems: Problems) -> None:
    problems.watch()
    try:
        thread = threading.Thread(target=lambda: [].pop())
        thread.start()
        thread.join()
    finally:
        problems.unwatch()
    [(sentence, _)] = problems.take()
    assert "IndexError: pop from empty list" in sentence


def test_hooks_come_back_and_ctrl_c_is_no_problem(problems: Problems) -> None:
    before = (sys.excepthook, threading.excepthook)
    problems.watch()
    happen(KeyboardInterrupt)
    assert problems.take() == []
    problems.unwatch()
    assert (sys.excepthook, threading.excepthook) == before


# -- Qt's messages


@pytest.mark.expects_log("QPainter::begin")
def test_qts_messages_are_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []

    def before(kind: QtMsgType, context: object, message: str) -> None:
        heard.append(message)

    original = qInstallMessageHandler(before)
    try:
        with qt_messages_logged():
            handler = qInstallMessageHandler(None)
            for message in (*NO_NEWS, "QPainter::begin: there is no device"):
                handler(QtMsgType.QtWarningMsg, None, message)
        found = [(record.name, record.levelno, record.message) for record in caplog.records]
        assert found == [("playground.qt", logging.WARNING, "QPainter::begin: there is no device")]
        assert qInstallMessageHandler(original) is before
        assert heard == []
    finally:
        qInstallMessageHandler(original)


# -- the composition root


def test_build_window_wires_everything(qtbot: QtBot) -> None:
    runner = FakeRunner()
    window = build_window(runner, WindowSettings(theme="dark", vocabulary="textbook", speed=5.0))
    qtbot.addWidget(window)
    assert (window.state.dark, window.state.vocabulary, window.monitor.speed) == (True, "textbook", 5.0)
    assert runner.calls == [], "the engine is asked for nothing before the window is seen"
    window.monitor.begin()
    assert runner.experiment == window.monitor.experiment


def test_startup_report(qtbot: QtBot, tmp_path: Path) -> None:
    told = tmp_path / "start.json"
    clock = iter([0.3, 1.2])
    report = StartupReport(str(told), now=lambda: next(clock), processor_now=lambda: 0.25)
    window = build_window(FakeRunner())
    qtbot.addWidget(window)
    report.watch(window)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    painted = {"first_paint_seconds": 0.3, "first_paint_processor_seconds": 0.25}
    assert json.loads(told.read_text(encoding="utf-8")) == painted
    window.monitor.begin()
    window.monitor.poll_once()
    assert json.loads(told.read_text(encoding="utf-8")) == {**painted, "engine_ready_seconds": 1.2}


def test_nobody_wants_a_report(qtbot: QtBot, tmp_path: Path) -> None:
    report = StartupReport(None)
    window = build_window(FakeRunner())
    qtbot.addWidget(window)
    report.watch(window)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    assert list(tmp_path.iterdir()) == []


def test_seconds_since_start(monkeypatch: pytest.MonkeyPatch) -> None:
    first = seconds_since_start()
    assert 0 < first <= seconds_since_start()
    monkeypatch.setenv("PLAYGROUND_STARTED_AT", "0.0")
    assert seconds_since_start() > first
