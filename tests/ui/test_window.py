"""The shell of the window, driven as a user drives it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from playground.contract.cell_description import Words
from playground.experiment import Experiment
from playground.trace.snapshot import RunState
from playground.ui.page_table import PageEntry, page_help
from playground.ui.run_words import SPEEDS
from playground.ui.settings import SettingsFile, WindowSettings
from playground.ui.status_line import LOADING_SENTENCE
from tests.ui.fake_runner import FakeRunner
from tests.ui.placeholder_pages import PLACEHOLDERS, PlainPage
from tests.ui.shell import Shell, canned_traces, colours, make_shell

LEFT = Qt.MouseButton.LeftButton
SEED = Experiment().training.seed


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def plain_page(shell: Shell) -> PlainPage:
    page = shell.page()
    assert isinstance(page, PlainPage)
    return page


# -- the first start


def test_first_start_has_one_sentence_and_one_obvious_button(qtbot: QtBot) -> None:
    shell = make_shell(qtbot, begin=False)
    hint = shell.window.first_hint
    assert not hint.isHidden()
    assert hint.sentence == "Press Train and watch: four networks look at the same pictures."
    assert hint.advice == "Only some will remember the bear."
    assert shell.window.status_line.sentence == LOADING_SENTENCE
    assert shell.window.top_bar.facts.text == f"the engine is loading · seed {SEED}"
    assert not shell.window.top_bar.one_update.isEnabled()
    click(hint.button("train_anywhere"))
    assert hint.isHidden()
    assert shell.monitor.training, "pressed while the engine loads, it is remembered"
    shell.monitor.begin()
    shell.poll(2)
    assert shell.monitor.run_state is RunState.TRAINING
    shell.monitor.rewind()
    shell.poll()
    assert hint.isHidden(), "who has trained once needs no hint"


def test_hint_goes_with_its_cross_and_other_pages(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    hint = shell.window.first_hint
    shell.press("Ctrl+3")
    assert hint.isHidden()
    shell.press("Ctrl+2")
    assert not hint.isHidden()
    click(hint.findChild(QPushButton, options=Qt.FindChildOption.FindDirectChildrenOnly))
    assert hint.isHidden()
    shell.press("Ctrl+3")
    shell.press("Ctrl+2")
    assert hint.isHidden()


def test_hint_counts_the_networks(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    experiment = shell.monitor.experiment
    only_one = tuple(
        dataclasses.replace(network, enabled=network.cell == "lstm") for network in experiment.networks
    )
    shell.monitor.apply(dataclasses.replace(experiment, networks=only_one))
    assert (
        shell.window.first_hint.sentence == "Press Train and watch: one network looks at the same pictures."
    )


# -- the top bar


def test_top_bar_drives_the_run(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    bar = shell.window.top_bar
    assert (bar.task_title.text(), bar.question.text()) == ("Nature show", "Is it a dog or a wolf?")
    assert bar.facts.text == f"update 0 · 0 sequences · seed {SEED}"
    assert bar.train.text() == "Train"
    click(bar.train)
    shell.poll(3)
    assert bar.train.text() == "Pause"
    assert bar.facts.text == f"update 3 · 96 sequences · seed {SEED} · 12 a second"
    click(bar.train)
    shell.poll()
    assert bar.train.text() == "Train"
    assert bar.facts.text == f"update 3 · 96 sequences · seed {SEED}"
    click(bar.one_update)
    shell.poll()
    assert shell.monitor.snapshot.update == 4
    click(bar.rewind)
    shell.poll()
    assert shell.monitor.snapshot.update == 0


def test_speed_menu(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    bar = shell.window.top_bar
    actions = bar.speed.menu().actions()
    assert [action.text() for action in actions] == [title for _, title, _ in SPEEDS]
    assert bar.speed.text() == "Full speed"
    actions[2].trigger()
    assert shell.monitor.speed == 5.0
    assert bar.speed.text() == "5 a second"
    assert [action.isChecked() for action in actions] == [False, False, True, False, False, False]
    actions[0].trigger()
    assert bar.train.text() == "Next update"
    click(bar.train)
    shell.poll()
    click(bar.train)
    shell.poll()
    assert shell.monitor.snapshot.update == 2
    assert shell.monitor.run_state is RunState.PAUSED


def test_a_past_moment_is_named_and_left(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    bar = shell.window.top_bar
    shell.train(25)
    assert bar.back_to_now.isHidden()
    shell.monitor.go_to(10)
    shell.poll()
    assert bar.facts.text == "showing update 10 · the run is at 25"
    click(bar.back_to_now)
    assert shell.state.moment.live
    assert bar.back_to_now.isHidden()
    assert bar.facts.text == f"update 25 · 800 sequences · seed {SEED}"


def test_vocabulary_and_theme_buttons(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    bar = shell.window.top_bar
    click(bar.vocabulary.button("textbook"))
    assert shell.state.vocabulary == "textbook"
    shell.press("V")
    assert shell.state.vocabulary == "guide"
    assert bar.vocabulary.button("guide").isChecked()
    click(bar.theme)
    assert shell.state.dark
    assert shell.window.appearance.choice == "dark"


SIZES = [(1024, 700), (1280, 720), (1440, 900), (1920, 1080)]


@pytest.mark.parametrize("lecture", [False, True])
@pytest.mark.parametrize("past", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_in_the_top_bar_is_cut_off(
    size: tuple[int, int], past: bool, lecture: bool, qtbot: QtBot
) -> None:
    if lecture and size[0] < 1280:
        pytest.skip("projectors have at least 1280 x 720")
    shell = make_shell(qtbot, size=size)
    if lecture:
        shell.window.set_lecture(True, full_screen=False)
    if past:
        shell.train(25)
        shell.monitor.go_to(10)
        shell.poll()
    QApplication.processEvents()
    bar = shell.window.top_bar
    edge = 0
    for widget in sorted(bar.findChildren(QWidget, options=_DIRECT), key=lambda each: each.x()):
        if widget.isHidden():
            continue
        assert widget.x() >= edge, f"{widget.accessibleName()} overlaps what is left of it"
        assert widget.width() >= widget.minimumSizeHint().width(), f"{widget.accessibleName()} is cut off"
        edge = widget.geometry().right()
    assert edge <= bar.width()
    assert shell.window.size().width() == size[0]


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


# -- keys and the keyboard


def test_text_fields_keep_what_is_typed(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    page = plain_page(shell)
    shell.state.set_timestep(3)
    page.field.setFocus()
    for key in ("U", "Space", "B", "V", "Left", "Home", "R"):
        shell.press(key)
    assert page.field.text() == "ru bv"
    assert shell.state.timestep == 3
    assert shell.state.vocabulary == "guide"
    assert shell.monitor.snapshot.update == 0
    shell.press("PgDown")
    assert shell.state.timestep == 4, "a clicker works everywhere"
    shell.press("Ctrl+3")
    assert shell.state.page == "step"


def test_number_fields_keep_digits_and_arrows(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    page = plain_page(shell)
    page.number.setFocus()
    page.number.selectAll()
    for key in ("4", "2", "Left", "Home", "-"):
        shell.press(key)
    assert shell.state.timestep == 0
    assert shell.monitor.speed is None
    shell.press("PgDown")
    assert shell.state.timestep == 1
    assert page.number.value() == 42


def test_a_slider_keeps_the_arrows(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    page = plain_page(shell)
    page.slider.setFocus()
    shell.press("Right")
    shell.press("Right")
    assert (page.slider.value(), shell.state.timestep) == (2, 0)
    shell.press("PgDown")
    assert (page.slider.value(), shell.state.timestep) == (2, 1)


def test_a_button_reached_with_tab_keeps_space(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    bar = shell.window.top_bar
    bar.vocabulary.button("textbook").setFocus(Qt.FocusReason.TabFocusReason)
    shell.press("Space")
    assert shell.state.vocabulary == "textbook"
    assert not shell.monitor.training


def test_a_button_that_was_clicked_does_not_keep_space(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    click(shell.window.top_bar.one_update)
    shell.poll()
    shell.press("Space")
    shell.poll()
    assert shell.monitor.run_state is RunState.TRAINING
    assert not isinstance(QApplication.focusWidget(), QAbstractButton)


def test_everything_is_reached_with_tab(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.poll()
    seen = set()
    for _ in range(60):
        shell.press("Tab")
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.add(focused)
    bar = shell.window.top_bar
    for button in (bar.train, bar.one_update, bar.rewind, bar.speed, bar.theme, bar.lecture):
        assert button in seen, button.accessibleName()
    assert set(shell.window.rail.buttons.values()) & seen


def test_held_keys_repeat_only_where_that_helps(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    repeated = {
        key: shortcut.autoRepeat()
        for key, shortcut in shell.window.keys._shortcuts.items()
        if key in ("Right", "U", "Space", "T", "F11")
    }
    assert repeated == {"Right": True, "U": True, "Space": False, "T": False, "F11": False}


def test_keys_do_nothing_behind_an_overlay(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("?")
    for key in ("Space", "U", "V", "Ctrl+3", "PgDown"):
        shell.press(key)
    assert (shell.state.page, shell.state.vocabulary, shell.state.timestep) == ("train", "guide", 0)
    shell.press("Esc")
    assert not shell.window.overlay_open
    shell.press("V")
    assert shell.state.vocabulary == "textbook"


# -- names and tooltips

SENTENCE = re.compile(r"[A-Z].*\.( \([^()]+\))?")
"""One sentence, and perhaps its key in brackets."""


def test_every_control_has_a_name_and_a_sentence(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("?")
    shell.press("Esc")
    shell.press("Ctrl+K")
    shell.press("Esc")
    shell.window.start_tour()
    for button in shell.window.findChildren(QAbstractButton):
        owner = button.parentWidget()
        if isinstance(owner, QWidget) and owner.metaObject().className().startswith("Q"):
            continue  # Qt's own parts of a field
        assert button.accessibleName(), button
        if button.property("command") is None or button in shell.window.top_bar.findChildren(QPushButton):
            assert SENTENCE.fullmatch(button.toolTip()), button.toolTip()


# -- pages


def test_rail_turns_pages(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    buttons = shell.window.rail.buttons
    assert [button.text() for button in buttons.values()] == [page.title.guide for page in PLACEHOLDERS]
    click(buttons["memory"])
    assert shell.state.page == "memory"
    assert shell.window.stack.currentWidget() is shell.page()
    assert buttons["memory"].isChecked()
    shell.state.set_page("train")
    assert buttons["train"].isChecked()
    assert not buttons["memory"].isChecked()


def test_pages_are_built_when_they_are_first_turned_to(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    assert shell.window.stack.count() == 1
    shell.press("Ctrl+3")
    first = shell.page()
    assert shell.window.stack.count() == 2
    shell.press("Ctrl+2")
    shell.press("Ctrl+3")
    assert shell.page() is first


def test_clicking_a_rail_button_gives_the_keys_back(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    click(shell.window.rail.buttons["memory"])
    shell.press("Space")
    shell.poll()
    assert shell.monitor.run_state is RunState.TRAINING


@pytest.mark.expects_log("could not be built")
def test_a_page_that_cannot_be_built_is_said_on_its_place(qtbot: QtBot) -> None:
    broken = PageEntry(
        "step",
        Words("Step", "Step"),
        "step",
        3,
        Words("A page.", "A page."),
        "tests.ui.placeholder_pages:BrokenPage",
    )
    shell = make_shell(qtbot, pages=(PLACEHOLDERS[0], broken))
    shell.press("Ctrl+3")
    assert "The page Step could not be opened (RuntimeError: no such panel)." in shell.page().text()  # type: ignore[attr-defined]
    shell.press("Ctrl+2")
    assert isinstance(shell.page(), PlainPage)


# -- status line


def test_status_line_speaks_of_what_is_under_the_playhead(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    line = shell.window.status_line
    assert line.sentence.startswith("At timestep 1 the LSTM ")
    assert line.sentence.endswith(": its long-term memory was still empty.")
    shell.press("End")
    assert line.sentence.startswith("At timestep 10 the LSTM ")
    shell.state.toggle_unit(3)
    assert line.sentence.endswith("of unit 4's long-term memory.")
    shell.press("V")
    assert line.sentence.endswith("of unit 4's cell state.")
    shell.state.set_network("rnn")
    assert line.sentence.startswith("At timestep 10 the RNN ")


def test_a_notice_stays_until_one_goes_on(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    line = shell.window.status_line
    shell.press("-")
    assert line.sentence == "Speed: 500 a second."
    shell.press("Right")
    assert line.sentence.startswith("At timestep 2 ")
    assert shell.state.status == ""


def test_a_replay_is_told_and_given_up_with_esc(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.train(40)
    shell.runner.answer_at_once = False
    shell.monitor.go_to(33, exact=True)
    shell.runner.answer_progress(1, 30, 33)
    shell.poll()
    assert shell.window.status_line.sentence == "Replaying to update 33: at 30 now. Esc gives it up."
    shell.press("Esc")
    assert not shell.monitor.travelling
    assert shell.window.status_line.sentence.startswith("At timestep")


def test_settings_that_wait_are_told_on_every_page(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    button = shell.window.rail.buttons["train"]
    shell.press("Ctrl+4")
    before = button.grab().toImage()
    shell.state.set_pending(True)
    assert shell.window.status_line.aside == "Changed settings wait: Apply starts a new run with them."
    assert button.grab().toImage() != before
    shell.state.set_pending(False)
    assert shell.window.status_line.aside == ""
    assert button.grab().toImage() == before


# -- failure and problems


@pytest.mark.expects_log("Training stopped")
def test_failure_is_a_banner_with_what_to_try(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.train(12)
    shell.runner.fail()
    shell.poll()
    window = shell.window
    banner = window.failure_banner
    assert not banner.isHidden()
    assert banner.sentence == "The LSTM's loss is not a number any more."
    assert banner.advice == "Try a lower learning rate."
    assert not window.top_bar.train.isEnabled()
    assert window.status_line.sentence == banner.sentence
    assert banner.button("restore").text() == "Restore update 12"
    shell.press("Space")
    shell.poll()
    assert shell.monitor.run_state is RunState.FAILED
    click(banner.button("restore"))
    shell.poll()
    assert banner.isHidden()
    assert shell.monitor.run_state is RunState.PAUSED
    assert window.top_bar.train.isEnabled()


@pytest.mark.expects_log("Training stopped")
def test_rewind_after_failure(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.runner.fail()
    shell.poll()
    click(shell.window.failure_banner.button("rewind"))
    shell.poll()
    assert shell.window.failure_banner.isHidden()
    assert shell.monitor.snapshot.update == 0


def test_a_problem_is_shown_and_closed(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.window.show_problem("Something went wrong.", "Go on.")
    banner = shell.window.problem_banner
    assert not banner.isHidden()
    close = next(
        button for button in banner.findChildren(QPushButton) if button.accessibleName().startswith("Close")
    )
    click(close)
    assert banner.isHidden()


# -- lecture mode


def test_lecture_mode_shows_one_group_at_a_time(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    page = plain_page(shell)

    def shown() -> list[int]:
        return [number for number, panel in enumerate(page.panels) if panel.isVisible()]

    shell.press("F11")
    assert shell.window.isFullScreen()
    assert shell.state.theme.scale == 1.6
    assert shown() == [0, 1]
    assert not page.experiment.isVisible()
    sign = shell.window.lecture.sign
    assert sign.text == "1 of 2 · Tab"
    assert not sign.isHidden()
    shell.press("Tab")
    assert shown() == [2, 3, 4]
    assert sign.text == "2 of 2 · Tab"
    shell.press("Tab")
    assert shown() == [0, 1]
    shell.press("Shift+Tab")
    assert shown() == [2, 3, 4]
    shell.press("Ctrl+3")
    assert sign.text == "1 of 2 · Tab", "every page remembers its own group"
    shell.press("Ctrl+2")
    assert shown() == [2, 3, 4]
    shell.press("Esc")
    assert not shell.state.lecture
    assert not shell.window.isFullScreen()
    assert shown() == [0, 1, 2, 3, 4]
    assert page.experiment.isVisible()
    assert sign.isHidden()


def test_the_sign_of_a_lecture_covers_nothing_that_is_said(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    line, sign = shell.window.status_line, shell.window.lecture.sign
    whole = line.contentsRect().width()
    shell.press("F11")
    assert not sign.isHidden()
    assert line.contentsRect().right() < sign.geometry().left()
    shell.press("Esc")
    assert line.contentsRect().width() == whole


def test_lecture_mode_comes_back_to_a_maximised_window(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.window.showMaximized()
    shell.press("F11")
    shell.press("F11")
    assert shell.window.isMaximized()


def test_what_a_page_hides_itself_stays_hidden(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    page = plain_page(shell)
    page.panels[0].hide()
    shell.press("F11")
    shell.press("Tab")
    shell.press("F11")
    assert page.panels[0].isHidden()
    assert not page.panels[1].isHidden()


# -- overlays and tour


def test_palette_finds_and_does(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("Ctrl+K")
    palette = shell.window.palette_overlay
    assert palette is not None
    everything = [command.id for command in palette.found()]
    assert "open_rnn" in everything
    assert "escape" not in everything
    assert "palette" not in everything
    qtbot.keyClicks(palette.field, "open rnn")
    assert palette.found()[0].id == "open_rnn"
    shell.press("Return")
    assert shell.state.network == "rnn"
    shell.press("Ctrl+K")
    assert palette.field.text() == ""
    qtbot.keyClicks(palette.field, "zzz")
    assert palette.found() == []
    assert not palette.nothing.isHidden()
    shell.press("Return")
    assert shell.window.overlay_open
    shell.press("Ctrl+K")
    assert not shell.window.overlay_open


def test_palette_arrows_wrap_and_impossible_commands_wait(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("Ctrl+K")
    palette = shell.window.palette_overlay
    assert palette is not None
    qtbot.keyClicks(palette.field, "back to now")
    assert palette.found()[0].id == "back_to_now"
    shell.press("Return")
    assert shell.window.overlay_open, "what is not possible is not done"
    palette.field.setText("")
    shell.press("Up")
    assert palette.lines.currentIndex().row() == len(palette.found()) - 1
    shell.press("Down")
    assert palette.lines.currentIndex().row() == 0
    qtbot.keyClicks(palette.field, "speed 5 a")
    click_at = palette.lines.visualRect(palette.lines.currentIndex()).center()
    QTest.mouseClick(palette.lines.viewport(), LEFT, pos=click_at)
    assert shell.monitor.speed == 5.0


def test_a_click_beside_an_overlay_closes_it(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("?")
    sheet = shell.window.shortcut_sheet
    assert sheet is not None
    QTest.mouseClick(sheet.card, LEFT, pos=QPoint(5, 5))
    assert not sheet.isHidden()
    QTest.mouseClick(sheet, LEFT, pos=QPoint(3, 3))
    assert sheet.isHidden()


def test_the_sheet_names_every_key(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("F1")
    sheet = shell.window.shortcut_sheet
    assert sheet is not None
    listed = {command.id for _, entries in sheet.table.groups for command in entries}
    with_keys = {command.id for command in shell.window.commands.commands if command.keys and command.listed}
    assert listed == with_keys
    assert "Space: Train or pause" in sheet.table.accessibleDescription()
    assert colours(sheet) > 20


def test_in_a_lecture_the_sheet_is_large_and_scrolls(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("F11")
    shell.window.resize(1280, 720)
    shell.press("F1")
    sheet = shell.window.shortcut_sheet
    assert sheet is not None
    assert sheet.table._theme().scale == shell.state.theme.scale
    QApplication.processEvents()
    bar = sheet._scroll.verticalScrollBar()
    assert (bar.value(), bar.maximum() > 0) == (0, True)
    QTest.keyClick(sheet, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(sheet, Qt.Key.Key_PageUp)
    assert bar.value() == 0
    shell.press("Esc")
    assert sheet.isHidden()


@pytest.mark.parametrize("size", [(1024, 700), (1920, 1080)])
def test_overlays_follow_the_window(size: tuple[int, int], qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("?")
    shell.window.resize(*size)
    QApplication.processEvents()
    sheet = shell.window.shortcut_sheet
    assert sheet is not None
    assert sheet.size() == shell.window.size()
    assert sheet.rect().contains(sheet.card.geometry())


def test_the_tour_never_blocks(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.press("Ctrl+4")
    shell.window.do_id("tour")
    tour = shell.window.tour
    assert tour is not None
    assert shell.state.page == "train"
    assert tour.count.text() == "1 of 3"
    assert tour.light.contains(
        plain_page(shell).strip.mapTo(shell.window, plain_page(shell).strip.rect().center())
    )
    assert not tour.light.intersects(tour.card.geometry())
    shell.press("U")
    shell.poll()
    assert shell.monitor.snapshot.update == 1, "all other keys do what they do"
    click(tour.next_button)
    assert tour.count.text() == "2 of 3"
    target = shell.window.top_bar.train
    assert tour.light.contains(target.mapTo(shell.window, target.rect().center()))
    top = shell.window.childAt(target.mapTo(shell.window, target.rect().center()))
    assert top is target, "the lit button can be clicked"
    click(tour.back_button)
    assert not tour.back_button.isEnabled()
    for _ in range(3):
        shell.press("PgDown")
    assert not shell.window.tour_runs
    assert tour.card.isHidden()
    shell.press("PgDown")
    assert shell.state.timestep == 1, "after the tour the clicker steps again"


def test_esc_ends_the_tour(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    click(shell.window.first_hint.button("tour"))
    assert shell.window.tour_runs
    shell.press("Esc")
    assert not shell.window.tour_runs


def test_the_tour_keeps_its_place_when_the_window_grows(qtbot: QtBot) -> None:
    shell = make_shell(qtbot, size=(1024, 700))
    shell.window.start_tour()
    for size in ((1600, 900), (1024, 700)):
        shell.window.resize(*size)
        QApplication.processEvents()
        tour = shell.window.tour
        assert tour is not None
        assert shell.window.rect().contains(tour.card.geometry())
        assert shell.window.rect().contains(tour.light)


# -- themes


def test_the_theme_follows_the_system(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.ui import appearance

    system = {"dark": True}
    monkeypatch.setattr(appearance, "system_is_dark", lambda: system["dark"])
    shell = make_shell(qtbot, settings=WindowSettings(theme="system"))
    assert shell.state.dark
    system["dark"] = False
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert not shell.state.dark
    shell.press("T")
    assert shell.state.dark
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert shell.state.dark, "a theme that was chosen stays"
    shell.window.do_id("theme_system")
    assert not shell.state.dark


def test_both_themes_paint_everything(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    light = shell.window.grab().toImage()
    shell.press("T")
    dark = shell.window.grab().toImage()
    corner = (shell.window.width() // 2, 3)
    assert light.pixelColor(*corner).lightness() > 200
    assert dark.pixelColor(*corner).lightness() < 60
    for part in (shell.window.top_bar, shell.window.rail, shell.window.status_line):
        assert colours(part) > 3


# -- settings


def test_everything_is_remembered(qtbot: QtBot, settings_folder: Path) -> None:
    file = SettingsFile()
    first = make_shell(qtbot, settings=file.read(), settings_file=file)
    first.window.resize(1200, 800)
    first.press("Ctrl+4")
    first.press("V")
    first.window.appearance.choose("dark")
    first.monitor.set_speed(50.0)
    first.window.close()
    again = SettingsFile()
    second = make_shell(qtbot, settings=again.read(), settings_file=again, size=(1200, 800))
    assert second.state.page == "memory"
    assert second.state.vocabulary == "textbook"
    assert second.state.dark
    assert second.monitor.speed == 50.0
    assert second.runner.speed == 50.0
    assert second.window.current_settings().geometry


def test_the_folded_experiment_stays_folded(qtbot: QtBot) -> None:
    first = make_shell(qtbot)
    first.press("E")
    settings = first.window.current_settings()
    assert not settings.panel_open
    first.window.close()
    second = make_shell(qtbot, settings=settings)
    assert not plain_page(second).experiment.isVisible()
    second.press("E")
    assert plain_page(second).experiment.isVisible()


def test_geometry_comes_back(qtbot: QtBot, settings_folder: Path) -> None:
    first = make_shell(qtbot, settings_file=SettingsFile())
    first.window.setGeometry(30, 40, 1100, 710)
    QApplication.processEvents()
    settings = first.window.current_settings()
    first.window.close()
    from playground.ui.main_window import MainWindow
    from playground.ui.monitor import RunMonitor
    from playground.ui.state import UiState

    state = UiState()
    window = MainWindow(state, RunMonitor(FakeRunner(), state), settings, pages=PLACEHOLDERS)
    qtbot.addWidget(window)
    assert window.height() == 710  # its width is cut to the small screen of the tests


def test_a_page_that_is_gone_is_no_problem(qtbot: QtBot) -> None:
    shell = make_shell(qtbot, settings=WindowSettings(page="library"))
    assert shell.state.page == "train"


def test_a_broken_settings_file_is_said(qtbot: QtBot, settings_folder: Path) -> None:
    settings_folder.mkdir()
    (settings_folder / "settings.json").write_text("{", encoding="utf-8")
    file = SettingsFile()
    shell = make_shell(qtbot, settings=file.read(), settings_file=file, begin=False)
    assert shell.window.status_line.sentence == file.problem
    assert "set aside as settings.json.broken-1" in file.problem


# -- the end


def test_close_while_training_stops_the_runner(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.monitor.start_polling()
    shell.press("Space")
    qtbot.waitUntil(lambda: shell.monitor.snapshot.update > 0)
    shell.press("Ctrl+Q")
    assert shell.runner.stopped
    assert not shell.monitor.polling
    assert not shell.window.isVisible()


def test_close_before_the_engine_was_there(qtbot: QtBot) -> None:
    shell = make_shell(qtbot, begin=False, runner=FakeRunner(canned_traces, loading_polls=99))
    shell.window.close()
    assert not shell.window.isVisible()


def test_first_paint_is_told_once_strip_and_button_are_there(qtbot: QtBot) -> None:
    from playground.ui.main_window import MainWindow
    from playground.ui.monitor import RunMonitor
    from playground.ui.state import UiState

    state = UiState()
    window = MainWindow(state, RunMonitor(None, state), pages=PLACEHOLDERS)
    qtbot.addWidget(window)
    told: list[bool] = []
    window.first_painted.connect(lambda: told.append(True))
    assert len(window.watched_parts()) == 2
    with qtbot.waitSignal(window.first_painted):
        window.show()
    window.repaint()
    window.hide()
    window.show()
    QApplication.processEvents()
    assert told == [True]


def test_the_status_line_speaks_of_the_sequence_only_where_it_is_shown(qtbot: QtBot) -> None:
    shell = make_shell(qtbot)
    shell.train(3)
    told = shell.window.status_line.sentence
    assert told
    shell.state.set_page("batches")
    assert shell.window.status_line.sentence == page_help("batches")["guide"]
    shell.state.set_status("Speed: full.")
    assert shell.window.status_line.sentence == "Speed: full."
    shell.state.set_status("")
    shell.state.set_page("train")
    assert shell.window.status_line.sentence == told
