"""The slider over training time: from the first update to now, with a mark for every update that is kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from playground.trace.snapshot import ReplayProgress
from playground.ui.plots.calm_ranges import tick_distance
from playground.ui.plots.polyline import mixed
from playground.ui.state import UiState

HANDLE = 8
"""Unscaled radius of the handle, and the room left and right of the track."""

MARKS_MAY_LAG = 4.0
"""Pixels that marks and ticks may stand beside their place while the run goes on: all of them move in every frame."""


def nearest_kept(kept: NDArray[np.int64], update: float) -> int:
    """The kept update closest to `update`, the earlier one of two; 0 when none is kept."""
    if not len(kept):
        return 0
    after = int(np.searchsorted(kept, update))
    candidates = kept[max(0, after - 1) : after + 1]
    return int(candidates[np.argmin(np.abs(candidates - update))])


class TrainingTimeSlider(QAbstractSlider):
    """Drag, or Left and Right between kept updates, Home and End. It snaps to kept updates; the right end is now.

    `chosen(update)` is called for every kept update the handle comes to, `back(…)` when it is put to the right end.
    """

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self.chosen: Callable[[int], None] | None = None
        self.back: Callable[[], None] | None = None
        self._kept: NDArray[np.int64] = np.zeros(0, np.int64)
        self._now = 0
        self._live = True
        self._replay: ReplayProgress | None = None
        self._dragged_to: int | None = None
        self._below_pixmap: QPixmap | None = None
        self._below_of: tuple[object, ...] = ()
        self._below_now = 0
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Training time")
        self.setToolTip(
            "Drag to an earlier update: every panel shows that moment of this run, exactly as it was."
        )

    def show_run(
        self, now: int, kept: NDArray[np.int64], shown: int, live: bool, replay: ReplayProgress | None = None
    ) -> None:
        """Where the run is, which updates are kept, and which one is looked at. Called for every frame."""
        self._now, self._kept, self._live, self._replay = now, kept, live, replay
        if (self.maximum(), self.value()) != (now, shown):
            self.setRange(0, now)
            self.setValue(shown)
        self.setEnabled(now > 0)
        self.update()

    @property
    def handle(self) -> int:
        """The update under the handle: where it is dragged to, or what is shown."""
        if self._dragged_to is not None:
            return self._dragged_to
        return self._now if self._live else self.value()

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(300), theme.px(44))

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(120), theme.px(44))

    # -- geometry
    @property
    def _track(self) -> QRectF:
        theme = self.state.theme
        side = theme.px(HANDLE + 2)
        return QRectF(side, theme.px(19), max(1.0, self.width() - 2 * side), theme.px(6))

    def x_of(self, update: float) -> float:
        """The pixel of an update."""
        track = self._track
        return track.left() + track.width() * (update / self._now if self._now else 1.0)

    def update_at(self, x: float) -> int:
        """The update under a pixel, kept or not."""
        track = self._track
        return round(min(max((x - track.left()) / track.width(), 0.0), 1.0) * self._now)

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, track = self.state.theme, self._track
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(track, radius, radius)
        if self._now:
            self._paint_run(painter, track, radius)
        elif self._live:
            self._paint_handle(painter, track.left(), "border_strong")
        painter.end()

    def _paint_run(self, painter: QPainter, track: QRectF, radius: float) -> None:
        theme = self.state.theme
        past = not self._live or self._dragged_to is not None
        x = self.x_of(self.handle)
        painter.setBrush(theme.colour("playhead" if past else "accent"))
        run = QRectF(track.left(), track.top(), max(x - track.left(), radius), track.height())
        painter.drawRoundedRect(run, radius, radius)
        painter.drawPixmap(0, 0, self._below(track))
        self._paint_now(painter, track)
        if self._replay is not None:
            self._paint_replay(painter, track, self._replay)
        self._paint_handle(painter, x, "playhead" if past else "accent")
        self._paint_words(painter, x, past)

    def _below(self, track: QRectF) -> QPixmap:
        """Marks and ticks. They are painted again only when they would stand some pixels elsewhere."""
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, self.state.theme, len(self._kept) > 0)
        moved = abs(self._now - self._below_now) * track.width() / max(self._now, 1)
        lag = MARKS_MAY_LAG if self._live else 1.0
        if self._below_pixmap is None or self._below_of != key or moved >= lag:
            self._below_pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._below_pixmap.setDevicePixelRatio(ratio)
            self._below_pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._below_pixmap)
            self._paint_marks(painter, track)
            self._paint_ticks(painter, track)
            painter.end()
            self._below_of, self._below_now = key, self._now
        return self._below_pixmap

    def _paint_marks(self, painter: QPainter, track: QRectF) -> None:
        """A mark below the track for every kept update: dense where many are kept. One row of pixels, stretched."""
        if not len(self._kept):
            return
        theme = self.state.theme
        width = max(1, int(track.width()))
        row = np.full(width, theme.colour("surface").rgb(), np.uint32)
        places = np.minimum((self._kept * ((width - 1) / self._now)).astype(np.int64), width - 1)
        row[places] = mixed(theme.colour("muted"), theme.colour("surface"), 0.7).rgb()
        image = QImage(row.data, width, 1, width * 4, QImage.Format.Format_RGB32)
        painter.drawImage(QRectF(track.left(), track.bottom() + theme.px(3), width, theme.px(3)), image)

    def _paint_ticks(self, painter: QPainter, track: QRectF) -> None:
        """Round updates below the track, as far as they leave room for the number of now at its end."""
        theme = self.state.theme
        font = theme.font(10)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        metrics = QFontMetricsF(font)
        top = track.bottom() + theme.px(6)
        distance = tick_distance(self._now, max(1, int(track.width() / theme.px(84))))
        for update in range(0, self._now + 1, distance):
            words = f"{update:,}"
            width = metrics.horizontalAdvance(words)
            x = self.x_of(update)
            if x + width / 2 > track.right() - theme.px(36):
                break
            left = max(x - width / 2, 0.0)
            painter.drawText(
                QRectF(left, top, width + 1, metrics.height()), Qt.AlignmentFlag.AlignLeft, words
            )

    def _paint_now(self, painter: QPainter, track: QRectF) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(10))
        painter.setPen(theme.colour("muted"))
        box = QRectF(track.right() - theme.px(80), track.bottom() + theme.px(6), theme.px(90), theme.px(16))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, f"{self._now:,}")

    def _paint_replay(self, painter: QPainter, track: QRectF, replay: ReplayProgress) -> None:
        """How far the replay is: a line on the track, and an open ring where it will arrive."""
        theme = self.state.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(theme.colour("playhead"), theme.colour("surface"), 0.45))
        width = max(0.0, self.x_of(replay.at_update) - track.left())
        reached = QRectF(track.left(), track.top(), width, track.height())
        painter.drawRoundedRect(reached, track.height() / 2, track.height() / 2)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("playhead"), 2 * theme.scale))
        painter.drawEllipse(
            QPointF(self.x_of(replay.target_update), track.center().y()), theme.px(6), theme.px(6)
        )

    def _paint_handle(self, painter: QPainter, x: float, colour: str) -> None:
        theme = self.state.theme
        centre = QPointF(x, self._track.center().y())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2 * theme.scale))
            painter.drawEllipse(centre, theme.px(HANDLE + 2), theme.px(HANDLE + 2))
        painter.setPen(QPen(theme.colour("surface"), 2 * theme.scale))
        painter.setBrush(theme.colour(colour))
        painter.drawEllipse(centre, theme.px(HANDLE), theme.px(HANDLE))

    def _paint_words(self, painter: QPainter, x: float, past: bool) -> None:
        """The name of the update above the handle."""
        theme = self.state.theme
        words = f"update {self.handle:,}"
        if past:
            kept = bool(len(self._kept)) and nearest_kept(self._kept, self.handle) == self.handle
            words += " · kept" if kept else " · replayed"
        else:
            words = f"now, {words}"
        font = theme.font(11, bold=True)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(words)
        left = min(max(x - width / 2, 0.0), self.width() - width - 1)
        painter.setFont(font)
        painter.setPen(theme.colour("pending_ink" if past else "text"))
        painter.drawText(
            QRectF(left, -theme.px(1), width + 1, metrics.height()), Qt.AlignmentFlag.AlignLeft, words
        )

    # -- hands
    def _drag(self, x: float) -> None:
        if not self._now:
            return
        wanted = self.update_at(x)
        at_end = x >= self._track.right() - self.state.theme.px(4)
        target = self._now if at_end else nearest_kept(self._kept, wanted)
        if target != self._dragged_to:
            self._dragged_to = target
            self._go(target, at_end)
        self.update()

    def _go(self, target: int, to_now: bool) -> None:
        if to_now:
            if self.back is not None:
                self.back()
        elif self.chosen is not None:
            self.chosen(target)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self._dragged_to = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        earlier = self._kept[self._kept < self.handle]
        later = self._kept[self._kept > self.handle]
        if key == Qt.Key.Key_Left and len(earlier):
            self._go(int(earlier[-1]), False)
        elif key == Qt.Key.Key_Right and not self._live:
            self._go(int(later[0]) if len(later) else self._now, not len(later))
        elif key == Qt.Key.Key_Home and len(self._kept):
            self._go(int(self._kept[0]), False)
        elif key == Qt.Key.Key_End:
            self._go(self._now, True)
        elif key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
