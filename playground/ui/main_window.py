"""The window: top bar, rail, the pages, banners above them, the status line. Composition only."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from playground.contract.cell_description import Words
from playground.ui.appearance import Appearance
from playground.ui.banner import Banner, BannerButton
from playground.ui.commands import Command, CommandTable, command_table
from playground.ui.first_hint import FirstHint
from playground.ui.garbage import WindowGarbage
from playground.ui.key_dispatch import KeyDispatch
from playground.ui.lecture import Lecture
from playground.ui.monitor import RunMonitor
from playground.ui.page_table import PAGES, PageEntry
from playground.ui.rail import Rail
from playground.ui.sequence_crumb import SequenceCrumb
from playground.ui.settings import SettingsFile, WindowSettings
from playground.ui.state import UiState
from playground.ui.status_line import StatusLine
from playground.ui.top_bar import TopBar
from playground.ui.vocabulary import network_title
from playground.ui.window_actions import WindowActions
from playground.ui.window_first import WindowFirst

# What lies over the window is imported when it is first asked for: the first paint comes sooner.
if TYPE_CHECKING:
    from playground.trace.snapshot import RunFailure
    from playground.ui.command_palette import CommandPalette
    from playground.ui.overlay import Overlay
    from playground.ui.own_data import OwnData
    from playground.ui.shortcut_sheet import ShortcutSheet
    from playground.ui.tour import Tour

SMALLEST = QSize(1024, 700)
USUAL = QSize(1440, 900)
PAGE_MARGIN = 20
TIGHT_HEIGHT = 760

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """The whole window. `settings` are what was remembered; with `settings_file` they are written when it closes.

    Pages are built when they are first turned to. `first_painted` comes once, when the event strip and the Train button
    have been painted: only then the engine is loaded (see `app`). Closing stops the runner and waits for it.
    """

    first_painted = Signal()

    def __init__(
        self,
        state: UiState,
        monitor: RunMonitor,
        settings: WindowSettings | None = None,
        settings_file: SettingsFile | None = None,
        pages: Sequence[PageEntry] = PAGES,
    ) -> None:
        super().__init__()
        self.state = state
        self.monitor = monitor
        self._settings = settings if settings is not None else WindowSettings()
        self._settings_file = settings_file
        self._pages = {entry.key: entry for entry in pages}
        self._built: dict[str, QWidget] = {}
        self._shown_failure: RunFailure | None = None
        self._lazy_parts_started = False
        self._user_first: WindowFirst | None = None
        self.commands: CommandTable = command_table(pages)
        self.actions_ = WindowActions(self, state, monitor)
        self.garbage = WindowGarbage(self)
        self.setWindowTitle("Sequence Playground")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

        state.motion = self._settings.motion
        state.set_appearance(vocabulary=self._settings.vocabulary)
        first_page = self._settings.page if self._settings.page in self._pages else next(iter(self._pages))
        state.set_page(first_page)
        self.appearance = Appearance(state, self, self._settings.theme, self)

        self.palette_overlay: CommandPalette | None = None
        self.shortcut_sheet: ShortcutSheet | None = None
        self._own_data: OwnData | None = None
        self.setAcceptDrops(True)
        self.tour: Tour | None = None
        self._build_parts(pages)
        self.keys = KeyDispatch(self, self.commands, self.possible, self.do)

        state.page_changed.connect(self._page_changed)
        state.appearance_changed.connect(self._appearance_changed)
        monitor.state_changed.connect(self._run_state_changed)
        self._appearance_changed()
        self._page_changed(first_page)
        self._restore_geometry()
        self._first_paint: _FirstPaint | None = _FirstPaint(self)
        if settings_file is not None and settings_file.problem:
            state.set_status(settings_file.problem)

    def _build_parts(self, pages: Sequence[PageEntry]) -> None:
        state, monitor = self.state, self.monitor
        ground = QWidget(self)
        ground.setObjectName("ground")
        self.setCentralWidget(ground)
        self.top_bar = TopBar(state, monitor, self.commands, ground)
        self.rail = Rail(state, pages, ground)
        self.status_line = StatusLine(state, monitor, ground)
        self.area = QWidget(ground)
        self.failure_banner = Banner(state, "danger", self.area)
        self.failure_banner.setObjectName("failureBanner")
        self.problem_banner = Banner(state, "danger", self.area)
        self.problem_banner.setObjectName("problemBanner")
        self.first_hint = FirstHint(state, monitor, self.area)
        self.crumb = SequenceCrumb(state, monitor, self.area)
        self.stack = _PageStack(self.area)
        self._area_column = QVBoxLayout(self.area)
        for part in (self.failure_banner, self.problem_banner, self.first_hint, self.crumb):
            self._area_column.addWidget(part)
        self._area_column.addWidget(self.stack, 1)
        grid = QGridLayout(ground)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.top_bar, 0, 0, 1, 2)
        grid.addWidget(self.rail, 1, 0)
        grid.addWidget(self.area, 1, 1)
        grid.addWidget(self.status_line, 2, 0, 1, 2)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self.lecture = Lecture(state, self.status_line, self)

        for banner in (self.failure_banner, self.problem_banner, self.first_hint):
            banner.chosen.connect(self.do_id)
        self.crumb.chosen.connect(self.do_id)
        self.top_bar.chosen.connect(self.do_id)
        self.top_bar.speed_chosen.connect(self._speed_chosen)
        self.top_bar.vocabulary_chosen.connect(self._vocabulary_chosen)
        self.rail.page_chosen.connect(state.set_page)

    # -- commands
    def possible(self, command: Command) -> bool:
        """Whether a command can be done now."""
        if self.overlay_open and not command.over_overlays:
            return False
        condition: Callable[[], bool] = getattr(self.actions_, command.enabled_when)
        return condition()

    def do(self, command: Command) -> None:
        """Do a command, if it is possible now."""
        if not self.possible(command):
            return
        self.monitor.window_works(waited_for=True)  # a key of a shortcut never comes to the window itself
        handler = getattr(self.actions_, command.handler)
        if command.argument is None:
            handler()
        else:
            handler(command.argument)
        self.keys.refresh()

    @Slot(str)
    def do_id(self, command_id: str) -> None:
        """Do the command of this id."""
        self.do(self.commands[command_id])

    def offered_commands(self) -> list[tuple[Command, bool]]:
        """What the palette offers: all commands, one for each network of the moment shown, and its what-ifs."""
        networks = [
            Command(
                f"open_{key}",
                Words(f"Open {network_title(key, 'guide')}", f"Open {network_title(key, 'textbook')}"),
                Words("Shows the inside of this network.", "Shows the inside of this network."),
                "open_network",
                "Sequence",
                icon="network",
                argument=key,
            )
            for key in self.state.moment.traces
        ]
        conditions = {
            command: getattr(self.actions_, command.enabled_when)() for command in self.commands.commands
        }
        return [
            (command, possible) for command, possible in conditions.items() if command.id != "palette"
        ] + [(command, True) for command in (*networks, *self._what_if_commands())]

    def _what_if_commands(self) -> list[Command]:
        """What can be held and wiped in the opened network, from the playhead on."""
        from playground.ui.what_if_commands import palette_commands

        trace = self.state.true_trace
        if trace is None or "step" not in self._pages:
            return []
        return palette_commands(trace.description, self.state.timestep)

    # -- pages
    @property
    def current_page(self) -> QWidget | None:
        """The page that is shown."""
        return self._built.get(self.state.page)

    def page(self, key: str) -> QWidget:
        """A page, built now if it was not yet."""
        if key not in self._built:
            try:
                page = self._pages[key].build(self.state, self.monitor)
            except Exception as error:
                log.exception("The page %s could not be built", key)
                page = _BrokenPage(self._pages[key].title[self.state.vocabulary], error)
            self._built[key] = page
            self.stack.addWidget(page)
            if hasattr(page, "command_wanted"):
                page.command_wanted.connect(self.do_id)
            if hasattr(page, "form_handle"):
                page.form_handle.setChecked(self._settings.panel_open)
            if self._lazy_parts_started and hasattr(page, "start_lazily"):
                page.start_lazily()
        return self._built[key]

    @Slot(str)
    def _page_changed(self, key: str) -> None:
        if key in self._pages:
            page = self.page(key)
            self.stack.setCurrentWidget(page)
            self.stack.updateGeometry()
            self.lecture.set_page(page)
            if hasattr(self, "keys"):
                self.keys.refresh()

    # -- appearance
    @Slot()
    def _appearance_changed(self) -> None:
        theme = self.state.theme
        self._set_margins()
        self._area_column.setSpacing(theme.px(12))
        if hasattr(self, "keys"):
            self.keys.refresh()

    def _set_margins(self) -> None:
        """The room around the page: less of it where every pixel counts."""
        theme = self.state.theme
        tight = self.height() < TIGHT_HEIGHT
        side, edge = (12, 8) if self.state.lecture else (PAGE_MARGIN, 12 if tight else 16)
        self._area_column.setContentsMargins(theme.px(side), theme.px(edge), theme.px(side), theme.px(edge))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_margins()

    def set_lecture(self, on: bool, *, full_screen: bool = True) -> None:
        """Lecture mode on or off; with `full_screen` the window goes there and comes back as it was."""
        if full_screen and on and not self.isFullScreen():
            self._maximised_before = self.isMaximized()
            self.showFullScreen()
        elif full_screen and not on and self.isFullScreen():
            if getattr(self, "_maximised_before", False):
                self.showMaximized()
            else:
                self.showNormal()
        self.state.set_appearance(lecture=on)

    def minimumSizeHint(self) -> QSize:
        return SMALLEST

    def sizeHint(self) -> QSize:
        return USUAL

    # -- overlays
    @property
    def overlay_open(self) -> bool:
        """Whether the palette or the sheet lies over the window."""
        return any(overlay is not None and not overlay.isHidden() for overlay in self._overlays())

    def _overlays(self) -> tuple[Overlay | None, ...]:
        own_data = None if self._own_data is None else self._own_data.open_overlay
        return (self.palette_overlay, self.shortcut_sheet, own_data)

    def close_overlay(self) -> bool:
        """Close what lies over the window; whether there was something."""
        for overlay in self._overlays():
            if overlay is not None and not overlay.isHidden():
                overlay.close_overlay()
                return True
        return False

    def toggle_palette(self) -> None:
        """Open the palette, or close it."""
        if self.palette_overlay is None:
            from playground.ui.command_palette import CommandPalette

            self.palette_overlay = CommandPalette(self.state, self.offered_commands, self)
            self.palette_overlay.chosen.connect(self._palette_chosen)
        self._toggle(self.palette_overlay)

    def toggle_shortcuts(self) -> None:
        """Open the sheet of keys, or close it."""
        if self.shortcut_sheet is None:
            from playground.ui.shortcut_sheet import ShortcutSheet

            self.shortcut_sheet = ShortcutSheet(self.state, self.commands, self)
        self._toggle(self.shortcut_sheet)

    def _toggle(self, overlay: Overlay) -> None:
        was_open = not overlay.isHidden()
        self.close_overlay()
        if not was_open:
            overlay.open()

    @Slot(object)
    def _palette_chosen(self, command: Command) -> None:
        self.do(command)

    # -- data of the user
    @property
    def own_data(self) -> OwnData:
        """Takes texts and tables that are dropped, opened or pasted; from its first use on."""
        if self._own_data is None:
            from playground.ui.own_data import OwnData

            self._own_data = OwnData(self, self.state, self.monitor)
        return self._own_data

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # The first one only: from then on OwnData watches what comes over the window.
        if self._own_data is not None or not self.own_data.eventFilter(self, event):
            event.ignore()

    # -- the tour
    @property
    def tour_runs(self) -> bool:
        """Whether the tour is on."""
        return self.tour is not None and self.tour.running

    def start_tour(self) -> None:
        """Begin the tour, on the Train page."""
        self.set_lecture(False)
        if "train" in self._pages:
            self.state.set_page("train")
        if self.tour is None:
            from playground.ui.tour import Tour

            self.tour = Tour(self.state, self)
        from playground.ui.tour import tour_of

        self.tour.begin(tour_of(self.monitor.task))

    def tour_turn(self, direction: int) -> None:
        """The next stop, or the one before."""
        if self.tour is not None:
            if direction > 0:
                self.tour.next()
            else:
                self.tour.previous()

    def end_tour(self) -> bool:
        """End the tour; whether it was on."""
        if self.tour is None or not self.tour.running:
            return False
        self.tour.end()
        return True

    # -- the run
    @Slot()
    def _run_state_changed(self) -> None:
        failure = self.monitor.failure
        if failure == self._shown_failure:
            return
        self._shown_failure = failure
        if failure is None:
            self.failure_banner.hide()
            return
        self.failure_banner.say(
            failure.sentence,
            failure.advice,
            (
                BannerButton("rewind", "Rewind", "plain", "rewind"),
                BannerButton("restore", f"Restore update {failure.update:,}", "primary", "restore"),
            ),
        )

    def show_problem(self, sentence: str, advice: str = "") -> None:
        """Say in the window that something went wrong that was not foreseen. The window lives on."""
        self.problem_banner.say(sentence, advice)

    @Slot(object)
    def _speed_chosen(self, speed: float | None) -> None:
        self.monitor.set_speed(speed)

    @Slot(str)
    def _vocabulary_chosen(self, vocabulary: str) -> None:
        self.state.set_appearance(vocabulary=vocabulary)

    # -- beginning and end
    def watched_parts(self) -> tuple[QWidget, ...]:
        """What the first paint must contain: the Train button, and the event strip of the page."""
        page = self.current_page
        strips = [] if page is None else page.findChildren(QWidget, "eventStrip")
        return (self.top_bar.train, *strips[:1])

    def start_lazy_parts(self) -> None:
        """After the first paint: let the pages import what takes long."""
        self._lazy_parts_started = True
        for page in self._built.values():
            if hasattr(page, "start_lazily"):
                page.start_lazily()

    def current_settings(self) -> WindowSettings:
        """What is to be remembered."""
        handles = [page.form_handle for page in self._built.values() if hasattr(page, "form_handle")]
        return dataclasses.replace(
            self._settings,
            panel_open=handles[0].isChecked() if handles else self._settings.panel_open,
            geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"),
            maximised=self.isMaximized(),
            theme=self.appearance.choice,
            vocabulary=self.state.vocabulary,
            page=self.state.page,
            speed=self.monitor.speed,
            motion=self.state.motion,
        )

    def _restore_geometry(self) -> None:
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL)
        geometry = self._settings.geometry
        if geometry and not self.restoreGeometry(QByteArray(bytes.fromhex(geometry))):
            log.info("The place of the window was not taken: it does not fit this screen")
        if self.isFullScreen():
            self.showNormal()  # lecture mode is chosen anew for every lecture
        screen = QGuiApplication.primaryScreen()
        if not geometry and screen is not None:
            room = screen.availableGeometry()
            size = USUAL.boundedTo(room.size()).expandedTo(SMALLEST)
            self.resize(size)
            self.move(
                room.topLeft()
                + QPoint((room.width() - size.width()) // 2, (room.height() - size.height()) // 2)
            )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.garbage.begin()
        handle = self.windowHandle()
        if handle is not None and self._user_first is None:
            self._user_first = WindowFirst(handle, self.monitor)
        if self.focusWidget() is None:
            self.setFocus()  # the keys are the window's until somebody presses Tab

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.state.lecture:
            self.set_lecture(False)
        if self._settings_file is not None:
            self._settings_file.write(self.current_settings())
        self.end_tour()
        event.accept()
        # Out of sight at once: the training thread may be in the middle of importing the engine.
        self.hide()
        self._end_work_beside()
        if self.monitor.stop():  # a thread that still runs must not be the one that collects
            self.garbage.end()

    def _end_work_beside(self) -> None:
        """No thread that reads or counts goes on when the window is gone."""
        from playground.ui.background import Background

        for work in self.findChildren(Background):
            work.stop()

    @Slot()
    def _first_paint_seen(self) -> None:
        self._first_paint = None
        self.first_painted.emit()


class _PageStack(QStackedWidget):
    """Needs only the room that the page shown needs: what the others would need is no reason to cut it off."""

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()

    def sizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.sizeHint() if page is not None else super().sizeHint()


class _FirstPaint(QObject):
    """Waits until all watched parts were painted, then tells the window once that paint is over."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._waiting = list(window.watched_parts())
        # The event comes before the painting: a timer of zero comes after all of it has reached the screen.
        self._afterwards = QTimer(self)
        self._afterwards.setSingleShot(True)
        self._afterwards.setInterval(0)
        self._afterwards.timeout.connect(window._first_paint_seen)
        for part in self._waiting:
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched in self._waiting:
            watched.removeEventFilter(self)
            self._waiting.remove(watched)
            if not self._waiting:
                self._afterwards.start()
        return False


class _BrokenPage(QLabel):
    """Stands where a page could not be built."""

    def __init__(self, title: str, error: Exception) -> None:
        super().__init__(
            f"The page {title} could not be opened ({type(error).__name__}: {error}). "
            "The other pages work; `playground doctor` says what may be missing."
        )
        self.setProperty("role", "sentence")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
