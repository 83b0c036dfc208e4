"""Which network is opened: a row of buttons, each with its network's colour, line style and name."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from playground.ui.state import UiState
from playground.ui.theme import NETWORK_DASH
from playground.ui.vocabulary import network_title, short_network_title

ROOM_FOR_TITLES = 5
"""More networks than these, and their buttons have short names."""


class NetworkChoice(QAbstractButton):
    """One network. Checked: it is the one that is opened."""

    def __init__(self, state: UiState, network: str, *, short: bool) -> None:
        super().__init__()
        self.state, self.network, self._short = state, network, short
        self._tight = False
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.refresh_words()

    def refresh_words(self) -> None:
        """Take the name from the vocabulary again."""
        title = network_title(self.network, self.state.vocabulary)
        short = short_network_title(self.network, self.state.vocabulary)
        bare = (
            self._tight and not self.isChecked()
        )  # its line alone, told by its dashes and colour, and its tooltip
        self.setText("" if bare else short if self._short or self._tight else title)
        self.setAccessibleName(f"Open the {title}")
        self.setToolTip(f"Look into the {title}: its memories and gates while it reads the fixed sequence.")
        self.updateGeometry()

    def set_tight(self, tight: bool) -> None:
        """Without its name, as long as its network is not the one that is opened."""
        if tight != self._tight:
            self._tight = tight
            self.refresh_words()

    def full_width(self) -> int:
        """The width with its name."""
        words = network_title(self.network, self.state.vocabulary)
        if self._short:
            words = short_network_title(self.network, self.state.vocabulary)
        return self._width_of(words)

    def _width_of(self, words: str) -> int:
        theme = self.state.theme
        width = QFontMetricsF(theme.font(12, bold=True)).horizontalAdvance(words)
        return round(width) + theme.px(42 if words else 34)

    def sizeHint(self) -> QSize:
        return QSize(self._width_of(self.text()), self.state.theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = theme.px(6)
        if self.isChecked() or self.underMouse():
            painter.setPen(QPen(theme.colour("border"), 1) if self.isChecked() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface" if self.isChecked() else "border"))
            painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2 * theme.scale))
            painter.drawRoundedRect(box, radius, radius)
        pen = QPen(theme.network(self.network), 2.4 * theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if NETWORK_DASH.get(self.network):
            pen.setDashPattern([0.5 * part for part in NETWORK_DASH[self.network]])
        painter.setPen(pen)
        middle = box.center().y()
        painter.drawLine(QPointF(theme.px(8), middle), QPointF(theme.px(26), middle))
        painter.setFont(theme.font(12, bold=self.isChecked()))
        painter.setPen(theme.network_ink(self.network) if self.isChecked() else theme.colour("muted"))
        words = QRectF(theme.px(31), 0, self.width() - theme.px(34), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.end()


class NetworkChooser(QWidget):
    """Opens a network of the moment that is shown: Tab to it, arrows between the networks, or click."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setAccessibleName("Network")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, NetworkChoice] = {}
        self._room: int | None = None
        self._group.buttonClicked.connect(self._clicked)
        self.hide()  # until there is something to choose from
        state.network_changed.connect(self._mark)
        state.moment_changed.connect(self.refresh)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that can be opened, in the order of the experiment."""
        return tuple(self._buttons)

    def button(self, network: str) -> NetworkChoice:
        """The button of a network."""
        return self._buttons[network]

    @Slot()
    def refresh(self) -> None:
        """Offer the networks of the moment that is shown; does nothing while they stay the same."""
        networks = tuple(self.state.moment.traces)
        if networks == self.networks:
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for network in networks:
            button = NetworkChoice(self.state, network, short=len(networks) > ROOM_FOR_TITLES)
            self._buttons[network] = button
            self._group.addButton(button)
            self._row.addWidget(button)
        if (
            self.parentWidget() is not None or len(networks) < 2
        ):  # shown without a parent, it would be a window
            self.setVisible(len(networks) > 1)
        self._mark()

    @Slot()
    def restyle(self) -> None:
        """Take sizes and words from the state again."""
        theme = self.state.theme
        margin = theme.px(3)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(theme.px(2))
        for button in self._buttons.values():
            button.refresh_words()
        self.refresh()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.px(8), theme.px(8))
        painter.end()

    def fit(self, room: int) -> None:
        """In so much room: all names, or only that of the network that is opened."""
        self._room = room
        gaps = self._row.spacing() * max(0, len(self._buttons) - 1) + 2 * self._row.contentsMargins().left()
        tight = gaps + sum(button.full_width() for button in self._buttons.values()) > room
        for button in self._buttons.values():
            button.set_tight(tight)

    @Slot()
    def _mark(self) -> None:
        button = self._buttons.get(self.state.network)
        if button is not None:
            button.setChecked(True)
        for each in self._buttons.values():
            each.refresh_words()
        if self._room is not None:
            self.fit(self._room)

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, NetworkChoice):
            self.state.set_network(button.network)
